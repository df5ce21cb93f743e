"""Pages: title, date, byline, publisher, address and body; nothing lost, nothing of the frame kept."""

import datetime as dt
import json

import pytest

from pipeline.article import Story
from pipeline.reading import NotAnArticle, read_article

TITLE = "नागपुर की कंपनी ने जुटाए 40 करोड़ रुपये"
ONE = "नागपुर की स्टार्टअप कंपनी ने सोमवार को बताया कि उसने दो निवेशकों से 40 करोड़ रुपये जुटाए हैं।"
TWO = "कंपनी की संस्थापक मीरा जोशी ने कहा कि यह रकम नई फैक्ट्री पर खर्च होगी, जो अगले साल शुरू होगी।"
THREE = "पिछले साल कंपनी की आमदनी 12 करोड़ रुपये थी और उसे करीब 3 करोड़ रुपये का घाटा हुआ था।"
BODY = f"{ONE}\n\nआगे की योजना\n\n{TWO}\n\n{THREE}"
INNER = f"<p>{ONE}</p><h2>आगे की योजना</h2><p>{TWO}</p><p>{THREE}</p>"
WHEN = "2025-12-24T23:30:00+05:30"


def page(body: str = f"<h1>{TITLE}</h1>{INNER}", head: str = "") -> bytes:
    return f"<!DOCTYPE html><html lang=hi><head><meta charset=utf-8>{head}</head><body>{body}</body></html>".encode()


def ld(*nodes: object) -> str:
    return "".join(f'<script type="application/ld+json">{json.dumps(node)}</script>' for node in nodes)


def article(**fields: object) -> dict[str, object]:
    return {"@context": "https://schema.org", "@type": "NewsArticle", "headline": TITLE, **fields}


def read(content: bytes) -> Story:
    return read_article(content, "a.html")


def test_the_text_is_the_title_a_blank_line_and_the_body_with_its_sub_headings():
    story = read(page())
    assert story.title == TITLE
    assert story.source_text == f"{TITLE}\n\n{BODY}"


def test_json_ld_tells_title_date_byline_publisher_and_address():
    node = article(
        datePublished=WHEN,
        dateModified="2025-12-26T00:00:00Z",
        author=[{"@type": "Person", "name": "मीरा &amp; साथी"}, {"@type": "Person", "name": "Ravi Kumar"}],
        publisher={"@type": "Organization", "name": "नमूना समाचार"},
        mainEntityOfPage={"@type": "WebPage", "@id": "https://example.com/a"},
    )
    story = read(page(head=ld(node) + '<link rel="canonical" href="https://example.com/a">'))
    assert story.published_at == dt.datetime(2025, 12, 24, 18, tzinfo=dt.UTC)
    assert (story.published_date, story.date_source) == (dt.date(2025, 12, 24), "metadata")
    assert story.byline == ("मीरा", "साथी", "Ravi Kumar")
    assert (story.publisher, story.url) == ("नमूना समाचार", "https://example.com/a")


@pytest.mark.parametrize(
    "nodes",
    [
        [{"@graph": [{"@type": "WebSite", "name": "x"}, article(datePublished=WHEN)]}],
        [[{"@type": "BreadcrumbList"}, article(datePublished=WHEN)]],
        [{"@type": "WebPage", "mainEntity": article(datePublished=WHEN)}],
        [article(datePublished=WHEN) | {"@type": ["ReportageNewsArticle", "Article"]}],
        [article(datePublished=WHEN) | {"@type": "http://schema.org/NewsArticle"}],
        [
            {"@type": "ItemList", "itemListElement": [article(headline="और", datePublished="2001-01-01")]},
            article(datePublished=WHEN),
        ],
    ],
    ids=["graph", "list", "main entity", "several types", "type as address", "beside a list of others"],
)
def test_the_article_is_found_wherever_json_ld_has_it(nodes):
    story = read(page(head=ld(*nodes)))
    assert (story.title, story.published_date) == (TITLE, dt.date(2025, 12, 24))


@pytest.mark.parametrize(
    "source",
    [
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "description": "पहली\n\tपंक्ति", "datePublished": "{WHEN}"}}',
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "{WHEN}",}}',
        f'<!-- {{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "{WHEN}"}} -->',
        f'//<![CDATA[\n{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "{WHEN}"}}\n//]]>',
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "{WHEN}", "author": {{"name": "क "ख" ग"}}}}',
        f'{{"@type": "NewsArticle", "headline": "{TITLE}", "datePublished": "{WHEN}", "articleBo',
    ],
    ids=["control characters", "trailing comma", "comment", "cdata", "inner quotes", "cut off"],
)
def test_broken_json_ld_still_tells_what_it_can(source):
    story = read(page(head=f'<script type="application/ld+json">{source}</script>'))
    assert (story.title, story.published_at) == (TITLE, dt.datetime(2025, 12, 24, 18, tzinfo=dt.UTC))


def test_a_body_that_only_json_ld_has_is_taken_from_there():
    node = article(articleBody=f"{ONE}\r\n\r\n{TWO} &quot;आगे&quot; &lt;b&gt;और&lt;/b&gt;")
    story = read(page(f"<h1>{TITLE}</h1><p>पूरी खबर के लिए लॉगिन करें।</p>", ld(node)))
    assert story.source_text == f'{TITLE}\n\n{ONE} {TWO} "आगे" और'


def test_paragraphs_that_the_body_of_json_ld_has_lost_are_taken_from_the_page():
    node = article(articleBody=f"{ONE}आगे की योजना{TWO} {THREE}")
    assert read(page(head=ld(node))).source_text == f"{TITLE}\n\n{BODY}"


def test_meta_tags_tell_where_there_is_no_json_ld():
    head = (
        f'<title>{TITLE} | नमूना समाचार</title><meta property="og:title" content="{TITLE} | नमूना समाचार">'
        '<meta property="og:site_name" content="नमूना समाचार"><meta name="author" content="Asha Rao">'
        f'<meta property="article:published_time" content="{WHEN}">'
        '<meta property="og:url" content="https://example.com/b">'
    )
    story = read(page(INNER, head))
    assert (story.title, story.publisher, story.byline) == (TITLE, "नमूना समाचार", ("Asha Rao",))
    assert (story.published_date, story.url) == (dt.date(2025, 12, 24), "https://example.com/b")


@pytest.mark.parametrize(
    ("extra", "head", "source"),
    [
        (f'<time datetime="{WHEN}">कल</time>', "", "metadata"),
        ('<span itemprop="datePublished" content="2025-12-24">कल</span>', "", "metadata"),
        ("<div>Published: 24 Dec 2025, 11:30 PM IST</div>", "", "text"),
        ("<div>अपडेटेड: 24 दिसंबर 2025</div>", "", "text"),
        ("", '<link rel="canonical" href="https://example.com/2025/12/24/khabar.html">', "url"),
        ("", '<link rel="canonical" href="https://example.com/khabar-2025-12-24">', "url"),
    ],
)
def test_the_date_may_stand_in_the_page_or_in_its_address(extra, head, source):
    story = read(page(f"<h1>{TITLE}</h1>{extra}{INNER}", head))
    assert (story.published_date, story.date_source) == (dt.date(2025, 12, 24), source)
    assert story.source_text == f"{TITLE}\n\n{BODY}"


def test_a_page_without_a_date_has_none():
    assert read(page()).published_date is None


FRAME = f"""
<nav><ul><li><a href=/>होम पेज</a></li><li><a href=/b>कारोबार की सारी खबरें यहां देखें</a></li></ul></nav>
<div class="wrap has-ads"><main><div class="story">
<h1>{TITLE}</h1><div class="share-bar"><span>शेयर करें</span> और अपने दोस्तों को यह खबर जरूर भेजें, उन्हें अच्छा लगेगा।</div>
<p>{ONE}</p>
<figure><img src=x><figcaption>कंपनी की संस्थापक मीरा जोशी अपने दफ्तर में, बाएं।</figcaption></figure>
<script>var a = "यह भी पाठ नहीं है, चाहे जितना लंबा हो";</script><style>p {{ color: red }}</style>
<!-- <p>यह टिप्पणी है, पाठ नहीं, और किसी को नहीं दिखती है।</p> -->
<p>ये भी पढ़ें: <a href=/c>पुणे की कंपनी ने खरीदी फैक्ट्री</a></p>
<div class="related-stories"><h3>संबंधित खबरें</h3><p>दिल्ली की एक और कंपनी ने भी पिछले हफ्ते बहुत सारा पैसा जुटाया था।</p></div>
<h2>आगे की योजना</h2><div id="div-gpt-ad-1" class="advertisement">विज्ञापन</div><p>{TWO}</p>
<div style="display:none">छिपा हुआ पाठ जो किसी पाठक को कभी नहीं दिखता, इसलिए पाठ नहीं।</div><p>{THREE}</p>
<p>Also Read: <a href=/d>Another company raises money</a></p><p>विज्ञापन</p>
<div class="cookieConsent">हम कुकी का उपयोग करते हैं ताकि आपका अनुभव बेहतर हो सके। सहमति दें।</div>
</div></main><aside><p>सबसे ज्यादा पढ़ी गई खबरें और उनके बारे में लंबा विवरण जो यहां नहीं आना चाहिए।</p></aside></div>
<footer><p>© 2025 नमूना समाचार। सर्वाधिकार सुरक्षित। यह पाठ किसी लेख का हिस्सा नहीं है।</p></footer>
"""


def test_the_frame_of_a_page_is_left_out():
    assert read(page(FRAME)).source_text == f"{TITLE}\n\n{BODY}"


def test_line_breaks_tables_and_lists_of_the_body_are_kept():
    body = (
        f"<h1>{TITLE}</h1><div>{ONE}<br><br>{TWO}<br>दूसरी पंक्ति यहां है।</div><ul><li>सोना 1,30,000 रुपये</li></ul>"
        "<table><tr><th>कंपनी</th><th>रकम</th></tr><tr><td>अ</td><td>5 करोड़</td></tr></table>"
        f"<p>{THREE}</p>"
    )
    expected = f"{ONE}\n\n{TWO}\nदूसरी पंक्ति यहां है।\n\nसोना 1,30,000 रुपये\n\nकंपनी | रकम\nअ | 5 करोड़\n\n{THREE}"
    assert read(page(body)).source_text == f"{TITLE}\n\n{expected}"


def test_captions_are_left_out_but_a_story_told_in_pictures_is_not():
    caption = "<div><img src=a><div>मीरा जोशी अपने दफ्तर में।</div></div>"
    assert (
        read(page(f"<h1>{TITLE}</h1><p>{ONE}</p>{caption}<p>{TWO}</p><p>{THREE}</p>")).source_text
        == f"{TITLE}\n\n{ONE}\n\n{TWO}\n\n{THREE}"
    )
    slides = "".join(f"<div><img src=a><div>{text}</div></div>" for text in (ONE, TWO, THREE))
    assert read(page(f"<h1>{TITLE}</h1>{slides}")).source_text == f"{TITLE}\n\n{ONE}\n\n{TWO}\n\n{THREE}"


def test_joiners_and_repeated_paragraphs_are_kept():
    line = "श्री\u200cमान ने क्\u200dष कहा कि हां, बिल्कुल ऐसा ही होगा और यही सही है।"
    story = read(page(f"<h1>{TITLE}</h1><p>{line}</p><p>{ONE}</p><p>{line}</p>"))
    assert story.source_text == f"{TITLE}\n\n{line}\n\n{ONE}\n\n{line}"


def test_a_short_page_or_fragment_is_an_article_too():
    assert read(f"<h1>{TITLE}</h1><p>{ONE}</p>".encode()).source_text == f"{TITLE}\n\n{ONE}"
    assert read(f"<p>{ONE}</p>\n<p>{TWO}</p>".encode()).source_text == f"{ONE}\n\n{TWO}"
    assert read(f"{ONE}<p>{TWO}</p>".encode()).source_text == f"{ONE}\n\n{TWO}"


def test_entities_and_links_within_a_paragraph_are_text():
    story = read(
        page(
            '<h1>A &amp; B</h1><p>Shares of <a href="/x">A&amp;B Ltd</a> rose&nbsp;5% to &#8377;500 on Monday, it said.</p>'
        )
    )
    assert story.source_text == "A & B\n\nShares of A&B Ltd rose\u00a05% to ₹500 on Monday, it said."


def test_broken_markup_is_read_as_browsers_read_it():
    content = f"<html><body><h1>{TITLE}<p>{ONE}<p>{TWO}<div><b>और</i> यह भी सही है।</div".encode()
    assert ONE in read(content).source_text
    assert TWO in read(content).source_text


def test_the_declared_encoding_counts_where_a_page_is_not_utf8():
    text = "The company’s café chain raised £5 million from two funds in London."
    content = f"<html><head><meta charset=windows-1252><body><h1>Big deal here</h1><p>{text}</p>".encode(
        "cp1252"
    )
    assert read(content).source_text == f"Big deal here\n\n{text}"


def test_a_character_cut_in_two_does_not_cost_the_page():
    content = page(head='<meta name="description" content="कंप@">').replace(b"@", b"\xe0\xa4")
    assert read(content).source_text == f"{TITLE}\n\n{BODY}"


LINKS = "".join(
    f'<li><a href="/{number}">खबर नंबर {number}: बाजार में आज क्या हुआ, जानिए</a></li>' for number in range(30)
)
TEASERS = "".join(
    f'<div class=card><h3><a href="/{number}">खबर {number}: बाजार में क्या हुआ</a></h3><p>बाजार में आज दिन भर तेजी रही और शेयर चढ़े।</p></div>'
    for number in range(12)
)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (page(f"<h1>ताजा खबरें</h1><ul>{LINKS}</ul>"), "list_page"),
        (page(f"<h1>कारोबार</h1>{TEASERS}"), "list_page"),
        (page(INNER, '<link rel="canonical" href="https://example.com/">'), "home_page"),
        (page(""), "no_article"),
        (page("<script>render()</script>"), "no_article"),
        (b"<html></html>", "no_article"),
    ],
    ids=["links", "teasers", "home", "empty", "script", "bare"],
)
def test_a_page_without_an_article_is_refused(content, reason):
    with pytest.raises(NotAnArticle) as caught:
        read(content)
    assert caught.value.reason == reason


TAB = "<title>दूध के दाम: नमूना समाचार</title>"


def test_a_headline_marked_by_microdata_wins_over_the_title_of_the_browser_tab():
    body = f"<h1>नमूना समाचार</h1><div itemprop='headline'>{TITLE}</div>{INNER}"
    assert read(page(body, TAB)).title == TITLE


def test_the_one_heading_of_a_page_wins_over_the_title_of_the_browser_tab():
    assert read(page(head=TAB)).title == TITLE


@pytest.mark.parametrize("teaser", [ONE, f"{ONE[:50]}…", f"{ONE} {TWO[:20]}...", f"{ONE[:53]} [...]"])
def test_a_body_of_json_ld_that_only_teases_does_not_replace_the_page(teaser):
    assert read(page(head=ld(article(articleBody=teaser)))).source_text == f"{TITLE}\n\n{BODY}"


def test_half_a_surrogate_pair_in_json_ld_never_leaves_a_page():
    source = (
        '{"@type": "NewsArticle", "headline": "Deal \\ud83d news", "author": {"name": "A \\udc00"},'
        ' "url": "https://example.com/\\ud800", "publisher": {"name": "\\udfff"}}'
    )
    story = read(page(INNER, f'<script type="application/ld+json">{source}</script>'))
    assert (story.title, story.byline) == ("Deal \ufffd news", ("A \ufffd",))
    assert (story.url, story.publisher) == ("https://example.com/\ufffd", "\ufffd")


@pytest.mark.parametrize("frame", ["<aside>@</aside>", '<div class="sidebar">@</div>', "<footer>@</footer>"])
def test_the_date_of_a_story_beside_the_article_is_not_its_date(frame):
    beside = frame.replace("@", '<a href=/x>पुरानी खबर</a><time datetime="2019-01-01">2019</time>')
    own = f'<time datetime="{WHEN}">24 दिसंबर</time>'
    body = f'{beside}<div class="story-share-wrapper"><h1>{TITLE}</h1>@{INNER}</div>'
    assert read(page(body.replace("@", own))).published_date == dt.date(2025, 12, 24)
    assert read(page(body.replace("@", ""))).published_date is None


def test_a_date_that_cannot_be_read_does_not_hide_the_next():
    node = article(datePublished="soon", dateCreated=WHEN)
    assert read(page(head=ld(node))).published_date == dt.date(2025, 12, 24)


def test_a_form_around_the_whole_page_hides_nothing_but_its_controls():
    body = (
        f"<form id=aspnetForm><h1>{TITLE}</h1>{INNER}<select><option>मुंबई</select><button>भेजें</button></form>"
    )
    assert read(page(body)).source_text == f"{TITLE}\n\n{BODY}"


@pytest.mark.parametrize(
    "author",
    [{"@id": "#a"}, [{"@id": "#a"}], [[{"name": "Asha Rao"}]], {"name": ["Asha Rao"]}, [["Asha Rao"]]],
)
def test_the_author_is_found_however_json_ld_nests_it(author):
    person = {"@type": "Person", "@id": "#a", "name": "Asha Rao"}
    story = read(page(head=ld({"@graph": [article(author=author), person]})))
    assert story.byline == ("Asha Rao",)


def test_a_headline_rescued_from_broken_json_ld_does_not_beat_the_title_of_the_page():
    source = f'{{"@type": "NewsArticle", "datePublished": "{WHEN}", "related": {{"headline": "कोई और "खबर" है"}}, "headline": "दूसरी खबर का शीर्षक"'
    story = read(page(head=f'<script type="application/ld+json">{source}</script>'))
    assert (story.title, story.published_date) == (TITLE, dt.date(2025, 12, 24))
