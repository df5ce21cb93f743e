"""Addresses, feeds and sitemaps with a web client: what they lead to is read, in order, with no fact lost."""

import datetime as dt
import gzip
import io
import json
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest

from pipeline.article import Refusal, Story
from pipeline.reading import InputNotFound, NotAnArticle, following, formats, read, read_bytes
from pipeline.reading.web import Fetched, Web
from tests.reading.web.servers import FAST

SENTENCE = "कंपनी ने 1,250 करोड़ रुपये का निवेश करने की घोषणा की और कहा कि काम अगले साल शुरू होगा। "
AT = dt.datetime(2025, 12, 26, tzinfo=dt.UTC)
URL = "https://example.com"


def page(title: str = "", head: str = "") -> bytes:
    heading = f"<h1>{title}</h1>" if title else ""
    inside = f"<p>{SENTENCE}</p><p>{SENTENCE * 2}</p>"
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body><article>{heading}{inside}</article></body></html>".encode()


def rss(*entries: str) -> bytes:
    inside = "".join(f"<item>{each}</item>" for each in entries)
    return f"<rss version='2.0'><channel><title>नमूना समाचार</title>{inside}</channel></rss>".encode()


def urlset(*inside: str) -> bytes:
    spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:news='http://www.google.com/schemas/sitemap-news/0.9' xmlns:image='http://www.google.com/schemas/sitemap-image/1.1'"
    return f"<?xml version='1.0' encoding='UTF-8'?><urlset {spaces}>{''.join(f'<url>{each}</url>' for each in inside)}</urlset>".encode()


def index(*addresses: str, stamp: str = "") -> bytes:
    inside = "".join(f"<sitemap><loc>{each}</loc><lastmod>{stamp}</lastmod></sitemap>" for each in addresses)
    return (
        f"<sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>{inside}</sitemapindex>".encode()
    )


@dataclass
class Site:
    """A web of a few pages that notes what it is asked for; what it does not have is a refusal."""

    pages: dict[str, bytes]
    moved: dict[str, str] = field(default_factory=dict)
    charset: str | None = None
    kind: str | None = "text/html"
    asked: list[tuple[str, str | None]] = field(default_factory=list)

    def fetch(self, url: str, *, stamp: str | None = None, revisit: bool = True) -> Fetched:
        self.asked.append((url, stamp))
        if url not in self.pages:
            raise NotAnArticle("http_error", "The server answered 404.")
        kind = self.kind if self.pages[url].startswith(b"<!DOCTYPE") else None
        return Fetched(url, self.moved.get(url, url), AT, self.pages[url], kind, self.charset, True)

    def fetch_all(
        self, pages: Iterable[tuple[str, str | None]], *, revisit: bool = True
    ) -> Iterator[tuple[str, Fetched | NotAnArticle]]:
        for url, stamp in list(pages):
            try:
                yield url, self.fetch(url, stamp=stamp)
            except NotAnArticle as no:
                yield url, no


def read_url(content: bytes, *more: str, **pages: bytes) -> list[Story | Refusal]:
    site = Site({f"{URL}/{name}": value for name, value in pages.items()} | {f"{URL}/start": content})
    return list(read([f"{URL}/start", *more], web=site))


def test_an_address_is_fetched_and_read_as_whatever_it_is():
    table = json.dumps({"text": SENTENCE}).encode()
    (story,) = read_url(page("निवेश की बड़ी घोषणा"))
    assert (story.source_uri, story.url, story.title) == (f"{URL}/start", f"{URL}/start", "निवेश की बड़ी घोषणा")
    assert [each.source_uri for each in read_url(table + b"\n" + table)] == [
        f"{URL}/start#1",
        f"{URL}/start#2",
    ]
    assert read_url(gzip.compress(SENTENCE.encode()))[0].source_text == SENTENCE.strip()
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.txt", SENTENCE)
    assert read_url(sink.getvalue())[0].source_uri == f"{URL}/start/a.txt"


def test_without_a_client_an_address_is_refused_and_the_rest_is_read(tmp_path):
    (tmp_path / "a.txt").write_text(SENTENCE, "utf-8")
    refusal, story = read([f"{URL}/start", str(tmp_path)])
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/start", "not_fetched")
    assert story.source_uri == "a.txt"


def test_an_address_that_cannot_be_got_is_a_refusal_with_the_reason_of_the_client():
    (refusal,) = read([f"{URL}/gone"], web=Site({}))
    assert refusal == Refusal(f"{URL}/gone", "http_error", "The server answered 404.")


def test_a_file_that_is_missing_is_said_at_once_also_beside_addresses():
    with pytest.raises(InputNotFound):
        read([f"{URL}/start", "no-such-file.txt"], web=Site({}))


def test_a_page_is_known_by_its_own_address_else_by_the_one_it_was_got_from():
    own = page("निवेश की बड़ी घोषणा", f"<link rel=canonical href='{URL}/own'>")
    assert read_url(own)[0].url == f"{URL}/own"
    site = Site({f"{URL}/a": page("निवेश की बड़ी घोषणा")}, moved={f"{URL}/a": f"{URL}/b"})
    (story,) = read([f"{URL}/a"], web=site)
    assert (story.source_uri, story.url) == (f"{URL}/a", f"{URL}/b")


@pytest.mark.parametrize(
    ("claimed", "believed"),
    [
        ("https://other.com/own", False),
        ("https://notexample.com/own", False),
        ("https://com/own", False),
        ("https://example.com.other.com/own", False),
        ("https://www.example.com/own", True),
        ("https://hindi.example.com/own", True),
        ("http://paper.example.com/own", True),
    ],
)
def test_a_page_does_not_speak_for_another_site(claimed, believed):
    content = page("निवेश की बड़ी घोषणा", f"<link rel=canonical href='{claimed}'>")
    assert read_url(content)[0].url == (claimed if believed else f"{URL}/start")


def test_what_a_site_sends_in_a_container_is_named_by_that_site():
    foreign = "https://other.com/own"
    row = json.dumps({"text": SENTENCE, "url": foreign}).encode()
    entry = f"<title>x</title><link>{foreign}</link><description>{SENTENCE * 20}</description>"
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page("निवेश की बड़ी घोषणा")
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {foreign}\r\nWARC-Date: 2025-12-26T00:00:00Z\r\n"
    kind = f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(answer)}\r\n\r\n"
    archive = (head + kind).encode() + answer + b"\r\n\r\n"
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as members:
        members.writestr("a.html", page("निवेश की बड़ी घोषणा", f"<link rel=canonical href='{foreign}'>"))
    found = [read_url(content) for content in (row, rss(entry), archive, sink.getvalue())]
    names = ["start#1", f"start#{foreign}", f"start#{foreign}", "start/a.html"]
    assert [(story.source_uri, story.url) for (story,) in found] == [
        (f"{URL}/{name}", None) for name in names
    ]


def test_a_page_that_moved_to_another_site_is_of_that_site():
    site = Site({f"{URL}/a": page("निवेश की बड़ी घोषणा")}, moved={f"{URL}/a": "https://other.com/b"})
    (story,) = read([f"{URL}/a"], web=site)
    assert (story.source_uri, story.url) == (f"{URL}/a", "https://other.com/b")


def test_a_charset_that_only_the_header_names_is_believed():
    text = "Company said Société Générale will pay €5 million. "
    plain = f"<!DOCTYPE html><html><body><article><h1>Société Générale pays</h1><p>{text * 3}</p><p>{text * 2}</p></article></body></html>"
    site = Site({f"{URL}/a": plain.encode("iso-8859-15")}, charset="iso-8859-15")
    (story,) = read([f"{URL}/a"], web=site)
    assert "€5 million" in story.source_text


def test_a_page_without_an_article_stays_a_refusal():
    links = "".join(
        f"<li><a href='/{number}'>एक खबर का लंबा शीर्षक यहां {number}</a></li>" for number in range(30)
    )
    (refusal,) = read_url(f"<!DOCTYPE html><html><body><ul>{links}</ul></body></html>".encode())
    assert refusal.reason in ("no_article", "list_page", "home_page")


def test_a_feed_keeps_its_order_whether_an_entry_is_whole_followed_or_refused():
    whole = f"<description>{SENTENCE * 15}</description>"
    entries = [
        whole,
        "<title>पहली खबर का शीर्षक</title><link>https://example.com/a</link>",
        whole,
        "<link>https://example.com/gone</link>",
        "<title>क</title>",
        "<link>https://example.com/b</link>",
        whole,
    ]
    found = read_url(rss(*entries), a=page("पहली खबर का शीर्षक"), b=page("दूसरी खबर का शीर्षक"))
    assert [each.source_uri.removeprefix(f"{URL}/") for each in found] == [
        "start#1",
        "a",
        "start#3",
        "gone",
        "start#5",
        "b",
        "start#7",
    ]
    assert [each.reason for each in found if isinstance(each, Refusal)] == ["http_error", "empty"]


def test_what_a_page_does_not_say_is_as_the_feed_says_it():
    entry = f"<title>निवेश की बड़ी घोषणा</title><link>{URL}/a</link><pubDate>Thu, 25 Dec 2025 10:30:00 +0530</pubDate>"
    (bare,) = read_url(rss(entry), a=page())
    assert (bare.title, bare.published_date, bare.date_source, bare.publisher) == (
        "निवेश की बड़ी घोषणा",
        dt.date(2025, 12, 25),
        "feed",
        "नमूना समाचार",
    )
    assert bare.source_text.startswith("निवेश की बड़ी घोषणा\n\n")
    dated = "<meta property='article:published_time' content='2025-12-24T10:00:00+05:30'><meta property='og:site_name' content='पत्र'>"
    (own,) = read_url(rss(entry), a=page("पेज का अपना शीर्षक", dated))
    assert (own.title, own.published_date, own.date_source, own.publisher) == (
        "पेज का अपना शीर्षक",
        dt.date(2025, 12, 24),
        "metadata",
        "पत्र",
    )


def test_the_client_is_told_the_mark_of_each_page(tmp_path):
    (tmp_path / "f.xml").write_bytes(
        rss(f"<link>{URL}/a</link><pubDate>X</pubDate>", f"<link>{URL}/b</link>")
    )
    site = Site({})
    assert [each.source_uri for each in read([str(tmp_path)], web=site)] == [f"{URL}/a", f"{URL}/b"]
    assert site.asked == [(f"{URL}/a", "X"), (f"{URL}/b", "")]


def test_a_feed_or_sitemap_in_the_place_of_a_page_is_not_followed_further():
    (refusal,) = read_url(rss(f"<link>{URL}/a</link>"), a=rss(f"<link>{URL}/b</link>"))
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/b", "not_fetched")
    (refusal,) = read_url(rss(f"<link>{URL}/a</link>"), a=index(f"{URL}/b"))
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/b", "not_fetched")


NEWS = f"""<loc> {URL}/a
</loc><image:image><image:loc>{URL}/picture</image:loc></image:image><news:news><news:publication><news:name>नमूना समाचार</news:name><news:language>hi</news:language></news:publication>
<news:publication_date>2025-12-25T10:30:00+05:30</news:publication_date><news:title>निवेश की बड़ी घोषणा &amp; काम</news:title></news:news>"""


@pytest.mark.parametrize("pack", [bytes, gzip.compress], ids=["plain", "gzip"])
def test_a_sitemap_of_news_leads_to_its_pages_and_says_when_and_what(pack):
    (story,) = read_url(pack(urlset(NEWS)), a=page())
    assert (story.source_uri, story.title, story.publisher) == (
        f"{URL}/a",
        "निवेश की बड़ी घोषणा & काम",
        "नमूना समाचार",
    )
    assert (story.published_at, story.date_source) == (dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC), "feed")


def test_an_index_leads_to_its_sitemaps_and_they_to_their_pages():
    site = Site(
        {
            f"{URL}/start": index(f"{URL}/1.xml", f"{URL}/2.xml.gz", f"{URL}/gone.xml", stamp="2025-12-25"),
            f"{URL}/1.xml": urlset(
                f"<loc>{URL}/a</loc><lastmod>2025-12-24</lastmod>", "<loc>no address</loc>"
            ),
            f"{URL}/2.xml.gz": gzip.compress(index(f"{URL}/3.xml")),
            f"{URL}/3.xml": urlset(f"<loc>{URL}/b</loc>"),
            f"{URL}/a": page("पहली खबर का शीर्षक"),
            f"{URL}/b": page("दूसरी खबर का शीर्षक"),
        }
    )
    found = list(read([f"{URL}/start"], web=site))
    assert [each.source_uri for each in found] == [
        f"{URL}/a",
        f"{URL}/1.xml#2",
        f"{URL}/b",
        f"{URL}/gone.xml",
    ]
    assert [each.reason for each in found if isinstance(each, Refusal)] == ["bad_url", "http_error"]
    assert (f"{URL}/1.xml", "2025-12-25") in site.asked
    assert (f"{URL}/a", "2025-12-24") in site.asked


def test_sitemaps_that_name_each_other_without_end_are_given_up(monkeypatch):
    looped = Site({f"{URL}/a": index(f"{URL}/b"), f"{URL}/b": index(f"{URL}/a")})
    (refusal,) = read([f"{URL}/a"], web=looped)
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/a", "not_followed")
    deep = Site({f"{URL}/{depth}": index(f"{URL}/{depth + 1}") for depth in range(100)})
    (refusal,) = read([f"{URL}/0"], web=deep)
    assert refusal.reason == "not_followed"
    assert len(deep.asked) < 10
    wide = Site({f"{URL}/a": index(*(f"{URL}/{number}" for number in range(50)))})
    monkeypatch.setattr("pipeline.reading.following._MOST_LISTINGS", 10)
    reasons = [each.reason for each in read([f"{URL}/a"], web=wide)]
    assert (reasons.count("http_error"), reasons.count("not_followed")) == (9, 41)


def test_a_sitemap_without_a_client_is_a_refusal_for_each_page(tmp_path):
    (tmp_path / "s.xml").write_bytes(urlset(f"<loc>{URL}/a</loc>", f"<loc>{URL}/b</loc>"))
    (tmp_path / "t.xml").write_bytes(index(f"{URL}/1.xml"))
    found = [(each.source_uri, each.reason) for each in read([str(tmp_path)])]
    assert found == [
        (f"{URL}/a", "not_fetched"),
        (f"{URL}/b", "not_fetched"),
        (f"{URL}/1.xml", "not_fetched"),
    ]


def test_pages_of_several_feeds_are_asked_for_at_once(tmp_path):
    for name in ("a", "b"):
        (tmp_path / f"{name}.xml").write_bytes(rss(*(f"<link>{URL}/{name}{n}</link>" for n in range(3))))
    batches = []

    class Noting(Site):
        def fetch_all(self, pages, *, revisit=True):
            pages = list(pages)
            batches.append(len(pages))
            return super().fetch_all(pages)

    assert len(list(read([str(tmp_path)], web=Noting({})))) == 6
    assert batches == [6]


def test_stories_do_not_pile_up_behind_a_page_that_is_waited_for(tmp_path, monkeypatch):
    monkeypatch.setattr("pipeline.reading.following._MOST_WAITING", 5)
    (tmp_path / "a.xml").write_bytes(rss(f"<link>{URL}/a</link>"))
    (tmp_path / "b.jsonl").write_text(f'{{"text": "{SENTENCE}"}}\n' * 100, "utf-8")
    found = read([str(tmp_path)], web=Site({}))
    assert next(found).source_uri == f"{URL}/a"
    assert [each.source_uri for each in found] == [f"b.jsonl#{number}" for number in range(1, 101)]


def test_a_client_that_gives_no_answer_does_not_lose_a_page():
    class Silent(Site):
        def fetch_all(self, pages, *, revisit=True):
            list(pages)
            return iter([])

    site = Silent({f"{URL}/start": rss(f"<link>{URL}/a</link>")})
    (refusal,) = read([f"{URL}/start"], web=site)
    assert (refusal.source_uri, refusal.reason) == (f"{URL}/a", "not_fetched")


def test_a_page_that_a_listing_names_holds_no_more_than_so_many_articles(monkeypatch):
    monkeypatch.setattr(following, "_MOST_OF_PAGE", 100)
    table = b"\n".join(b"{}" for _ in range(110))
    found = read_url(rss(f"<title>x</title><link>{URL}/table</link>"), table=table)
    assert (len(found), found[-1].source_uri, found[-1].reason) == (101, f"{URL}/table", "too_large")


def test_a_listing_names_no_more_than_so_many_pages(monkeypatch):
    monkeypatch.setattr(following, "_MOST_NAMED", 50)
    found = read_url(urlset(*(f"<loc>{URL}/{number}</loc>" for number in range(53))))
    assert len(found) == 51
    assert [each.source_uri for each in found if each.reason == "too_large"] == [f"{URL}/start"]


@pytest.mark.parametrize("web", [True, False])
def test_no_password_of_an_address_is_told(web, tmp_path):
    name = "http://me:se@cret@example.org/x"
    with Web(FAST, None) as client:
        (refusal,) = read([name], web=client if web else None)
    assert refusal.source_uri == "http://example.org/x"
    assert "cret" not in repr(refusal)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_members_of_an_archive_of_the_web_have_one_bound_together(method, monkeypatch):
    monkeypatch.setattr(formats, "_MOST_UNPACKED", 1 << 20)
    sink, rows = io.BytesIO(), json.dumps({"text": SENTENCE}).encode() + b"\n"
    with zipfile.ZipFile(sink, "w", method) as archive:
        archive.writestr("a.jsonl", rows * 1_500)
        archive.writestr("b.jsonl.gz", gzip.compress(rows * 1_500))
        archive.writestr("c.txt", SENTENCE)
    found = read_url(sink.getvalue())
    assert [each.source_uri[-10:] for each in found if getattr(each, "reason", "") == "too_large"] == [
        "b.jsonl.gz",
        "tart/c.txt",
    ]
    assert len(list(read_bytes(sink.getvalue(), "a.zip"))) == 3_001
