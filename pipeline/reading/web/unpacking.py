"""Bodies as they are read: packed encodings taken off piece by piece, within bounds."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Final

import brotli  # type: ignore[import-untyped]  # it carries no types

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.deadline import left

ACCEPTED: Final = "gzip, deflate, br"
_GZIP: Final = b"\x1f\x8b"
_STEP: Final = 64 << 10  # bytes unpacked at a time, however well they are packed


def bounded(pieces: Iterable[bytes], encoding: str, most_bytes: int, *, cut: bool) -> tuple[bytes, bool]:
    """A body without its content-encoding, and whether it was cut at `most_bytes`.

    Without `cut` a larger one is NotAnArticle `too_large`; one packed otherwise than asked for, or
    damaged, is `bad_response`.
    """
    body = io.BytesIO()
    for piece in _unpacker(encoding)(_counted(pieces, most_bytes)):
        left()  # also where many small pieces come fast enough
        body.write(piece)
        if body.tell() > most_bytes:
            break
    if body.tell() <= most_bytes:
        return body.getvalue(), False
    if not cut:
        raise _too_large(most_bytes)
    return body.getvalue()[:most_bytes], True


def _counted(pieces: Iterable[bytes], most_bytes: int) -> Iterator[bytes]:
    taken = 0
    for piece in pieces:
        yield piece
        taken += len(piece)
        if taken > most_bytes:
            raise _too_large(most_bytes)


def _too_large(most_bytes: int) -> NotAnArticle:
    return NotAnArticle("too_large", f"It is larger than {most_bytes} bytes.")


def _unpacker(encoding: str) -> Callable[[Iterable[bytes]], Iterator[bytes]]:
    names = [name for name in encoding.lower().replace(",", " ").split() if name != "identity"]
    if not names:
        return iter
    if len(names) > 1 or names[0] not in _UNPACKERS:
        sentence = f"The body is packed as {encoding[:80]!r}, which was not asked for."
        raise NotAnArticle("bad_response", sentence)
    return _UNPACKERS[names[0]]


def _gunzipped(pieces: Iterable[bytes]) -> Iterator[bytes]:
    return _inflated(pieces, 32 + zlib.MAX_WBITS)


def _deflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """Deflate in zlib's frame, as it should be, or bare, as some servers send it."""
    rest = iter(pieces)
    head = b""
    while len(head) < 2 and (piece := next(rest, None)) is not None:
        head += piece
    framed = len(head) > 1 and head[0] & 15 == 8 and int.from_bytes(head[:2]) % 31 == 0
    return _inflated(chain([head], rest), zlib.MAX_WBITS if framed else -zlib.MAX_WBITS)


def _inflated(pieces: Iterable[bytes], window: int) -> Iterator[bytes]:
    engine, begun = zlib.decompressobj(window), False
    for piece in pieces:
        while piece:
            if engine.eof and piece[:1] != _GZIP[:1]:
                return  # padding after the end
            if engine.eof:  # gzip files may follow one another
                engine = zlib.decompressobj(window)
            begun = True
            yield from _drained(engine, piece)
            piece = engine.unused_data
    if begun and not engine.eof:
        raise _damaged("it ends early")


def _drained(engine: zlib._Decompress, piece: bytes) -> Iterator[bytes]:
    """All that `piece` unpacks to, by steps, so that a bomb is stopped before it fills the memory."""
    full = True
    while piece or full:
        try:
            step = engine.decompress(piece, _STEP)
        except zlib.error as error:
            raise _damaged(error) from error
        yield step
        piece, full = engine.unconsumed_tail, len(step) == _STEP


def _unbrotlied(pieces: Iterable[bytes]) -> Iterator[bytes]:
    engine = brotli.Decompressor()
    begun = False
    try:
        for piece in filter(None, pieces):
            begun, step = True, b"more"
            while step and not engine.is_finished():
                step = engine.process(piece, output_buffer_limit=_STEP)
                piece = b""
                yield step
    except brotli.error as error:
        raise _damaged(error) from error
    if begun and not engine.is_finished():
        raise _damaged("it ends early")


def _damaged(why: object) -> NotAnArticle:
    return NotAnArticle("bad_response", f"The body cannot be unpacked: {why}.")


_UNPACKERS: Final[dict[str, Callable[[Iterable[bytes]], Iterator[bytes]]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _deflated,
    "br": _unbrotlied,
}
