"""Bytes → text: which encoding they are in, or a refusal; never a guess that could be mojibake."""

from __future__ import annotations

import codecs
from typing import Final

import regex

from pipeline.reading.reasons import NotAnArticle

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16, whose mark it begins with
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OURS = regex.compile(r"[\p{Devanagari}\x20-\x7e\s₹‘’“”–—…]")
_WESTERN: Final = ["cp1252", "mac_roman"]
_MOST_FOREIGN: Final = 0.15
_SAMPLE: Final = 1 << 16


def encoding_of(content: bytes, *, complete: bool = True) -> str | None:
    """The Python name of the encoding of `content`, None when it is not sure.

    With `complete=False` the bytes are the head of something longer and may end inside a character.
    """
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    if marked:
        return marked if _decodes(content, marked, complete) else None
    if b"\0" in content:
        return _utf16(content)
    return "utf-8" if _decodes(content, "utf-8", complete) else _western(content)


def decode(content: bytes) -> str:
    """The text of `content`; NotAnArticle `bad_encoding` when no encoding is sure."""
    encoding = encoding_of(content)
    if encoding is None:
        raise NotAnArticle("bad_encoding", "The text is neither UTF-8 nor in another encoding that is sure.")
    return content.decode(encoding)


def _decodes(content: bytes, encoding: str, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(content, complete)
    except UnicodeDecodeError:
        return False
    return True


def _utf16(content: bytes) -> str | None:
    """UTF-16 without its mark, where nearly all that comes out is Hindi or English."""
    even = len(content) // 2 * 2
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content[: min(even, _SAMPLE)].decode(encoding, "replace")
        if len(_OURS.findall(text)) > 0.95 * len(text) and _decodes(content[:even], encoding, False):
            return encoding
    return None


def _western(content: bytes) -> str | None:
    """An 8-bit encoding of English, where almost all is ASCII; damaged UTF-8 Hindi never passes."""
    if sum(byte > 0x7F for byte in content[:_SAMPLE]) > _MOST_FOREIGN * len(content[:_SAMPLE]):
        return None
    from charset_normalizer import from_bytes  # late: slow to import, seldom needed

    best = from_bytes(content[:_SAMPLE], cp_isolation=_WESTERN, enable_fallback=False).best()
    if best is None or "à¤" in str(best) or not _decodes(content, best.encoding, True):
        return None
    return best.encoding
