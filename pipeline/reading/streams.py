"""Byte streams: packing taken off, a head put back, a whole article read within bounds, files to seek in."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import BinaryIO, Final, cast
from zipfile import ZipExtFile

from pipeline.reading.reasons import NotAnArticle

LARGEST_ARTICLE: Final = 20 << 20  # bytes, unpacked
LARGEST_COPY: Final = 32 << 30  # bytes that a packed or piped file may take on the disk
_STEP: Final = 1 << 16
_MOST_MEMORY: Final = 128 << 20  # bytes for the dictionary of xz; those of `xz -9` take 65 MB
_GZIP: Final = b"\x1f\x8b\x08"
_BLOCK: Final = (b"1AY&SY", b"\x17rE8P\x90")  # what follows `BZh` and a digit: a block, or the end


class _Rejoined(io.RawIOBase):
    """A stream that begins with bytes already taken from it; it leaves the rest open when closed."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed wants any Buffer
        piece = self._head[: len(buffer)] if self._head else self._rest.read(len(buffer))
        self._head = self._head[len(piece) :] if self._head else self._head
        buffer[: len(piece)] = piece
        return len(piece)


Engine = bz2.BZ2Decompressor | lzma.LZMADecompressor


class _Unpacked(io.RawIOBase):
    """What one packed stream after the other holds, step by step, however well it is packed."""

    def __init__(self, packed: BinaryIO, engine: Callable[[], Engine]) -> None:
        self._packed = packed
        self._new = engine
        self._engine = engine()
        self._taken = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed wants any Buffer
        while not self._engine.eof or self._another():
            taken = b""
            if self._engine.needs_input:
                taken, self._taken = self._taken or self._packed.read(_STEP), b""
                if not taken:
                    raise EOFError("the packed data end early")
            if plain := self._engine.decompress(taken, len(buffer)):
                buffer[: len(plain)] = plain
                return len(plain)
        return 0

    def _another(self) -> bool:
        """Whether another packed stream follows; zeros after the last are padding."""
        rest = self._engine.unused_data.lstrip(b"\0")
        while not rest and (piece := self._packed.read(_STEP)):
            rest = piece.lstrip(b"\0")
        self._taken, self._engine = rest, self._new() if rest else self._engine
        return bool(rest)


class Allowance:
    """So many bytes that may be read of one stream, or of several together."""

    def __init__(self, most: int) -> None:
        """Nothing is read yet."""
        self._left = self._most = most

    def take(self, size: int) -> None:
        """Count bytes that were read; NotAnArticle `too_large` when they are too many."""
        self._left -= size
        if self._left < 0:
            raise NotAnArticle("too_large", f"It is larger than {self._most >> 20} MB when unpacked.")


class _Limited(io.RawIOBase):
    """A stream that may hold so many bytes and no more."""

    def __init__(self, stream: BinaryIO, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed wants any Buffer
        piece = self._stream.read(len(buffer))
        self._allowance.take(len(piece))
        buffer[: len(piece)] = piece
        return len(piece)


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """The stream as it was before `head` was read from it."""
    if rest.seekable():
        rest.seek(-len(head), io.SEEK_CUR)
        return rest
    return cast(BinaryIO, io.BufferedReader(_Rejoined(head, rest), _STEP))


def unpacked(stream: BinaryIO, name: str) -> tuple[BinaryIO, str]:
    """The stream without gzip, bzip2 or xz, if it is packed, and the file name without their endings."""
    head = stream.read(10)
    stream = rejoined(head, stream)
    if head.startswith(_GZIP):
        return _onward(gzip.GzipFile(fileobj=stream)), name.removesuffix(".gz")
    if head[:3] == b"BZh" and head[4:] in _BLOCK:
        return _onward(_Unpacked(stream, bz2.BZ2Decompressor)), name.removesuffix(".bz2")
    if head.startswith(b"\xfd7zXZ\0"):
        return _onward(_Unpacked(stream, _xz)), name.removesuffix(".xz")
    return stream, name


def limited(stream: BinaryIO, allowance: Allowance) -> BinaryIO:
    """The stream, of which no more than is allowed can be read; NotAnArticle `too_large` beyond that."""
    return cast(BinaryIO, io.BufferedReader(_Limited(stream, allowance), _STEP))


def read_whole(stream: BinaryIO) -> bytes:
    """All bytes of one article or document; NotAnArticle `too_large` beyond the limit."""
    content = stream.read(LARGEST_ARTICLE + 1)
    if len(content) > LARGEST_ARTICLE:
        raise NotAnArticle("too_large", f"It is larger than {LARGEST_ARTICLE >> 20} MB.")
    return content


def seekable(stream: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """The stream, or a temporary file with its data where it cannot well be read from the end."""
    if stream.seekable() and not isinstance(stream, ZipExtFile):
        return nullcontext(stream)
    return _copied(stream)


@contextmanager
def _copied(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        while piece := stream.read(1 << 20):
            if file.tell() > LARGEST_COPY:
                raise NotAnArticle("too_large", f"It is larger than {LARGEST_COPY >> 30} GB.")
            file.write(piece)
        file.seek(0)
        yield cast(BinaryIO, file)


def _onward(stream: gzip.GzipFile | _Unpacked) -> BinaryIO:
    """The stream, to be read from beginning to end: to seek in it would mean to unpack it again."""
    return cast(BinaryIO, io.BufferedReader(_Rejoined(b"", cast(BinaryIO, stream)), _STEP))


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(memlimit=_MOST_MEMORY)
