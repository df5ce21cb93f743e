"""What decides in pages that could be read in two ways."""

import datetime as dt
import json

import pytest

from pipeline.reading import NotAnArticle
from pipeline.reading.page import read_modified, read_page

TITLE = "कोल्हापुर की चीनी मिल पर 12 करोड़ रुपये का जुर्माना"
LEAD = "प्रदूषण बोर्ड ने कोल्हापुर की एक चीनी मिल पर 12 करोड़ रुपये का जुर्माना लगाया है। मिल नदी में गंदा पानी छोड़ रही थी।"
TWO = "बोर्ड के सदस्य सचिव प्रकाश माने ने कहा कि मिल को तीन बार नोटिस दिया गया था, पर उसने कोई जवाब नहीं दिया।"
THREE = "मिल के वकील ने कहा कि वे इस आदेश को ऊपरी अदालत में चुनौती देंगे और जुर्माना अभी नहीं भरेंगे।"
SEEN = dt.datetime(2025, 12, 25, 12, tzinfo=dt.UTC)


def page(body: str, head: str = "") -> bytes:
    return f"<!DOCTYPE html><html><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def ld(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def article(**fields: object) -> dict[str, object]:
    return {"@type": "NewsArticle", "headline": TITLE, **fields}


def body(content: bytes) -> str:
    return read_page(content, "a.html").source_text.removeprefix(f"{TITLE}\n\n")


def reason(content: bytes) -> str:
    with pytest.raises(NotAnArticle) as caught:
        read_page(content, "a.html")
    return caught.value.reason


APART = (
    f"<h1>{TITLE}</h1><div class=intro><p>{LEAD}</p></div><div class=text><p>{TWO}</p><p>{THREE}</p></div>"
)
TOGETHER = f"<h1>{TITLE}</h1><div class=text><p>{LEAD}</p><p>{TWO}</p><p>{THREE}</p></div>"
WITHOUT = article(articleBody=f"{TWO} {THREE}", description=LEAD[:90])


def test_a_standfirst_is_left_out_only_where_the_publisher_leaves_it_out_and_calls_it_the_description():
    assert body(page(APART, ld(WITHOUT))) == f"{TWO}\n\n{THREE}"
    whole = f"{LEAD}\n\n{TWO}\n\n{THREE}"
    assert body(page(APART, ld(WITHOUT | {"description": "चीनी मिल की खबर"}))) == whole
    assert body(page(APART, ld(WITHOUT | {"articleBody": f"{LEAD} {TWO} {THREE}"}))) == whole
    assert body(page(APART, f'<meta name="description" content="{LEAD}">')) == whole


def test_a_first_paragraph_among_the_others_is_never_taken_for_a_standfirst():
    assert body(page(TOGETHER, ld(WITHOUT))) == f"{LEAD}\n\n{TWO}\n\n{THREE}"


def test_a_class_that_all_paragraphs_bear_is_no_clutter():
    paragraphs = "".join(f'<div class="text-with-ads"><p>{text}</p></div>' for text in (LEAD, TWO, THREE))
    assert body(page(f"<h1>{TITLE}</h1>{paragraphs}")) == f"{LEAD}\n\n{TWO}\n\n{THREE}"


def test_cells_of_figures_never_run_together():
    rows = "<tr><td>मिल</td><td>आय</td><td>घाटा</td></tr><tr><td>पंचगंगा</td><td>5 करोड़</td><td>35 लाख रुपये</td></tr>"
    text = body(page(f"<h1>{TITLE}</h1><p>{LEAD}</p><table>{rows}</table><p>{TWO}</p>"))
    assert text == f"{LEAD}\n\nमिल | आय | घाटा\nपंचगंगा | 5 करोड़ | 35 लाख रुपये\n\n{TWO}"


def test_a_table_that_only_places_paragraphs_leaves_them_paragraphs():
    cells = f"<table><tr><td>{LEAD}</td></tr><tr><td><p>{TWO}</p><p>{THREE}</p></td></tr></table>"
    assert body(page(f"<h1>{TITLE}</h1>{cells}")) == f"{LEAD}\n\n{TWO}\n\n{THREE}"


@pytest.mark.parametrize("year", ["2015 में", "2015 में,"])
def test_a_sentence_about_publishing_is_text_and_no_date_line(year):
    told = f"मिल की पहली रिपोर्ट {year} प्रकाशित हुई थी। It was published in 2015 by the board."
    story = read_page(page(f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{told}</p><p>{TWO}</p>"), "a")
    assert told in story.source_text
    assert story.published_date is None


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("Updated: 26 Dec 2025 | Published: 24 Dec 2025", 24),
        ("Published - December 24, 2025 10:30 pm IST, Updated - December 25, 2025", 24),
        ("अपडेटेड: 25 दिसंबर 2025", 25),
        ("24 दिसंबर 2025, 10:30 PM", 24),
        ("24-12-25, रात 10:30 बजे", 24),
        ("<span>Published</span> <span>24/12/2025</span>", 24),
    ],
)
def test_the_day_of_publishing_comes_before_the_day_of_a_change(line, day):
    story = read_page(page(f"<h1>{TITLE}</h1><div class=m>{line}</div><p>{LEAD}</p><p>{TWO}</p>"), "a")
    assert (story.published_date, story.date_source) == (dt.date(2025, 12, day), "text")
    assert story.source_text == f"{TITLE}\n\n{LEAD}\n\n{TWO}"


def test_a_date_after_the_page_was_fetched_gives_way_to_the_next():
    content = page(
        f"<h1>{TITLE}</h1><p>{LEAD}</p><p>{TWO}</p>",
        '<link rel="canonical" href="https://a.example.com/2025/12/24/x">'
        + ld(article(datePublished="2029-01-01")),
    )
    assert read_page(content, "a").published_date == dt.date(2029, 1, 1)
    story = read_page(content, "a", SEEN)
    assert (story.published_date, story.date_source) == (dt.date(2025, 12, 24), "url")


def test_words_for_how_long_ago_count_only_with_the_time_the_page_was_fetched():
    content = page(f"<h1>{TITLE}</h1><div>2 घंटे पहले</div><p>{LEAD}</p><p>{TWO}</p>")
    assert read_page(content, "a").published_date is None
    story = read_page(content, "a", SEEN)
    assert (story.published_at, story.date_source) == (SEEN - dt.timedelta(hours=2), "text")


def test_a_page_that_does_not_say_when_it_was_changed_says_nothing():
    assert read_modified(page(TOGETHER, ld(article(datePublished="2025-12-24")))) is None
    changed = read_modified(page(f"<h1>{TITLE}</h1><p>Updated: 25 Dec 2025, 10:30 IST</p><p>{LEAD}</p>"))
    assert changed.at == dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC)


def test_an_article_that_names_a_live_blog_or_carries_pictures_is_an_article():
    live = {"@type": "LiveBlogPosting", "headline": "बजट लाइव", "url": "https://a.example.com/live"}
    own = article(url="https://a.example.com/x", articleBody=f"{LEAD} {TWO} {THREE}")
    head = '<link rel="canonical" href="https://a.example.com/x">'
    assert TWO in body(page(TOGETHER, head + ld(live, own)))
    assert TWO in body(page(TOGETHER, head + ld({"@type": "VideoObject"}, own)))


def test_a_live_blog_that_is_described_as_article_too_is_a_live_blog():
    live = {"@type": "LiveBlogPosting", "headline": TITLE}
    assert reason(page(TOGETHER, ld(article(), live))) == "live_blog"


def test_elements_nested_deeper_than_any_page_has_them_are_refused_and_not_cut_off():
    assert reason(page("<div>" * 5000 + f"<p>{LEAD}</p>")) == "unreadable"
    assert LEAD in body(page("<div>" * 500 + f"<p>{LEAD}</p><p>{TWO}</p>"))


def test_a_page_of_more_elements_than_any_article_is_refused():
    assert reason(page("<br>" * 200_001)) == "too_large"
