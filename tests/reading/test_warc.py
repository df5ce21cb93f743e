"""Web archives: the pages, feeds and JSON in them are read as they were served; the rest is no input."""

import gzip
import io
import zlib

import brotli
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Refusal, Story
from pipeline.reading import REASONS, read_bytes
from pipeline.reading.streams import LARGEST_ARTICLE

SENTENCE = "कंपनी ने 1,250 करोड़ रुपये का निवेश करने की घोषणा की और कहा कि काम अगले साल शुरू होगा। "
URL = "https://example.com"
ROW = f'{{"text": "{SENTENCE}"}}'.encode()


def page(head: str = "") -> bytes:
    inside = f"<h1>निवेश की बड़ी घोषणा</h1><p>{SENTENCE}</p><p>{SENTENCE * 2}</p>"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body><article>{inside}</article></body></html>".encode()


def answer(body: bytes, kind: str = "text/html; charset=utf-8", status: str = "200 OK", *more: str) -> bytes:
    head = "\r\n".join([f"HTTP/1.1 {status}", f"Content-Type: {kind}", *more])
    return head.encode() + b"\r\n\r\n" + body


def record(
    content: bytes,
    url: str = f"{URL}/a",
    kind: WarcRecordType = WarcRecordType.response,
    media_type: str = "application/http; msgtype=response",
) -> bytes:
    one, sink = WarcRecord(), io.BytesIO()
    one.init_headers(kind)
    one.headers["WARC-Target-URI"] = url
    one.headers["Content-Type"] = media_type
    one.set_bytes_content(content)
    one.write(sink)
    return sink.getvalue()


def found(*records: bytes, pack: type = bytes) -> list[Story | Refusal]:
    return list(read_bytes(b"".join(map(pack, records)), "crawl.warc"))


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_the_pages_of_an_archive_are_stories_named_by_their_addresses(pack):
    own = f"<link rel=canonical href='{URL}/own'>"
    first, second = found(record(answer(page())), record(answer(page(own)), f"<{URL}/b>"), pack=pack)
    assert (first.source_uri, first.url, first.title) == (f"{URL}/a", f"{URL}/a", "निवेश की बड़ी घोषणा")
    assert (second.source_uri, second.url) == (f"{URL}/b", f"{URL}/own")


def test_what_is_no_answer_with_a_text_is_no_input():
    image = answer(b"\x89PNG", "image/png")
    others = [
        record(b"software: x", kind=WarcRecordType.warcinfo, media_type="application/warc-fields"),
        record(b"GET / HTTP/1.1\r\n\r\n", kind=WarcRecordType.request, media_type="application/http; msgtype=request"),
        record(b"fetchTimeMs: 5", kind=WarcRecordType.metadata, media_type="application/warc-fields"),
        record(b"20251225 example.com. 1.2.3.4", "dns:example.com", media_type="text/dns"),
        *(record(answer(b"x", kind)) for kind in ("text/css", "text/javascript", "text/plain", "application/pdf", "font/woff2", "image/svg+xml")),
        record(image),
        record(answer(b"x", "image/png", "404 Not Found")),
        record(answer(page(), "text/html", "301 Moved")),
        record(answer(page()), f"{URL}/robots.txt"),
    ]  # fmt: skip
    (story,) = found(*others, record(answer(page())))
    assert isinstance(story, Story)
    (refusal,) = found(*others)
    assert (refusal.source_uri, refusal.reason) == ("crawl.warc", "empty")


def test_a_page_with_an_error_is_a_refusal_and_the_rest_goes_on():
    gone = record(answer(b"<html>gone</html>", "text/html", "404 Not Found"), f"{URL}/gone")
    refusal, story = found(gone, record(answer(page())))
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/gone", "http_error")
    assert "404" in refusal.detail
    assert isinstance(story, Story)


def test_feeds_and_json_are_read_as_what_they_are_and_not_followed():
    feed = f"<rss><channel><item><link>{URL}/a</link></item><item><link>{URL}/b</link><description>{SENTENCE * 15}</description></item></channel></rss>"
    sitemap = f"<urlset><url><loc>{URL}/c</loc></url></urlset>"
    records = (
        record(answer(feed.encode(), "application/rss+xml"), f"{URL}/feed"),
        record(answer(sitemap.encode(), "application/xml"), f"{URL}/map"),
        record(answer(ROW, "application/json"), f"{URL}/data"),
    )
    story, row = found(*records)
    assert (story.source_uri, story.url) == (f"{URL}/feed#2", f"{URL}/b")
    assert row.source_uri == f"{URL}/data#1"


def chunked(body: bytes, size: int = 700) -> bytes:
    parts = [body[at : at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;a=b\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n\r\n"


def deflated(body: bytes) -> bytes:
    engine = zlib.compressobj(wbits=-15)
    return engine.compress(body) + engine.flush()


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (chunked(page()), ["Transfer-Encoding: chunked"]),
        (chunked(gzip.compress(page()), 50), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (gzip.compress(page()), ["Content-Encoding: gzip"]),
        (zlib.compress(page()), ["content-encoding: deflate"]),
        (deflated(page()), ["Content-Encoding: deflate"]),
        (brotli.compress(page()), ["Content-Encoding: br"]),
        (page(), ["Transfer-Encoding: chunked", "Content-Encoding: gzip"]),
        (page(), ["Transfer-Encoding: chunked", "Content-Encoding: br"]),
    ],
    ids=["chunks", "chunks-gzip", "gzip", "zlib", "deflate", "brotli", "undone-gzip", "undone-br"],
)
def test_a_body_is_read_as_the_server_meant_it_or_as_the_archive_undid_it(body, headers):
    (story,) = found(record(answer(body, "text/html", "200 OK", *headers)))
    assert isinstance(story, Story)


def test_a_record_without_http_around_it_is_a_page_too():
    resource = record(page(), kind=WarcRecordType.resource, media_type="text/html")
    assert found(resource)[0].source_uri == f"{URL}/a"


@pytest.mark.parametrize(
    "large",
    [
        answer(b"<html>" + b"a" * (LARGEST_ARTICLE + 1)),
        answer(gzip.compress(b"a" * (LARGEST_ARTICLE + 1)), "text/html", "200 OK", "Content-Encoding: gzip"),
        answer(brotli.compress(b"a" * (LARGEST_ARTICLE + 1), quality=1), "text/html", "200 OK", "Content-Encoding: br"),
    ],
    ids=["plain", "gzip", "brotli"],
)  # fmt: skip
def test_a_record_larger_than_any_article_is_refused_and_the_rest_is_read(large):
    refusal, story = found(record(large, f"{URL}/large"), record(answer(page())))
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/large", "too_large")
    assert isinstance(story, Story)


@pytest.mark.parametrize("content", [b"", b"\x00\x01garbage", b"HTTP/1.1 abc\r\n\r\n<p>", b"HTTP/1.1 200 OK"])
def test_a_damaged_answer_costs_that_record_alone(content):
    *before, story = found(record(content, f"{URL}/x"), record(answer(page())))
    assert isinstance(story, Story)
    assert all(each.source_uri == f"{URL}/x" for each in before)


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_an_archive_that_ends_early_keeps_what_came_before_and_says_so(pack):
    records = [pack(record(answer(page()), f"{URL}/{number}")) for number in range(150)]
    *stories, refusal = read_bytes(b"".join(records)[:-60], "crawl.warc")
    assert refusal.reason == "unreadable"
    assert 50 < len(stories) < 150
    assert all(isinstance(each, Story) for each in stories)


PIECES = st.sampled_from(
    [b"WARC/1.0\r\n", b"WARC-Type: response\r\n", b"Content-Length: 50\r\n", b"Content-Length: -1\r\n", b"Content-Length: 99999999999999999999\r\n", b"Content-Type: application/http\r\n", b"WARC-Target-URI: http://[\r\n", b"WARC-Date: x\r\n", b"\r\n", b"HTTP/1.1 200 OK\r\n", b"Content-Type: text/html; charset=\xff\r\n", b"Transfer-Encoding: chunked\r\n", b"Content-Encoding: gzip\r\n", b"-5\r\n", b"ffffffffffff\r\n", b"<html><p>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(PIECES | st.binary(max_size=9), max_size=20).map(b"".join), st.booleans())
def test_whatever_stands_in_an_archive_ends_as_stories_or_refusals(content, packed):
    content = b"WARC/1.0\r\n" + content
    results = list(read_bytes(gzip.compress(content) if packed else content, "x"))
    assert results
    for each in results:
        assert isinstance(each, Story) or each.reason in REASONS


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_an_archive_with_a_few_damaged_bytes_ends_as_stories_or_refusals(data):
    content = bytearray(record(answer(chunked(gzip.compress(page())), "text/html", "200 OK", "Transfer-Encoding: chunked", "Content-Encoding: gzip")) * 2)  # fmt: skip
    for _ in range(3):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    for each in read_bytes(bytes(content), "x"):
        assert isinstance(each, Story) or each.reason in REASONS


def test_a_page_whose_kind_nobody_says_is_read_and_other_bytes_are_refused():
    bare = b"HTTP/1.1 200 OK\r\nServer: x\r\n\r\n"
    story, refusal = found(record(bare + page()), record(bare + b"\x89PNG\r\n\x1a\n\0\0", f"{URL}/b"))
    assert (story.url, refusal.source_uri, refusal.reason) == (f"{URL}/a", f"{URL}/b", "unsupported_format")


@pytest.mark.parametrize("encoding", ["gzip, gzip, gzip, gzip", "gzip"])
def test_a_body_packed_too_often_is_refused(encoding):
    body = gzip.compress(b"") * 200_000 if encoding == "gzip" else b"\x1f\x8b"
    (refusal,) = found(record(answer(body, "text/html", "200 OK", f"Content-Encoding: {encoding}")))
    assert refusal.reason == "bad_response"


def test_a_body_in_several_parts_of_gzip_is_read():
    body = page()
    parts = gzip.compress(body[:300]) + gzip.compress(b"") + gzip.compress(body[300:]) + b"\0\0"
    (story,) = found(record(answer(parts, "text/html", "200 OK", "Content-Encoding: gzip")))
    assert isinstance(story, Story)
