"""What was refused is kept as it was read, and reads again as it did, under the name it had."""

import bz2
import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.article import Refusal, Story
from pipeline.reading import Refused, read, read_bytes
from pipeline.reading.streams import LARGEST_ARTICLE
from pipeline.story_lines import story_line
from tests.reading.test_following import Site

TEXT = "रिलायंस ने 75,000 करोड़ रुपये का निवेश किया।"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def refusals(content: bytes, name: str = "x") -> list[Refusal]:
    return [one for one in read_bytes(content, name) if isinstance(one, Refusal)]


def again(one: Refusal, text_column: str | None = None) -> list[Story | Refusal]:
    payload = one.payload
    assert payload is not None
    refused = Refused(one.source_uri, one.reason, lambda: payload)
    return list(read([], text_column=text_column, refused=[refused]))


def zipped(name: str, content: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "kept"),
    [
        (PNG, PNG),
        (b"", b""),
        (gzip.compress(b"12345"), b"12345"),
        (bz2.compress(b"12345"), b"12345"),
        (gzip.compress(TEXT.encode())[:-9], gzip.compress(TEXT.encode())[:-9]),
        (zipped("a.png", PNG), PNG),
        (b"title,summary\na,b\n", b"title,summary\na,b\n"),
        (TEXT.encode() * (LARGEST_ARTICLE // len(TEXT.encode()) + 1), None),
    ],
    ids=["image", "empty", "gzip", "bzip2", "damaged", "member", "table", "too large"],
)
def test_a_file_or_member_is_kept_as_read_and_unpacked(content: bytes, kept: bytes | None) -> None:
    (refusal,) = refusals(content, "a.csv" if content.startswith(b"title") else "x")
    assert refusal.payload == kept


def test_what_comes_through_a_pipe_is_kept_too(monkeypatch: pytest.MonkeyPatch) -> None:
    class Pipe(io.RawIOBase):
        """Bytes that can only be read on."""

        def __init__(self, content: bytes) -> None:
            self._rest = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:  # type: ignore[override] # typeshed wants any Buffer
            return self._rest.readinto(buffer)

    content = PNG + bytes(range(256)) * 1000
    for given, kept in ((content, content), (PNG + bytes(LARGEST_ARTICLE), None)):
        stdin = io.TextIOWrapper(io.BufferedReader(Pipe(given)))
        monkeypatch.setattr("sys.stdin", stdin)
        (refusal,) = read(["-"])
        assert isinstance(refusal, Refusal) and refusal.payload == kept


def rows_of_parquet() -> bytes:
    sink = io.BytesIO()
    table = pa.table({"text": ["", TEXT], "date": [dt.date(2025, 12, 25), None]})
    pq.write_table(table, sink)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (f'{{"text": "{TEXT}"}}\n{{"title": "क"}}\n'.encode(), {"title": "क"}),
        (f'[{{"text": "{TEXT}"}}, {{"title": "क"}}]'.encode(), {"title": "क"}),
        (f"title,text\na,{TEXT}\nक,\n".replace("75,000", "75").encode(), {"title": "क", "text": ""}),
        (rows_of_parquet(), {"text": "", "date": "2025-12-25"}),
        (f"text,title\n{TEXT},a\nb\n".replace("75,000", "75").encode(), {"columns": ["text", "title"], "fields": ["b"]}),
    ],
    ids=["jsonl", "json", "csv", "parquet", "row of another length"],
)  # fmt: skip
def test_a_row_is_kept_as_one_json_line_and_refused_again_by_its_old_name(
    content: bytes, line: object
) -> None:
    (refusal,) = refusals(content)
    assert refusal.payload is not None and json.loads(refusal.payload) == line
    (same,) = again(refusal)
    assert isinstance(same, Refusal)
    assert (same.source_uri, same.payload) == (refusal.source_uri, refusal.payload)
    assert same.reason == refusal.reason or refusal.reason == "broken_row"


@pytest.mark.parametrize(
    "line", [b'{"text": ', b"garbage, that is no JSON", b"\xff\xfe\xfd", b"[1]", b'"text"', b"<html><p>x</p>"]
)
def test_a_line_that_is_no_row_is_kept_as_it_is_and_never_read_as_something_else(line: bytes) -> None:
    (refusal,) = refusals(f'{{"text": "{TEXT}"}}\n'.encode() + line + b"\n", "a.jsonl")
    assert refusal.payload == line and refusal.source_uri == "a.jsonl#2"
    (same,) = again(refusal)
    assert isinstance(same, Refusal) and same.source_uri == "a.jsonl#2"


def feed(*inside: str) -> bytes:
    entries = "".join(f"<item>{each}</item>" for each in inside)
    return f"<rss version='2.0'><channel><title>नमूना समाचार</title>{entries}</channel></rss>".encode()


def test_an_entry_of_a_feed_is_kept_with_all_that_is_known_of_it() -> None:
    (refusal,) = refusals(
        feed("<title>क की खबर</title><author>रवि</author><pubDate>Thu, 25 Dec 2025</pubDate>")
    )
    assert refusal.payload is not None
    kept = json.loads(refusal.payload)
    assert kept["items"] == [
        {"title": "क की खबर", "date_published": "Thu, 25 Dec 2025", "authors": [{"name": "रवि"}]}
    ]
    (same,) = again(refusal)
    assert same == refusal and isinstance(same, Refusal) and same.payload == refusal.payload


def test_an_entry_reads_from_what_is_kept_as_it_does_from_its_feed() -> None:
    entry = f"<title>क</title><link>https://a.example/1</link><author>रवि</author><pubDate>Thu, 25 Dec 2025</pubDate><description>{TEXT * 30}</description>"
    (story,) = read_bytes(feed(entry), "f.xml")
    item = {
        "title": "क",
        "url": "https://a.example/1",
        "content_html": TEXT * 30,
        "authors": [{"name": "रवि"}],
    }
    kept = {"version": "https://jsonfeed.org/version/1.1", "title": "नमूना समाचार", "items": [{**item, "date_published": "Thu, 25 Dec 2025"}]}  # fmt: skip
    assert again(Refusal("f.xml#1", "empty", "x", json.dumps(kept).encode())) == [story]


def test_a_page_that_a_sitemap_names_wrongly_is_kept_as_a_sitemap() -> None:
    sitemap = b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://a.example/1</loc></url><url><loc>nowhere</loc></url></urlset>"
    wrong = refusals(sitemap, "s.xml")[-1]
    assert (wrong.source_uri, wrong.reason) == ("s.xml#2", "bad_url")
    assert again(wrong) == [wrong]


def test_a_story_that_was_refused_after_reading_is_read_again_exactly() -> None:
    story = Story(
        "a.html", TEXT, "https://a.example/1", "पत्र", "क", ("रवि", "मीरा"),
        dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC), dt.date(2025, 12, 25), "metadata",
    )  # fmt: skip
    for one in (story, Story("b.txt", TEXT)):
        assert again(Refusal(one.source_uri, "failed", "x", story_line(one))) == [one]


def test_a_table_without_a_known_column_reads_once_its_column_is_named() -> None:
    (refusal,) = refusals(f"nr,x\n1,{TEXT}\n2,{TEXT}\n".replace("75,000", "75").encode(), "a.csv.gz")
    assert refusal.reason == "no_text_column"
    assert [one.source_uri for one in again(refusal, "x")] == ["a.csv.gz#1", "a.csv.gz#2"]


def test_a_workbook_is_kept_as_a_whole_where_no_column_is_known() -> None:
    book, sink = openpyxl.Workbook(), io.BytesIO()
    for row in (["nr", "x"], [1, TEXT]):
        book.active.append(row)
    book.save(sink)
    (refusal,) = refusals(sink.getvalue(), "a.xlsx")
    assert refusal.payload == sink.getvalue()
    (story,) = again(refusal, "x")
    assert isinstance(story, Story) and story.source_text == TEXT


def test_an_archive_within_an_archive_stays_one() -> None:
    (refusal,) = refusals(zipped("b.zip", zipped("a.txt", TEXT.encode())), "c.zip")
    assert refusal.reason == "nested_archive"
    assert again(refusal) == [refusal]


def test_a_page_is_kept_as_its_body_and_knows_its_address_again() -> None:
    body = b"<!DOCTYPE html><html><body></body></html>"
    site = Site({"https://a.example/1": body})
    (refusal,) = read(["https://a.example/1"], web=site)
    assert isinstance(refusal, Refusal) and refusal.payload == body
    assert again(refusal) == [refusal]
    better = f"<!DOCTYPE html><html><body><article><h1>क की बड़ी खबर</h1><p>{TEXT * 3}</p><p>{TEXT * 4}</p></article></body></html>"
    (story,) = again(Refusal("https://a.example/1", "no_article", "x", better.encode()))
    assert isinstance(story, Story) and story.url == "https://a.example/1"


def test_what_has_no_payload_is_fetched_at_its_address() -> None:
    site = Site({"https://a.example/1.xml": feed(f"<title>क</title><description>{TEXT * 30}</description>")})
    refused = [Refused("https://a.example/1.xml", "timeout"), Refused("https://a.example/2", "http_error")]
    found = list(read([], web=site, refused=refused))
    assert [one.source_uri for one in found] == ["https://a.example/1.xml#1", "https://a.example/2"]


def test_a_payload_that_is_damaged_refuses_itself_and_not_the_run() -> None:
    def gone() -> bytes:
        raise OSError("no such file")

    (refusal,) = read([], refused=[Refused("a.txt", "empty", gone)])
    assert isinstance(refusal, Refusal) and (refusal.source_uri, refusal.reason) == ("a.txt", "unreadable")


def test_payloads_do_not_pile_up_behind_a_page_that_is_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.reading.following._MOST_CHARACTERS", 1000)
    (tmp_path / "a.xml").write_bytes(feed("<link>https://a.example/1</link>"))
    for number in range(20):
        (tmp_path / f"b{number:02}.png").write_bytes(PNG + bytes(400))
    opened: list[str] = []

    def watched(found: Iterator[Story | Refusal]) -> None:
        for one in found:
            opened.append(one.source_uri)

    class Slow(Site):
        def fetch_all(self, pages, *, revisit=True):  # type: ignore[no-untyped-def]  # as Site
            listed = list(pages)
            assert len(listed) == 1
            return super().fetch_all(listed)

    watched(read([str(tmp_path)], web=Slow({})))
    assert len(opened) == 21
