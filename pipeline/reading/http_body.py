"""The body of an HTTP message as it was kept in an archive → as the server meant it, within bounds.

Some archives keep a body as it was sent, others undo its packing and keep the headers all the same.
"""

from __future__ import annotations

import codecs
import zlib
from collections.abc import Callable
from typing import Final

import brotli  # type: ignore[import-untyped]  # it carries no types

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.streams import LARGEST_ARTICLE

_PLAIN: Final = (b"<", b"{", b"[")  # what pages, feeds and JSON begin with
_LONGEST_LINE: Final = 64  # bytes, with the size of a chunk
_MOST_LAYERS: Final = 3
_MOST_MEMBERS: Final = 100  # of gzip, one after the other
_GZIP: Final = 16 + zlib.MAX_WBITS
_MOST: Final = LARGEST_ARTICLE + 1


def served(kept: bytes, encoding: str, *, chunked: bool) -> bytes:
    """The body; NotAnArticle `too_large`, or `bad_response` for what cannot be unpacked."""
    body = _joined(kept) if chunked else kept
    names = [name for name in encoding.lower().replace(",", " ").split() if name != "identity"]
    if len(names) > _MOST_LAYERS:
        raise NotAnArticle("bad_response", f"The body is packed more than {_MOST_LAYERS} times over.")
    for name in reversed(names):
        body = _unpacked(body, name)
    return body


def _joined(kept: bytes) -> bytes:
    """The body without the sizes of its chunks; as it is where it has none."""
    parts, at = list[bytes](), 0
    while at < len(kept):
        line = kept[at : at + _LONGEST_LINE].partition(b"\r\n")[0]
        try:
            size = int(line.partition(b";")[0], 16)
        except ValueError:
            return b"".join(parts) if parts else kept
        if size <= 0:
            break
        start = at + len(line) + 2
        parts.append(kept[start : start + size])
        at = start + size + 2
    return b"".join(parts)


def _unpacked(packed: bytes, name: str) -> bytes:
    if name not in _UNPACK:
        raise NotAnArticle("bad_response", f"The body is packed as {name[:40]!r}, which is not read.")
    try:
        plain = _UNPACK[name](packed)
    except (zlib.error, OSError, EOFError, brotli.error) as error:
        if packed.removeprefix(codecs.BOM_UTF8).lstrip().startswith(_PLAIN):
            return packed
        raise NotAnArticle("bad_response", f"The body cannot be unpacked: {error}.") from error
    if len(plain) > LARGEST_ARTICLE:
        raise NotAnArticle("too_large", f"It is larger than {LARGEST_ARTICLE >> 20} MB when unpacked.")
    return plain


def _gunzipped(packed: bytes) -> bytes:
    parts, rest, left = list[bytes](), packed, _MOST
    for _ in range(_MOST_MEMBERS):
        engine = zlib.decompressobj(_GZIP)
        parts.append(_whole(engine, rest, left))
        left -= len(parts[-1])
        rest = engine.unused_data.lstrip(b"\0")
        if not rest or not left:
            return b"".join(parts)
    raise EOFError(f"it has more than {_MOST_MEMBERS} parts")


def _inflated(packed: bytes) -> bytes:
    """Deflate in zlib's frame, as it should be, or bare, as some servers send it."""
    try:
        return _whole(zlib.decompressobj(), packed)
    except zlib.error:
        return _whole(zlib.decompressobj(-zlib.MAX_WBITS), packed)


def _whole(engine: zlib._Decompress, packed: bytes, most: int = _MOST) -> bytes:
    plain = engine.decompress(packed, most)
    if len(plain) < most and not engine.eof:
        raise EOFError("it ends early")
    return plain


def _unbrotlied(packed: bytes) -> bytes:
    engine = brotli.Decompressor()
    plain: bytes = engine.process(packed, output_buffer_limit=_MOST)
    if len(plain) < _MOST and not engine.is_finished():
        raise EOFError("it ends early")
    return plain


_UNPACK: Final[dict[str, Callable[[bytes], bytes]]] = {
    "gzip": _gunzipped,
    "x-gzip": _gunzipped,
    "deflate": _inflated,
    "br": _unbrotlied,
}
