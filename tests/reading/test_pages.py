"""Pages of many kinds of portals, each with what a careful reader takes from it, or why it is no article."""

import datetime as dt
import json
from pathlib import Path

import pytest

from pipeline.reading import NotAnArticle
from pipeline.reading.page import read_modified, read_page

PAGES = Path(__file__).with_name("pages")
GOLD = json.loads((PAGES / "gold.json").read_text("utf-8"))
ARTICLES = {name: gold for name, gold in GOLD.items() if "reason" not in gold}
OTHERS = {name: gold["reason"] for name, gold in GOLD.items() if "reason" in gold}


def content(name: str) -> bytes:
    return (PAGES / f"{name}.html").read_bytes()


def moment(gold: dict[str, str], key: str) -> dt.datetime | None:
    return dt.datetime.fromisoformat(gold[key]) if key in gold else None


@pytest.mark.parametrize("name", ARTICLES)
def test_title_and_body_are_those_a_reader_sees(name):
    gold = ARTICLES[name]
    story = read_page(content(name), name, moment(gold, "seen_at"))
    assert story.title == gold["title"]
    assert story.source_text == "\n\n".join([gold["title"], *gold["body"]])


@pytest.mark.parametrize("name", ARTICLES)
def test_date_byline_publisher_and_address_are_those_the_page_gives(name):
    gold = ARTICLES[name]
    story = read_page(content(name), name, moment(gold, "seen_at"))
    assert story.published_date == dt.date.fromisoformat(gold["date"])
    assert story.published_at == moment(gold, "at")
    assert story.byline == tuple(gold.get("byline", ()))
    for field in ("publisher", "url"):
        assert getattr(story, field) == gold.get(field) or field not in gold


@pytest.mark.parametrize("name", [name for name, gold in ARTICLES.items() if "modified" in gold])
def test_the_time_of_the_last_change_can_be_had_too(name):
    assert read_modified(content(name)).at == moment(ARTICLES[name], "modified")


@pytest.mark.parametrize("name", OTHERS)
def test_a_page_that_is_no_article_says_what_it_is(name):
    with pytest.raises(NotAnArticle) as caught:
        read_page(content(name), name)
    assert caught.value.reason == OTHERS[name]
