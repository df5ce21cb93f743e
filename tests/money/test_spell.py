"""Random amounts in every spelling are read back to the last digit."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.money.amounts import find_sums
from pipeline.text.devanagari import normalise
from tests.money.spell import HINDI, ONES, Spelled, english, grouped, hindi, spelled


def read_back(text: str) -> Spelled | None:
    """The one sum that `text` is, as the speller tells it."""
    normal = normalise(text).text
    found = find_sums(normal)
    if len(found) != 1 or (found[0].start, found[0].end) != (0, len(normal)):
        return None
    value = found[0].minimum
    return (text, found[0].currency, value) if value is not None and value == found[0].maximum else None


@settings(max_examples=1500, deadline=None)
@given(st.integers(min_value=0, max_value=2**63))
def test_a_random_amount_is_read_back(seed: int) -> None:
    amount = spelled(random.Random(seed))
    assert read_back(amount[0]) == amount


@pytest.mark.parametrize("hundred", range(10))
def test_every_number_below_a_thousand_is_read_back_in_words(hundred: int) -> None:
    pick = random.Random(hundred)
    for number in range(100 * hundred, 100 * hundred + 100):
        for text in (f"{hindi(number, pick)} रुपये", f"{english(number, pick)} rupees"):
            assert read_back(text) == (text, "INR", number)


def test_the_speller_spells() -> None:
    pick = random.Random(0)
    assert len(HINDI) == 100 and len(set(HINDI)) == 100 and len(ONES) == 20
    assert hindi(205000, pick).startswith("दो लाख ")
    assert english(1_200_000_000_000, pick) in {
        "one trillion two hundred billion",
        "one lakh twenty thousand crore",
    }
    assert (grouped(12345678, (3, 2)), grouped(12345678, (3, 3))) == ("1,23,45,678", "12,345,678")
