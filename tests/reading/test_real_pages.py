"""Real pages of five newspapers with known titles, days and bodies, and a home page."""

import datetime as dt
import json
from collections import Counter
from pathlib import Path

import pytest
import regex

from pipeline.reading import NotAnArticle, read, read_article

DATA = Path(__file__).parents[2] / "../shared/data"
WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
TAGS = regex.compile(r"<(script|iframe)\b.*?</\1>|<[^>]*>", regex.S)

pytestmark = pytest.mark.skipif(
    not (DATA / "html").is_dir(), reason="the shared data are not beside the project"
)


def gold(name: str) -> dict[str, str | None]:
    known = json.loads((DATA / "html" / name).read_text("utf-8"))
    if "V1" not in known:
        return {
            "title": known.get("headline"),
            "date": known.get("datePublished"),
            "body": known["articleBody"],
        }
    one = known["V1"]
    parts = [
        part for section in one["body"]["sections"] for part in section["headline"] + section["paragraphs"]
    ]
    return {"title": one["title"], "date": one["publishing_date"], "body": "\n".join(parts)}


def shares(body: str, known: str) -> tuple[float, float]:
    """Precision and recall of the words of a body."""
    ours, theirs = Counter(WORD.findall(body)), Counter(WORD.findall(TAGS.sub(" ", known)))
    both = sum((ours & theirs).values())
    return both / sum(ours.values()), both / sum(theirs.values())


@pytest.mark.parametrize("described", [True, False], ids=["with JSON-LD", "without JSON-LD"])
@pytest.mark.parametrize(
    ("page", "known", "precision"),
    [
        ("aeb_65408257dbe4.html", "aeb_65408257dbe4.gold.json", 0.99),
        ("amarujala_12thfail_article.html", "amarujala_12thfail_article.jsonld_gold.json", 0.99),
        ("bhaskar_samastipur_2024-09-04.html", "bhaskar_gold_2024-09-04.json", 0.99),
        ("economictimes_og.html", "economictimes_og.jsonld_gold.json", 0.99),
        ("timesofindia_2024_09_02.html", "timesofindia_2024_09_02.jsonld_gold.json", 0.98),
    ],
)
def test_a_real_page_gives_its_title_day_and_body(page, known, precision, described):
    content = (DATA / "html" / page).read_bytes()
    story = read_article(content if described else content.replace(b"application/ld+json", b"text/x"), page)
    expected = gold(known)
    if expected["title"]:
        assert story.title == " ".join(expected["title"].split())
        assert story.published_date == dt.date.fromisoformat(expected["date"][:10])
    found, kept = shares(story.source_text.removeprefix(f"{story.title}\n\n"), expected["body"])
    # a standfirst that its JSON-LD leaves out is not told from a paragraph without that JSON-LD
    assert found >= (0.78 if "amarujala" in page and not described else precision)
    assert kept >= 0.985


def test_a_real_home_page_is_no_article():
    with pytest.raises(NotAnArticle) as caught:
        read_article((DATA / "html" / "amarujala_home.html").read_bytes(), "home.html")
    assert caught.value.reason == "home_page"


def test_every_newspaper_day_has_the_date_in_its_name_and_its_text_whole():
    for story in read([str(DATA / "text" / "news-2020")]):
        assert story.source_uri.endswith(f"-{story.published_date}.txt")
        assert story.date_source == "header"
        file = (DATA / "text" / "news-2020" / story.source_uri).read_bytes().decode("utf-8")
        assert file.strip() == f"date {story.published_date} {story.source_text}".strip()
