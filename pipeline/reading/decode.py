"""Bytes → text: which encoding they are in, or a refusal; never a guess that could be mojibake.

The one policy: UTF-8, UTF-16 or UTF-32; else the charset that the content declares; else cp1252, as old
English text is, but only where no byte speaks for UTF-8, so that damaged Hindi is refused.
"""

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
_HIGH = regex.compile(rb"[\x80-\xff]")
_UTF8 = regex.compile(
    rb"[\xc2-\xdf][\x80-\xbf]|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}"
)
_WESTERN: Final = "cp1252"
_LIKE_WESTERN: Final = frozenset({"ascii", "iso8859-1", "cp1252"})  # browsers read all three as cp1252
_OF_A_FONT: Final = "x-user-defined"  # what pages for fonts of their own declare; the fonts extend cp1252
_MOST_FOREIGN: Final = 0.15
_SAMPLE: Final = 1 << 16


def encoding_of(content: bytes, *, declared: str | None = None, complete: bool = True) -> str | None:
    """The Python name of the encoding of `content`, None when it is not sure.

    `declared` is the charset the content names for itself. With `complete=False` the bytes are the head
    of something longer: they may end inside a character, and a mark they begin with is believed.
    """
    marked = next((name for bom, name in _BOMS if content.startswith(bom)), None)
    if marked:
        return marked if not complete or _decodes(content, marked, complete) else None
    if b"\0" in content:
        return _utf16(content, complete)
    if _decodes(content, "utf-8", complete):
        return "utf-8"
    return _as_declared(content, declared, complete) or _western(content, complete)


def decode(content: bytes, declared: str | None = None) -> str:
    """The text of `content`; NotAnArticle `bad_encoding` when no encoding is sure."""
    encoding = encoding_of(content, declared=declared)
    if encoding is None:
        raise NotAnArticle("bad_encoding", "The text is neither UTF-8 nor in another encoding that is sure.")
    return content.decode(encoding)


def holds_utf8(content: bytes) -> bool:
    """Whether a character of UTF-8 beyond ASCII stands in `content`."""
    return _UTF8.search(content) is not None


def _decodes(content: bytes, encoding: str, complete: bool) -> bool:
    try:
        codecs.getincrementaldecoder(encoding)().decode(content, complete)
    except UnicodeError:
        return False
    return True


def _utf16(content: bytes, complete: bool) -> str | None:
    """UTF-16 without its mark, where nearly all that comes out is Hindi or English."""
    for encoding in ("utf-16-le", "utf-16-be"):
        text = content[:_SAMPLE].decode(encoding, "replace")
        if len(_OURS.findall(text)) > 0.95 * len(text) and _decodes(content, encoding, complete):
            return encoding
    return None


def _as_declared(content: bytes, declared: str | None, complete: bool) -> str | None:
    """The declared encoding where it fits and the bytes are not UTF-8 for the most part after all."""
    try:
        name = codecs.lookup(_WESTERN if (declared or "").lower() == _OF_A_FONT else declared or "").name
        b"a".decode(name)  # LookupError for base64 and the like
        name = _WESTERN if name in _LIKE_WESTERN else name
        fits = not name.startswith("utf") and _decodes(content, name, complete)
    except (LookupError, ValueError, TypeError):  # no encoding, or none of text
        return None
    in_utf8 = sum(map(len, _UTF8.findall(content)))
    return name if fits and 2 * in_utf8 < len(_HIGH.findall(content)) else None


def _western(content: bytes, complete: bool) -> str | None:
    """The encoding of old English text, where almost all is ASCII and nothing is UTF-8."""
    foreign = len(_HIGH.findall(content[:_SAMPLE]))
    if foreign > _MOST_FOREIGN * len(content[:_SAMPLE]) or holds_utf8(content):
        return None
    return _WESTERN if _decodes(content, _WESTERN, complete) else None
