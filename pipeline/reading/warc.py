"""Web archives (WARC) → the articles of the pages, feeds and JSON that they hold, in bounded memory.

Images, scripts, requests and the like are no input at all. Nor is the link of a feed or sitemap in an
archive: its page, where it was fetched, is a record of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, cast
from urllib.parse import urlsplit

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from pipeline.article import Refusal, Story
from pipeline.reading.detect import HEAD, detect
from pipeline.reading.http_body import served
from pipeline.reading.leads import Item, Origin
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.streams import LARGEST_ARTICLE

ReadRecord = Callable[[bytes, str, Origin], Iterator[Item]]

_KINDS: Final = WarcRecordType.response | WarcRecordType.resource
_PAGES: Final = frozenset(("text/html", "application/xhtml+xml"))
_DATA: Final = ("xml", "json")  # how the media types of feeds and data end


@dataclass(frozen=True, slots=True)
class _Answer:
    """What a server said before the body; `status` 200 for a resource kept without HTTP."""

    status: int
    media_type: str
    charset: str | None
    encoding: str
    chunked: bool


class _Onward:
    """A stream that is only read on, and says where it is; fastwarc panics where a pipe cannot say so."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._at = 0

    def read(self, size: int = -1) -> bytes:
        piece = self._stream.read(size)
        self._at += len(piece)
        return piece

    def tell(self) -> int:
        return self._at


def read_records(stream: BinaryIO, uri: str, read_record: ReadRecord) -> Iterator[Story | Refusal]:
    """What the records hold, by `read_record`, each named by the address it was got from."""
    try:
        records = ArchiveIterator(cast(BinaryIO, _Onward(stream)), record_types=_KINDS, parse_http=False)
        for number, record in enumerate(records, 1):
            url = (record.headers.get("WARC-Target-URI") or "").strip("<> ") or f"{uri}#{number}"
            yield from _read(record, url, read_record)
    except OSError as error:
        raise NotAnArticle("unreadable", f"The web archive is damaged: {error}.") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # of Rust; it is no Exception and has no name to import
            raise
        raise NotAnArticle("unreadable", f"The web archive cannot be read: {error}.") from error


def _read(record: WarcRecord, url: str, read_record: ReadRecord) -> Iterator[Story | Refusal]:
    try:
        answer = _answer(record)
        if answer is None or not _is_input(answer, url):
            return
        if answer.status >= 400:
            raise NotAnArticle("http_error", f"The server answered with status {answer.status}.")
        body = _body(record, answer)
        if not answer.media_type:
            _check_kind(body, url)
    except NotAnArticle as no:
        yield no.refusal(url)
        return
    for item in read_record(body, url, Origin(url, answer.charset, answer.media_type, record.record_date)):
        if isinstance(item, Story | Refusal):
            yield item


def _answer(record: WarcRecord) -> _Answer | None:
    """The head of the answer, None for what is none of HTTP, such as a look-up of a name."""
    if record.record_type == WarcRecordType.resource:
        media_type = (record.headers.get("Content-Type") or "").partition(";")[0].strip().lower()
        return _Answer(200, media_type, None, "", chunked=False)
    if not record.is_http:
        return None
    try:
        record.parse_http(quirks_mode=True)
    except OSError as error:
        raise NotAnArticle("unreadable", f"The answer of the web server is damaged: {error}.") from error
    headers = record.http_headers
    if headers is None or headers.status_code is None:
        raise NotAnArticle("unreadable", "The record is no answer of a web server.")
    media_type = (record.http_content_type or "").lower()
    chunked = "chunked" in (headers.get("Transfer-Encoding") or "").lower()
    encoding = headers.get("Content-Encoding") or ""
    return _Answer(headers.status_code, media_type, record.http_charset, encoding, chunked)


def _is_input(answer: _Answer, url: str) -> bool:
    if _path(url) == "/robots.txt" or 300 <= answer.status < 400:
        return False
    if answer.media_type in _PAGES:
        return True
    if not answer.media_type:
        return answer.status < 300
    return answer.status < 300 and answer.media_type.endswith(_DATA) and "svg" not in answer.media_type


def _check_kind(body: bytes, url: str) -> None:
    """NotAnArticle `unsupported_format` where what came without a kind is neither a page nor a feed."""
    try:
        found = detect(body[:HEAD], _path(url), None)
    except NotAnArticle:
        found = "text"
    if found not in ("html", "feed", "json feed"):
        raise NotAnArticle("unsupported_format", "Nothing says what it is, and it is no page or feed.")


def _path(url: str) -> str:
    try:
        return urlsplit(url).path
    except ValueError:
        return ""


def _body(record: WarcRecord, answer: _Answer) -> bytes:
    """The body as the server meant it; NotAnArticle `too_large`, or `unreadable` for one cut short."""
    length = record.content_length
    if length > LARGEST_ARTICLE:
        raise NotAnArticle("too_large", f"It is larger than {LARGEST_ARTICLE >> 20} MB.")
    kept = record.reader.read(length) if length else b""
    if len(kept) < length:
        raise NotAnArticle("unreadable", "The record is cut short.")
    return served(kept, answer.encoding, chunked=answer.chunked)
