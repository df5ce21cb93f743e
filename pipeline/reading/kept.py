"""What is kept of what is refused: the bytes of a stream that was read, a part of something as a document."""

from __future__ import annotations

import io
import json
import lzma
import zlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import BinaryIO, Final, cast

from pipeline.reading.streams import LARGEST_ARTICLE, unpacked

_STEP: Final = 1 << 16

DAMAGE: Final = (OSError, EOFError, zlib.error, lzma.LZMAError)
"""What packed data that are damaged or end early raise."""

Again = Callable[[], bytes | None]
"""All bytes of a stream, however far it was read; None when they are too many or cannot be had."""


class _Remembered(io.RawIOBase):
    """A stream that can only be read on, and the bytes that were read of it, up to a limit."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._read: bytearray | None = bytearray()

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed wants any Buffer
        piece = self._stream.read(len(buffer))
        if self._read is not None:
            self._read += piece
            if len(self._read) > LARGEST_ARTICLE:
                self._read = None
        buffer[: len(piece)] = piece
        return len(piece)

    def again(self) -> bytes | None:
        while self._read is not None and self.read(_STEP):
            pass
        return None if self._read is None else bytes(self._read)


def remembered(stream: BinaryIO) -> tuple[BinaryIO, Again]:
    """The stream, and what gives its bytes once more."""
    if stream.seekable():
        start = stream.tell()
        return stream, lambda: _reread(stream, start)
    tee = _Remembered(stream)
    return cast(BinaryIO, io.BufferedReader(tee, _STEP)), tee.again


def _reread(stream: BinaryIO, start: int) -> bytes | None:
    at = stream.tell()
    stream.seek(start)
    content = stream.read(LARGEST_ARTICLE + 1)
    stream.seek(at)
    return content if len(content) <= LARGEST_ARTICLE else None


def payload_of(again: Again) -> bytes | None:
    """What was read, unpacked unless it is damaged or too large for that."""
    with suppress(*DAMAGE, ValueError):  # a stream may be closed, or not be read a second time
        content = again()
        return content if content is None else _unpacked(content)
    return None


def _unpacked(content: bytes) -> bytes:
    with suppress(*DAMAGE):
        plain = unpacked(io.BytesIO(content), "")[0].read(LARGEST_ARTICLE + 1)
        return plain if len(plain) <= LARGEST_ARTICLE else content
    return content


def row_line(row: object) -> bytes | None:
    """A row of a table as one JSON line; None for one with bytes that are no text."""
    try:
        line = json.dumps(row, ensure_ascii=False, default=_plain)
    except (ValueError, TypeError, RecursionError):
        return None
    try:
        return line.encode()
    except UnicodeEncodeError:  # halves of surrogate pairs, which only an escape can hold
        return json.dumps(row, default=_plain).encode()


def feed_line(item: object, publisher: str | None = None) -> bytes | None:
    """An item of a JSON Feed as a feed of its own, on one line."""
    feed: Mapping[str, object] = {"version": "https://jsonfeed.org/version/1.1", "title": publisher or ""}
    return row_line({**feed, "items": [item]})


def _plain(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
