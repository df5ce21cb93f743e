"""The sample articles of data/raw carry every form and every encoding that they are there for.

`samples_expected.jsonl` holds, for nine of them, what a careful reader finds: names as [surface, type,
count], amounts as [surface, currency, min, max, form, modifier, per] in the order of the text, sums as
decimal strings. Surfaces are normalised: letter + nukta, no joiners, a plain space for NBSP.
"""

from __future__ import annotations

import datetime as dt
import json
import unicodedata
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest
import regex

RAW = Path(__file__).parents[1] / "data" / "raw"
EXPECTED = Path(__file__).with_name("samples_expected.jsonl")
FILES = sorted(path for path in RAW.iterdir() if path.is_file())
RECORDS = [path for path in FILES if path.suffix == ".txt"]
PAGES = [path for path in FILES if path.suffix == ".html" and path.name != "not-an-article.html"]
ROWS = [json.loads(line) for path in RAW.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()]
READINGS = [json.loads(line) for line in EXPECTED.read_text("utf-8").splitlines()]
PER = {
    "hour",
    "day",
    "week",
    "month",
    "year",
    "person",
    "unit",
    "share",
    "kg",
    "10g",
    "quintal",
    "litre",
    "barrel",
    "acre",
}


def plain(text: str) -> str:
    return unicodedata.normalize("NFC", regex.sub("[\u200c\u200d]", "", text)).replace("\u00a0", " ")


def names(path: Path) -> str:
    return path.name


def test_the_folder_holds_seventeen_articles_and_one_page_that_is_none() -> None:
    assert (len(RECORDS), len(PAGES), len(ROWS)) == (11, 3, 3)
    assert Counter(path.suffix for path in FILES) == {".txt": 11, ".html": 4, ".jsonl": 1}


@pytest.mark.parametrize("path", FILES, ids=names)
def test_every_file_is_utf_8_and_not_empty(path: Path) -> None:
    assert path.read_bytes().decode("utf-8").strip()


@pytest.mark.parametrize("path", RECORDS, ids=names)
def test_a_record_opens_with_a_space_and_a_valid_date_that_its_name_repeats(path: Path) -> None:
    text = path.read_text("utf-8")
    header = regex.match(r" date (\d{4}-\d\d-\d\d) (?=\S)", text)
    assert header
    assert dt.date.fromisoformat(header[1]) < dt.date(2026, 1, 1)
    assert path.stem.endswith(header[1])


@pytest.mark.parametrize("path", RECORDS, ids=names)
def test_a_record_has_sub_headings_on_lines_of_their_own(path: Path) -> None:
    blocks = path.read_text("utf-8").strip().split("\n\n")
    assert any(not block.endswith((".", "।", '"')) for block in blocks[1:])


def test_seven_records_are_hindi_four_with_the_danda_and_three_with_the_dot() -> None:
    hindi = [
        text
        for path in RECORDS
        if len(regex.findall(r"\p{Devanagari}", text := path.read_text("utf-8"))) > len(text) / 2
    ]
    assert len(hindi) == 7
    assert sum("।" in text for text in hindi) == 4
    assert sum(regex.search(r"है\.", text) is not None for text in hindi) == 3


@pytest.mark.parametrize(
    ("file", "pattern"),
    [
        ("pawan-urja-sauda-dilli-2025-09-18.txt", "\u095c"),
        ("pawan-urja-sauda-dilli-2025-09-18.txt", "\u095d"),
        ("pawan-urja-sauda-dilli-2025-09-18.txt", "\u095b"),
        ("saur-sauda-jaipur-2025-09-18.txt", "करोड\u093c"),
        ("mandi-bhav-2025-06-12.txt", "\u200c"),
        ("mandi-bhav-2025-06-12.txt", "\u200d"),
        ("mandi-bhav-2025-06-12.txt", "\\d\u00a0करोड"),
        ("nidhi-thagi-indore-2024-11-22.txt", "करोड(?!\u093c)"),
        ("rajya-budget-2025-03-05.txt", "[०-९],[०-९]"),
    ],
)
def test_the_encodings_that_break_readers_are_really_there(file: str, pattern: str) -> None:
    assert regex.search(pattern, (RAW / file).read_bytes().decode("utf-8"))


def test_the_precomposed_article_writes_no_decomposed_nukta_and_the_bare_one_no_nukta_in_crore() -> None:
    assert "ड\u093c" not in (RAW / "pawan-urja-sauda-dilli-2025-09-18.txt").read_text("utf-8")
    assert "करोड\u093c" not in (RAW / "nidhi-thagi-indore-2024-11-22.txt").read_text("utf-8")


def test_one_deal_stands_in_three_papers_of_one_day_in_three_notations() -> None:
    deals = {path.name: path.read_text("utf-8") for path in RECORDS if path.stem.endswith("2025-09-18")}
    assert len(deals) == 3
    for notation in ("₹1,250 करोड\u093c", "12.5 अरब रुपये", "Rs 1,250 crore"):
        assert sum(notation in text for text in deals.values()) == 1


@pytest.mark.parametrize("path", PAGES, ids=names)
def test_a_page_carries_what_must_not_become_text(path: Path) -> None:
    page = path.read_text("utf-8")
    assert regex.search("ये भी पढ|Also read", page)
    assert regex.search("सर्वाधिकार सुरक्षित|Copyright", page)
    assert regex.search("विज्ञापन|ADVERTISEMENT", page)


def test_the_three_pages_tell_their_date_in_three_ways() -> None:
    ways = ('"@type":"NewsArticle"', 'property="article:published_time"', 'itemprop="datePublished"')
    found = [[way in path.read_text("utf-8") for way in ways] for path in PAGES]
    assert sorted(found) == [[False, False, True], [False, True, False], [True, True, False]]


def test_the_structured_data_of_the_pages_parses_and_its_body_is_the_printed_one() -> None:
    page = (RAW / "sauda-json-ld-2025-05-14.html").read_text("utf-8")
    blocks = [
        json.loads(b) for b in regex.findall(r'(?s)<script type="application/ld\+json">(.*?)</script>', page)
    ]
    article = next(block for block in blocks if block["@type"] == "NewsArticle")
    assert article["articleBody"].split("\n") == regex.findall(r"<p>(.*?)</p>", page.split("</article>")[0])


def test_the_rows_carry_text_title_and_a_valid_date() -> None:
    assert [dt.date.fromisoformat(row["date"]).day for row in ROWS] == [11, 12, 13]
    assert all(row["text"] and row["title"] and row["url"] for row in ROWS)


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: str(reading["file"]))
def test_a_reading_names_only_what_stands_in_the_article(
    reading: dict[str, list[list[str | int | None]]],
) -> None:
    text = plain((RAW / str(reading["file"])).read_text("utf-8"))
    for surface, kind, count in reading["names"]:
        assert kind in {"PERSON", "COMPANY", "ORG", "LOC"}
        assert text.count(str(surface)) >= int(count or 0) > 0
    at = 0
    for surface, *_ in reading["amounts"]:
        at = text.index(str(surface), at) + len(str(surface))


@pytest.mark.parametrize("reading", READINGS, ids=lambda reading: str(reading["file"]))
def test_the_sums_of_a_reading_fit_their_form(reading: dict[str, list[list[str | None]]]) -> None:
    for _, currency, low, high, form, modifier, per in reading["amounts"]:
        assert currency is not None and regex.fullmatch("[A-Z]{3}", currency)
        assert modifier in {None, "approx", "more_than", "less_than", "up_to", "at_least"}
        assert per is None or per in PER
        if low is None or high is None:
            assert (low, high, form) == (None, None, "indefinite")
        else:
            assert form == ("point" if Decimal(low) == Decimal(high) else "range")
            assert Decimal(low) <= Decimal(high)
