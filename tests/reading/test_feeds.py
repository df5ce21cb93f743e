"""Feeds: whole texts are taken as they are, the pages of other entries are leads; no XML does harm."""

import bz2
import datetime as dt
import gzip
import io
import json
import resource
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Refusal, Story
from pipeline.reading import REASONS, elements, feeds, read_bytes
from pipeline.reading.entries import Entry
from pipeline.reading.formats import Place, items_of
from pipeline.reading.leads import Lead, Origin

SENTENCE = "कंपनी ने 1,250 करोड़ रुपये का निवेश करने की घोषणा की और कहा कि काम अगले साल शुरू होगा। "
WHOLE = "".join(f"<p>{SENTENCE * 4}</p>" for _ in range(3))
TEXT = "\n\n".join((SENTENCE * 4).strip() for _ in range(3))
WHEN = "Thu, 25 Dec 2025 10:30:00 +0530"
DAY = dt.date(2025, 12, 25)
AT = dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC)


def rss(*entries: str, version: str = "2.0") -> bytes:
    head = f"<?xml version='1.0' encoding='UTF-8'?>\n<rss version='{version}'"
    spaces = "xmlns:content='http://purl.org/rss/1.0/modules/content/' xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:atom='http://www.w3.org/2005/Atom'"
    channel = (
        "<channel><title>नमूना समाचार</title><link>https://example.com/</link><image><title>x</title></image>"
    )
    return f"{head} {spaces}>{channel}{''.join(f'<item>{each}</item>' for each in entries)}</channel></rss>".encode()


def atom(*entries: str) -> bytes:
    inside = "".join(f"<entry>{each}</entry>" for each in entries)
    return f"<feed xmlns='http://www.w3.org/2005/Atom'><title>नमूना समाचार</title>{inside}</feed>".encode()


def json_feed(*items: object) -> bytes:
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "नमूना समाचार", "items": items}
    return json.dumps(feed, ensure_ascii=False).encode()


def found(content: bytes, uri: str = "f.xml", url: str | None = None) -> list[object]:
    return list(items_of(content, Place(uri, origin=Origin(url) if url else None)))


STORY = Story(
    source_uri="f.xml#1",
    source_text=f"निवेश की घोषणा & काम\n\n{TEXT}",
    url="https://example.com/a?x=1&y=2",
    publisher="नमूना समाचार",
    title="निवेश की घोषणा & काम",
    byline=("रवि कुमार",),
    published_at=AT,
    published_date=DAY,
    date_source="feed",
)
RSS_ENTRY = f"<title>निवेश की घोषणा &amp; काम</title><link>https://example.com/a?x=1&amp;y=2</link><description>छोटा।</description><pubDate>{WHEN}</pubDate>"
FULL = {
    "rss 2.0": rss(f"{RSS_ENTRY}<dc:creator>रवि कुमार</dc:creator><content:encoded><![CDATA[{WHOLE}]]></content:encoded>"),
    "rss 0.92": rss(f"<title>निवेश की घोषणा &amp;amp; काम</title><link> https://example.com/a?x=1&amp;y=2\n</link><author>ravi@example.com (रवि कुमार)</author><pubDate>{WHEN}</pubDate><description>{WHOLE.replace('<', '&lt;')}</description>", version="0.92"),
    "rdf": f"""<!DOCTYPE rdf:RDF [<!ENTITY % HTMLlat1 PUBLIC "-//W3C//ENTITIES Latin 1 for XHTML//EN" "http://example.com/xhtml-lat1.ent">%HTMLlat1;]>
        <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">
        <channel rdf:about="https://example.com/"><title>नमूना समाचार</title></channel>
        <item rdf:about="https://example.com/a?x=1&amp;y=2"><title>निवेश की घोषणा &amp; काम</title><dc:creator>रवि कुमार</dc:creator><dc:date>2025-12-25T10:30:00+05:30</dc:date>
        <content:encoded><![CDATA[{WHOLE}]]></content:encoded></item></rdf:RDF>""".encode(),
    "atom 1.0": atom(f"<title type='html'>&lt;b&gt;निवेश&lt;/b&gt; की घोषणा &amp;amp; काम</title><link rel='self' href='https://example.com/x'/><link href='https://example.com/a?x=1&amp;y=2'/><published>2025-12-25T05:00:00Z</published><updated>2025-12-26T05:00:00Z</updated><author><name>रवि कुमार</name></author><content type='html'><![CDATA[{WHOLE}]]></content>"),
    "atom xhtml": atom(f"<title>निवेश की घोषणा &amp; काम</title><link rel='alternate' href='https://example.com/a?x=1&amp;y=2'/><updated>2025-12-25T05:00:00Z</updated><author><name>रवि कुमार</name></author><content type='xhtml'><h:div xmlns:h='http://www.w3.org/1999/xhtml'>{WHOLE.replace('p>', 'h:p>')}</h:div></content>"),
    "atom prefixed": f"<a:feed xmlns:a='http://www.w3.org/2005/Atom'><a:title>नमूना समाचार</a:title><a:entry><a:title>निवेश की घोषणा &amp; काम</a:title><a:link href='https://example.com/a?x=1&amp;y=2'/><a:updated>2025-12-25T05:00:00Z</a:updated><a:author><a:name>रवि कुमार</a:name></a:author><a:content type='html'>{WHOLE.replace('<', '&lt;')}</a:content></a:entry></a:feed>".encode(),
    "json feed": json_feed({"id": "1", "url": "https://example.com/a?x=1&y=2", "title": "निवेश की घोषणा & काम", "content_html": WHOLE, "date_published": "2025-12-25T10:30:00+05:30", "authors": [{"name": "रवि कुमार"}]}),
    "json feed 1": json_feed({"id": "1", "url": "https://example.com/a?x=1&y=2", "title": "निवेश की घोषणा & काम", "content_text": TEXT, "date_published": "2025-12-25T10:30:00+05:30", "author": {"name": "रवि कुमार"}}),
}  # fmt: skip


@pytest.mark.parametrize("pack", [bytes, gzip.compress, bz2.compress], ids=["plain", "gzip", "bzip2"])
@pytest.mark.parametrize("kind", FULL)
def test_an_entry_with_its_whole_text_is_the_same_story_in_every_kind_of_feed(kind, pack):
    assert found(pack(FULL[kind])) == [STORY]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig"])
def test_a_feed_is_read_in_the_encoding_it_is_in(encoding):
    assert found(FULL["rss 2.0"].decode().encode(encoding)) == [STORY]


def test_an_entry_that_only_teases_leads_to_its_page_with_what_the_feed_says_of_it():
    lead = Lead("https://example.com/a?x=1&y=2", WHEN, "निवेश की घोषणा & काम", None, "नमूना समाचार")
    (only,) = found(rss(RSS_ENTRY))
    assert only.when.at == AT
    assert (only.url, only.stamp, only.title, only.publisher) == (
        lead.url,
        lead.stamp,
        lead.title,
        lead.publisher,
    )


@pytest.mark.parametrize("end", ["…", "[...]", "<a href='/a'>Read more</a>", "पूरी खबर यहां पढ़ें »"])
def test_a_long_teaser_that_says_it_goes_on_is_not_the_whole_text(end):
    entry = f"{RSS_ENTRY}<content:encoded><![CDATA[<p>{SENTENCE * 7}{end}</p>]]></content:encoded>"
    assert isinstance(found(rss(entry))[0], Lead)


def test_the_mark_of_a_page_is_when_it_was_updated_else_published_else_empty():
    link = "<link href='https://example.com/1'/>"
    dated = "<published>2025-12-25</published>"
    marks = [
        lead.stamp for lead in found(atom(f"{link}{dated}<updated>2025-12-26</updated>", link + dated, link))
    ]
    assert marks == ["2025-12-26", "2025-12-25", ""]


def test_an_entry_without_a_link_is_its_text_however_short_and_without_both_a_refusal():
    story, refusal = found(rss(f"<description>{SENTENCE}</description>", "<title>केवल शीर्षक</title>"))
    assert story.source_text == SENTENCE.strip()
    assert (refusal.source_uri, refusal.reason) == ("f.xml#2", "empty")


def test_a_permanent_guid_is_a_link_and_another_is_not():
    entries = ("<guid>https://example.com/1</guid>", "<guid isPermaLink='false'>https://example.com/2</guid>")
    first, second = found(rss(*entries))
    assert (first.url, second.reason) == ("https://example.com/1", "empty")


def test_relative_links_are_below_the_address_of_the_feed():
    (lead,) = found(rss("<link>/news/1</link>"), url="https://example.com/feed.xml")
    assert lead.url == "https://example.com/news/1"
    assert found(rss("<link>/news/1</link>"))[0].reason == "empty"


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "http://[x", "mailto:a@b.in"])
def test_a_link_to_anything_but_the_web_is_none(link):
    assert found(rss(f"<link>{link}</link>"))[0].reason == "empty"


def test_without_a_web_client_what_would_be_followed_is_refused_by_its_address():
    (refusal,) = read_bytes(rss(RSS_ENTRY), "f.xml")
    assert (refusal.source_uri, refusal.reason) == ("https://example.com/a?x=1&y=2", "not_fetched")


def test_links_to_other_stories_and_invitations_are_no_part_of_a_text():
    more = "<p>ये भी पढ़ें: दूसरी खबर</p><p>The post <a href='/a'>निवेश की घोषणा और काम</a> appeared first on <a href='/'>नमूना समाचार</a>.</p>"
    (story,) = found(rss(f"{RSS_ENTRY}<content:encoded><![CDATA[{WHOLE}{more}]]></content:encoded>"))
    assert story.source_text.endswith(TEXT)


def test_paragraphs_of_raw_posts_stand_apart_by_blank_lines():
    raw = "\n\n".join(f"<b>{SENTENCE}</b>{SENTENCE * 2}" for _ in range(3))
    (story,) = found(rss(f"<content:encoded><![CDATA[{raw}]]></content:encoded>"))
    assert story.source_text.count("\n\n") == 2


@pytest.mark.parametrize(
    ("broken", "text"),
    [
        ("<title>R&D पर 5 करोड़ & और</title>", "R&D पर 5 करोड़ & और"),
        ("<title>एक&nbsp;दो &rsquo;तीन&rsquo; &unknown;</title>", "एक दो ’तीन’ &unknown;"),
        ("<title>क\x01\x0bख &#1; ग</title>", "कख ग"),
        ("<title><![CDATA[A & B &amp; C]]></title>", "A & B & C"),
    ],
)
def test_broken_xml_is_read_as_it_was_meant(broken, text):
    first, *_ = found(rss(f"{broken}<link>https://example.com/?a=1&b=2&copy;=3</link>", RSS_ENTRY))
    assert (first.url, first.title) == ("https://example.com/?a=1&b=2©=3", text)


def test_references_within_cdata_are_kept():
    (lead,) = found(rss("<link><![CDATA[https://example.com/?a=1&b=2]]></link>"))
    assert lead.url == "https://example.com/?a=1&b=2"


@given(st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_where_the_stream_is_cut_into_pieces_makes_no_difference(size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("pipeline.reading.elements._CHUNK", 400 + size)
        assert found(FULL["rss 2.0"]) == [STORY]


def test_a_feed_that_ends_early_keeps_what_came_before_and_says_so():
    whole = rss(RSS_ENTRY, RSS_ENTRY)
    first, refusal = found(whole[: whole.rindex(b"<pubDate>")])
    assert isinstance(first, Lead)
    assert refusal == Refusal("f.xml", "unreadable", "The XML is damaged or ends early.")


def test_a_feed_without_entries_is_empty_and_one_in_no_encoding_refused():
    assert found(rss())[0].reason == "empty"
    assert found(b"<rss>" + b"\x81\x8d" * 9 + b"</rss>")[0].reason == "bad_encoding"


def test_an_entry_with_damaged_characters_is_refused_alone():
    damaged = rss(f"<description>{'क' * 400}</description>", f"<description>{SENTENCE}</description>")
    damaged = damaged.replace("क".encode() * 9, b"\xe0\xa4" * 9)
    refusal, story = found(b"<rss>" + b" " * (1 << 16) + damaged.partition(b"?>")[2] + b"</rss>")
    assert (refusal.reason, story.source_text) == ("bad_encoding", SENTENCE.strip())


LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
BOMBS = {
    "a billion laughs": f'<!DOCTYPE rss [<!ENTITY l0 "हा">{LAUGHS}]><rss><channel><item><title>&l12;</title><description>{SENTENCE}</description></item></channel></rss>',
    "in an attribute": f'<!DOCTYPE rss [<!ENTITY l0 "हा">{LAUGHS}]><rss><channel><item><guid isPermaLink="&l12;">x</guid><description>{SENTENCE}</description></item></channel></rss>',
    "quadratic": f'<!DOCTYPE rss [<!ENTITY a "{"x" * 50_000}">]><rss><channel><item><title>{"&a;" * 50_000}</title><description>{SENTENCE}</description></item></channel></rss>',
    "a file": f'<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss><channel><item><title>&a;</title><description>{SENTENCE}</description></item></channel></rss>',
    "an address": f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd" [<!ENTITY % a SYSTEM "http://127.0.0.1:9/y">%a;]><rss><channel><item><description>{SENTENCE}</description></item></channel></rss>',
}


@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS)
def test_no_entity_is_resolved(bomb):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    (story,) = read_bytes(bomb.encode(), "f.xml")
    assert story.source_text.endswith(SENTENCE.strip())
    assert len(story.source_text) < len(bomb)
    assert "root:" not in story.source_text
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 100 << 10  # KB


def test_elements_within_elements_without_end_are_refused():
    (refusal,) = read_bytes(b"<rss>" + b"<a>" * 200_000, "f.xml")
    assert refusal.reason == "unreadable"


def test_a_feed_without_end_of_a_tag_is_given_up():
    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = (
                (b"<rss>" + b"x" * len(buffer))[: len(buffer)] if not self.tell_ else b"x" * len(buffer)
            )
            self.tell_ = True
            return len(buffer)

        tell_ = False

    from pipeline.reading.formats import items

    (refusal,) = items(io.BufferedReader(Endless()), Place("f.xml"))
    assert refusal.reason in ("too_large", "unreadable")


PIECES = st.sampled_from(
    ["<rss>", "<channel>", "<item>", "</item>", "<title>", "</title>", "<link>", "https://e.in/1", "<![CDATA[", "]]>", "&amp;", "&", "&#xD800;", "&#99999999;", "<entry xmlns='http://www.w3.org/2005/Atom'>", "<link href='http://[' />", "<content type='xhtml'><p>", "</rss>", "<!DOCTYPE x [", "<!--", "<?xml version='1.0'?>", "\x00", "\ufffe", SENTENCE, "<description>", "<a:b c:d='e'/>", "<urlset>", "<url>", "<loc>", "<sitemapindex>", "<sitemap>", "<news:news>"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([b"<rss>", b"<feed xmlns='http://www.w3.org/2005/Atom'>", b"<urlset>", b'{"version": "https://jsonfeed.org/version/1", ']),
       st.lists(PIECES.map(str.encode) | st.binary(max_size=9), max_size=20).map(b"".join))  # fmt: skip
def test_whatever_stands_in_a_feed_ends_as_stories_or_refusals(start, content):
    results = list(read_bytes(start + content, "x"))
    assert results
    for each in results:
        assert isinstance(each, Story) or each.reason in REASONS


def test_a_mark_of_cdata_in_a_comment_is_none():
    entry = f"<title>x</title><description><p>a &x; b &nbsp; {SENTENCE * 8}</p></description>"
    inside = f"<!-- <![CDATA[ & --><item>{entry}</item><item>{entry}</item>"
    feed = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "yy">]><rss version="2.0"><channel>{inside}</channel></rss>'
    found = list(read_bytes(feed.encode(), "f.xml"))
    assert [type(each) for each in found] == [Story, Story]
    assert "&x;" in found[0].source_text


def test_an_entity_that_reaches_the_parser_costs_no_entry():
    inside = f"<?a <![CDATA[ ?><item><title>x</title><description><p>a &x; b {SENTENCE * 8}</p></description></item>"
    feed = f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x "yy">]><rss version="2.0"><channel>{inside}</channel></rss>'
    (story,) = read_bytes(feed.encode(), "f.xml")
    assert SENTENCE.strip() in story.source_text


def test_an_entry_that_cannot_be_read_costs_that_entry_alone(monkeypatch: pytest.MonkeyPatch):
    def entry_of(element: object, publisher: str | None) -> Entry:
        if next(numbers) == 1:
            raise AttributeError("odd")
        return Entry(title="x", content=WHOLE)

    numbers = iter(range(3))
    monkeypatch.setattr(feeds, "_entry", entry_of)
    found = list(read_bytes(rss("<title>a</title>", "<title>b</title>", "<title>c</title>"), "f.xml"))
    assert [getattr(each, "reason", "story") for each in found] == ["story", "unreadable", "story"]


def test_an_endless_author_takes_no_time():
    entry = f"<title>x</title><author>{'a' * 1_000_000} @</author><description>{SENTENCE * 20}</description>"
    began = time.monotonic()
    (story,) = read_bytes(rss(entry), "f.xml")
    assert isinstance(story, Story)
    assert time.monotonic() - began < 5


def test_a_feed_of_elements_without_end_is_refused_early(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(elements, "_MOST_ELEMENTS", 10_000)
    (refusal,) = read_bytes(b"<rss version='2.0'><channel>" + b"<a/>" * 10_000, "f.xml")
    assert refusal.reason == "too_large"
