"""Which format bytes are in, by what they hold; the file name only breaks ties."""

from __future__ import annotations

import json
import re
from typing import Final, Literal, NoReturn

import regex

from pipeline.reading.decode import encoding_of
from pipeline.reading.dialect import Dialect, dialect_of
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.record import header

Format = Literal["text", "html", "jsonl", "json", "parquet", "feed", "json feed", "sitemap", "warc", "zip"]

HEAD: Final = 1 << 16  # bytes that decide
_BINARY: Final = {
    b"%PDF": "a PDF document",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image, a sound or a film",
    b"BZh": "a bzip2 archive within another, or a damaged one",
    b"\xfd7zXZ": "an xz archive within another",
    b"\x28\xb5\x2f\xfd": "a zstd archive",
    b"7z\xbc\xaf": "a 7z archive",
    b"\x1f\x8b": "a gzip archive within another, or a damaged one",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
}
_ZIP: Final = (b"PK\x03\x04", b"PK\x05\x06")
_OFFICE: Final = b"\xd0\xcf\x11\xe0"
_PROLOGUE: Final = r"(?:<\?xml[^>]*>|<!--.*?-->|\s)*+"
_XML_PROLOGUE: Final = r"(?:<\?[^>]*>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>|\s)*+"
_FEED = regex.compile(rf"{_XML_PROLOGUE}<(?:[\w.-]+:)?(?:rss|feed|RDF)[\s>/]", regex.S)
_SITEMAP = regex.compile(rf"{_XML_PROLOGUE}<(?:[\w.-]+:)?(?:urlset|sitemapindex)[\s>/]", regex.S)
_JSON_FEED = regex.compile(r'"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org')
_UNREAD: Final = (
    (regex.compile(r"\{\\rtf"), "a rich text document (RTF)"),
    (regex.compile(rf"(?i)<\?xml[^>]*>(?!{_PROLOGUE}<(?:!doctype\s+)?html\b)", regex.S), "an XML document"),
)
_WARC = re.compile(rb"WARC/\d")
_OLD_WORKBOOKS: Final = ("Workbook", "Book\0")
_PAGE = regex.compile(
    rf"{_PROLOGUE}<(?:!doctype\s+html|html|head|body|title|meta|article|main|section|div|p|h[1-6])\b[^<>]*>",
    regex.S | regex.I,
)
_FRAGMENT = regex.compile(r"</(?:p|div|article|body|html)>", regex.I)
_JSON_OBJECT = regex.compile(r'\s*\{\s*(?:"|\}|$)')
_JSON_ARRAY = regex.compile(r'\s*\[\s*(?:\{\s*(?:"|\}|$)|\]\s*$)')
_LINES: Final = (".jsonl", ".ndjson")
_CONTROL = regex.compile(r"[\x00-\x08\x0e-\x1a\x7f]")


def detect(head: bytes, name: str, text_column: str | None = None) -> Format | Dialect:
    """The format of what begins with `head` (up to HEAD bytes), of a delimited table its dialect.

    NotAnArticle for what is no text.
    """
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(_ZIP):
        return "zip"
    if _WARC.match(head):
        return "warc"
    _refuse_binary(head)
    text = _head_text(head)
    if found := _feed_or_sitemap(text):
        return found
    for shape, what in _UNREAD:
        if shape.match(text):
            raise NotAnArticle("unsupported_format", f"This is {what}, which is not read.")
    return _text_format(text, name.lower(), text_column)


def looks_like_html(text: str) -> bool:
    """Whether `text` is a page or a fragment of one."""
    return bool(_PAGE.match(text) or _FRAGMENT.search(text))


def _feed_or_sitemap(text: str) -> Literal["feed", "sitemap", "json feed"] | None:
    if _FEED.match(text):
        return "feed"
    if _SITEMAP.match(text):
        return "sitemap"
    return "json feed" if _JSON_OBJECT.match(text) and _JSON_FEED.search(text) else None


def _text_format(text: str, name: str, text_column: str | None) -> Format | Dialect:
    if header(text)[0]:
        return "text"
    if json_kind := _json_kind(text, name):
        return json_kind
    if _PAGE.match(text):
        return "html"
    if dialect := dialect_of(text, name, text_column):
        return dialect
    return "html" if _FRAGMENT.search(text) else "text"


def _json_kind(text: str, name: str) -> Literal["jsonl", "json"] | None:
    if _JSON_ARRAY.match(text):
        return "json"
    lines = [line for line in text.splitlines() if line.strip()]
    if _JSON_OBJECT.match(text):
        named = name.endswith(_LINES) and lines[0].strip() != "{"
        return "jsonl" if _is_object(lines[0]) or len(lines) == 1 or named else "json"
    return "jsonl" if name.endswith(_LINES) and any(map(_is_object, lines)) else None


def _is_object(line: str) -> bool:
    try:
        return line.lstrip().startswith("{") and isinstance(json.loads(line, strict=False), dict)
    except (ValueError, RecursionError):
        return False


def _refuse_binary(head: bytes) -> None:
    if head.startswith(_OFFICE):
        _refuse_office(head)
    for magic, what in _BINARY.items():
        if head.startswith(magic):
            raise NotAnArticle("binary", f"This is {what}, not text.")


def _refuse_office(head: bytes) -> NoReturn:
    """Refuse an old office file, a workbook by name; what is in it stands in UTF-16 at its beginning."""
    if "EncryptedPackage".encode("utf-16-le") in head:
        raise NotAnArticle("encrypted", "This office document opens only with a password.")
    if any(name.encode("utf-16-le") in head for name in _OLD_WORKBOOKS):
        raise NotAnArticle("unsupported_format", "This is an old Excel workbook (.xls): save it as .xlsx.")
    raise NotAnArticle("binary", "This is an old office document, not text.")


def _head_text(head: bytes) -> str:
    """The decoded head; bytes that break UTF-8 further on are left to the reader of the format."""
    encoding = encoding_of(head, complete=False)
    if encoding is None and b"\0" in head:
        raise NotAnArticle("binary", "These are bytes of no known kind, not text.")
    text = head.decode(encoding or "utf-8", "replace").lstrip("\ufeff")
    if len(_CONTROL.findall(text)) > 0.05 * len(text):
        raise NotAnArticle("binary", "These are bytes of no known kind, not text.")
    return text
