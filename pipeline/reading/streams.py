"""Byte streams: gzip taken off, a head put back, a whole article read within bounds."""

from __future__ import annotations

import gzip
import io
from typing import BinaryIO, Final, cast

from pipeline.reading.reasons import NotAnArticle

LARGEST_ARTICLE: Final = 20 << 20  # bytes, unpacked
_GZIP: Final = b"\x1f\x8b\x08"


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


def rejoined(head: bytes, rest: BinaryIO) -> BinaryIO:
    """The stream as it was before `head` was read from it."""
    if rest.seekable():
        rest.seek(-len(head), io.SEEK_CUR)
        return rest
    return cast(BinaryIO, io.BufferedReader(_Rejoined(head, rest), 1 << 16))


def unpacked(stream: BinaryIO, name: str) -> tuple[BinaryIO, str]:
    """The stream without gzip, if it is packed, and the file name without `.gz`."""
    head = stream.read(len(_GZIP))
    stream = rejoined(head, stream)
    if head != _GZIP:
        return stream, name
    return cast(BinaryIO, gzip.GzipFile(fileobj=stream)), name.removesuffix(".gz")


def read_whole(stream: BinaryIO) -> bytes:
    """All bytes of one article or document; NotAnArticle `too_large` beyond the limit."""
    content = stream.read(LARGEST_ARTICLE + 1)
    if len(content) > LARGEST_ARTICLE:
        raise NotAnArticle("too_large", f"It is larger than {LARGEST_ARTICLE >> 20} MB.")
    return content
