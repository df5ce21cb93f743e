"""Responses as WARC records.

Bodies are kept as unpacked: content-encoding and transfer-encoding are taken off, content-length is
that of the unpacked body, and what the server said of them stands in `X-Crawler-…` headers.
"""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Final
from uuid import uuid4

from fastwarc.warc import WarcRecord, WarcRecordType

from pipeline import __version__
from pipeline.reading.web.exchange import Answer

_ABOUT: Final = f"""software: Khabar/{__version__}\r
format: WARC File Format 1.1\r
description: bodies are kept as unpacked; what the server said of their packing stands in X-Crawler headers\r
"""
_PACKING: Final = frozenset({b"content-encoding", b"transfer-encoding", b"content-length"})
_NEEDED: Final = frozenset({b"content-type", b"etag", b"last-modified"})
_LARGEST_HEAD: Final = 8 << 10  # bytes
_LONGEST_NEEDED: Final = 1 << 10
_MOST_NEEDED: Final = 6
_UNSAFE: Final = bytes.maketrans(b"\r\n\0", b"   ")


@dataclass(frozen=True, slots=True)
class Kept:
    """A response out of the archive."""

    url: str
    at: dt.datetime
    content_type: str | None  # the whole header
    content: bytes


def response_record(asked: str, answer: Answer) -> list[bytes]:
    """The record of an answer to what was asked for at the address `asked`, in pieces."""
    named = {
        "WARC-Type": "response",
        "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
        "WARC-Date": f"{answer.at:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Target-URI": str(answer.url),
        "Content-Type": "application/http; msgtype=response",
    }
    if asked != str(answer.url):
        named["Khabar-Asked-URI"] = asked
    if answer.cut:
        named["WARC-Truncated"] = "length"
    return _record(named, [_head(answer), answer.content])


def about_record(name: str, at: dt.datetime) -> list[bytes]:
    """The record at the head of a file of that name, which says how the others are made."""
    named = {
        "WARC-Type": "warcinfo",
        "WARC-Record-ID": f"<urn:uuid:{uuid4()}>",
        "WARC-Date": f"{at:%Y-%m-%dT%H:%M:%SZ}",
        "WARC-Filename": name,
        "Content-Type": "application/warc-fields",
    }
    return _record(named, [_ABOUT.encode()])


def _record(named: dict[str, str], block: list[bytes]) -> list[bytes]:
    named["WARC-Block-Digest"] = _digest(block)
    named["Content-Length"] = str(sum(map(len, block)))
    fields = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return [f"WARC/1.1\r\n{fields}\r\n".encode(), *block, b"\r\n\r\n"]


def _digest(block: list[bytes]) -> str:
    digest = hashlib.sha1(usedforsecurity=False)
    for piece in block:
        digest.update(piece)
    return f"sha1:{base64.b32encode(digest.digest()).decode()}"


def _head(answer: Answer) -> bytes:
    lines = [f"HTTP/1.1 {answer.status} {answer.phrase}".encode()]
    for name, value in _that_fit(answer.headers.raw):
        mark = b"X-Crawler-" if name.lower() in _PACKING else b""
        lines.append((mark + name + b": " + value).translate(_UNSAFE))
    lines.append(b"Content-Length: %d" % len(answer.content))
    return b"\r\n".join(lines) + b"\r\n\r\n"


def _that_fit(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers; only those that are needed where all are more than a reader of archives takes."""
    if sum(len(name) + len(value) + 4 for name, value in headers) <= _LARGEST_HEAD:
        return headers
    fit = [each for each in headers if each[0].lower() in _NEEDED and len(each[1]) <= _LONGEST_NEEDED]
    return fit[-_MOST_NEEDED:]


def kept(record: WarcRecord, start: int) -> Kept | None:
    """The response in a record; None when it does not begin at `start`, is another one or is not whole."""
    if record.stream_pos != start or record.record_type != WarcRecordType.response or not record.is_http:
        return None
    content = record.reader.read()
    headers = {name.lower(): value for name, value in record.http_headers.items()}
    if headers.get("content-length") != str(len(content)):
        return None
    url = record.headers["WARC-Target-URI"]
    return Kept(url, record.record_date, headers.get("content-type"), content)
