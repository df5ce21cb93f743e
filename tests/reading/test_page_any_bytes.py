"""Whatever bytes are called a page, a story or a refusal comes of them."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Story
from pipeline.reading import REASONS, NotAnArticle
from pipeline.reading.page import read_modified, read_page

SEEN = dt.datetime(2025, 12, 25, tzinfo=dt.UTC)
PIECES = st.sampled_from(
    ["<p>", "</p>", "<div class=ad>", "</div>", "<table>", "<tr><td>", "<h1>", "<a href=x>", "<br><br>", "<li>", "<time datetime='2025'>",
     "<script type='application/ld+json'>", "</script>", '{"@type":"NewsArticle","articleBody":', '"x"}', "[{", "}]", "<!--", "-->", "&#0;", "&amp;",
     "कंपनी ने 5 करोड़ रुपये जुटाए।", "Published: 25 Dec 2025 ", "3 घंटे पहले", "\u200d", "\ud800", "\x00", "<html amp>", "<meta property='og:title' content='a - b'>",
     "<span itemprop='author datePublished articleBody headline'>", "<link rel=canonical href='http://[x'>", "<body>", "<title>", "<amp-story>", "<form>", "<img>"]
)  # fmt: skip


def outcome(content: bytes) -> Story | str:
    try:
        return read_page(content, "a.html", SEEN)
    except NotAnArticle as no:
        return no.reason


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_story_or_refused_by_a_known_code(content):
    found = outcome(content)
    assert isinstance(found, Story) or found in REASONS


@settings(max_examples=250, deadline=None)
@given(st.lists(PIECES | st.text(max_size=20), max_size=40))
def test_any_pieces_of_markup_are_a_story_or_refused_by_a_known_code(pieces):
    content = "".join(pieces).encode("utf-8", "surrogatepass")
    found = outcome(content)
    assert isinstance(found, Story) or found in REASONS
    if isinstance(found, Story):
        assert found.source_text.strip()
        assert (found.published_date is None) == (found.date_source is None)
        assert read_modified(content) is None or found


PARAGRAPHS = st.lists(
    st.text(st.sampled_from("कखगघचजटडतदनपबमयरलवशसहािीुूेैोौं्\u200d\u200cabcdehr 25₹"), min_size=50, max_size=120)
    .map(lambda text: " ".join(text.split(" ")).strip() + "।"), min_size=1, max_size=8,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(PARAGRAPHS)
def test_no_paragraph_of_a_plain_page_is_lost_or_changed(paragraphs):
    paragraphs = [" ".join(filter(None, text.split(" "))) for text in paragraphs]
    markup = "<h1>शीर्षक यहां</h1>" + "".join(f"<p>{text}</p>" for text in paragraphs)
    story = read_page(f"<meta charset=utf-8><article>{markup}</article>".encode(), "a.html")
    assert story.source_text == "\n\n".join(["शीर्षक यहां", *paragraphs])
