"""The public API: a text in, an article with its mentions and amounts out."""

import datetime as dt
import json
import threading
from decimal import Decimal
from itertools import count, islice, pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import analyse, analyse_many
from pipeline.analysis import Analysis
from pipeline.tables import record
from pipeline.text.devanagari import normalise
from tests.stories import SHARED

DAY = dt.date(2025, 12, 25)
TEXT = "पुणे की कंपनी तारा टेक लिमिटेड ने करीब ₹2.6 करोड़ जुटाए. यह रकम 30 लाख डॉलर के कर्ज से अलग है."


def holds(analysis: Analysis) -> None:
    """Every invariant that the contract states of spans and sums."""
    text, source = analysis.article.text, analysis.article.source_text
    for rows in (analysis.mentions, analysis.amounts):
        for row in rows:
            assert row.text and text[row.start : row.end] == row.text
            assert normalise(source[row.source_start : row.source_end]).text == row.text
            assert row.article_id == analysis.article.article_id
        assert all(before.end <= after.start for before, after in pairwise(rows))
    for amount in analysis.amounts:
        assert (amount.amount_min is None) == (amount.form == "indefinite")


def test_names_and_amounts_are_found_with_their_worth() -> None:
    done = analyse(TEXT, date=DAY)
    holds(done)
    rupees, dollars = done.amounts
    assert (rupees.text, rupees.currency, rupees.modifier) == ("₹2.6 करोड़", "INR", "approx")
    assert (rupees.amount_min, rupees.inr_crore_min, rupees.fx_rate) == (26_000_000, Decimal("2.6"), None)
    assert (dollars.text, dollars.currency, dollars.amount_max) == ("30 लाख डॉलर", "USD", 3_000_000)
    assert dollars.fx_rate and dollars.fx_date and dollars.fx_date <= DAY
    assert dollars.inr_crore_max == dollars.amount_max * dollars.fx_rate / 10_000_000
    assert (dollars.sentence, rupees.sentence) == (1, 0)
    assert "तारा टेक लिमिटेड" in [row.text for row in done.mentions if row.type == "COMPANY"]


def test_a_record_header_gives_the_date_and_is_no_part_of_the_text() -> None:
    article = analyse(f" date 2025-03-01 {TEXT}").article
    assert (article.published_date, article.date_source) == (dt.date(2025, 3, 1), "header")
    assert article.source_text == TEXT


def test_without_a_header_the_text_is_the_source_and_the_day_is_given() -> None:
    article = analyse(TEXT, date=DAY).article
    assert (article.source_text, article.published_date, article.date_source) == (TEXT, DAY, "given")


def test_offsets_point_back_into_a_source_in_any_encoding() -> None:
    odd = "तारा\u00a0टेक ने 5\u00a0करो\u095c  रु\u200dपये   जुटाए।"
    done = analyse(odd, date=DAY)
    holds(done)
    (amount,) = done.amounts
    assert odd[amount.source_start : amount.source_end] == "5\u00a0करो\u095c  रु\u200dपये"
    assert amount.text == "5 करोड़ रुपये"


def test_a_name_within_a_sum_is_no_mention() -> None:
    done = analyse("The firm raised US$ 450 million from investors in the US.", date=DAY)
    assert [row.text for row in done.amounts] == ["US$ 450 million"]
    assert all(row.start > done.amounts[0].end for row in done.mentions if row.text == "US")


def test_many_are_the_same_as_one_by_one_and_in_order() -> None:
    texts = [TEXT, "", "Tara Tech raised $5 million.", "नमस्ते"]
    assert list(analyse_many(texts, date=DAY)) == [analyse(text, date=DAY) for text in texts]


def test_many_are_read_lazily() -> None:
    endless = (f"तारा टेक ने {number} करोड़ रुपये जुटाए।" for number in count(1))
    assert len(list(islice(analyse_many(endless, date=DAY), 3))) == 3


def test_threads_may_analyse_at_once() -> None:
    expected = analyse(TEXT, date=DAY)
    found: list[Analysis] = []
    threads = [threading.Thread(target=lambda: found.append(analyse(TEXT, date=DAY))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [expected] * 4


def test_an_analysis_is_json() -> None:
    done = analyse(TEXT, date=DAY)
    shown = json.loads(json.dumps([record(row) for row in (done.article, *done.mentions, *done.amounts)]))
    assert shown[-1]["currency"] == "USD"


ANY_TEXT = st.text(
    st.characters()
    | st.sampled_from("कड़ा़्\u200c\u200d\u00a0\ufeff₹$1२३,.-\n \x00\ud800😀\u0301ीे")
    | st.sampled_from("abc रु"),
    max_size=120,
)
PIECES = st.lists(
    st.sampled_from(
        [
            "₹",
            "2.6",
            " ",
            "करोड़",
            "करो\u095c",
            "लाख",
            "रुपये",
            "डॉलर",
            "से",
            "\u200d",
            "\u0301",
            "\n",
            "रवि",
            "Ltd.",
            "।",
            "-",
            "़",
            "्",
        ]
    ),
    max_size=40,
).map("".join)


@settings(deadline=None, max_examples=150)
@given(ANY_TEXT | PIECES)
def test_no_text_raises_or_breaks_an_offset(text: str) -> None:
    done = analyse(text, date=DAY)
    holds(done)
    assert done.article.source_text in text


@pytest.mark.parametrize(
    "unit", ["क", "अ ", "₹1 और कुछ शब्द ", "\u0301", "\u200d", "करोड़ ", "1,", "रवि शर्मा ", "\n", "😀"]
)
def test_a_line_of_a_hundred_kilobytes_is_analysed(unit: str) -> None:
    text = unit * (100_000 // len(unit.encode()))
    holds(analyse(text, date=DAY))


ARTICLE = SHARED / "data/articles/side-hustle-2025-12-25.txt"


@pytest.mark.skipif(not ARTICLE.exists(), reason="the shared data folder is absent")
def test_a_real_article_gives_its_people_companies_and_sums_and_no_others() -> None:
    done = analyse(ARTICLE.read_text(encoding="utf-8"))
    holds(done)
    people = {row.text for row in done.mentions if row.type == "PERSON"}
    companies = {row.text for row in done.mentions if row.type == "COMPANY"}
    assert "उत्कर्ष अमिताभ" in people
    assert {"micro1", "माइक्रोसॉफ्ट", "Network Capital"} <= companies
    sums = [(row.text, row.currency, row.amount_min, row.modifier, row.per) for row in done.amounts]
    assert sums == [
        ("₹18,000", "INR", 18_000, "approx", "hour"),
        ("₹2.6 करोड़", "INR", 26_000_000, "approx", None),
        ("500 मिलियन डॉलर", "USD", 500_000_000, "approx", None),
    ]


def test_a_visarga_that_stands_for_a_colon_is_no_part_of_a_name() -> None:
    assert [mention.text for mention in analyse("रायपुरः मुख्यमंत्री ने कहा कि बारिश होगी।").mentions] == ["रायपुर"]
