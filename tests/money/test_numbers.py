"""Numbers: digits, words and scales to exact values."""

from __future__ import annotations

from decimal import Decimal

import pytest

from pipeline.money.lexer import lines, number_value
from pipeline.money.numbers import number_at


def value(text: str) -> str | None:
    """The value of the number that is the whole of `text`."""
    (tokens,) = lines(text)
    number = number_at(tokens, 0)
    if number is None or number.last != len(tokens) or number.value is None:
        return None
    return f"{number.value.normalize():f}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("125000", "125000"),
        ("1,25,000", "125000"),
        ("125,000", "125000"),
        ("१,२५,०००.५०", "125000.5"),
        ("9,15,113", "915113"),
        ("15,00,00,000", "150000000"),
    ],
)
def test_digits_are_read_in_both_scripts_and_every_grouping(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["12,34", "1.250.000", "192.168.1.2", "10,15,20", "1,2345", "9" * 61])
def test_digits_grouped_in_no_known_way_have_no_value(text: str) -> None:
    assert number_value(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 करोड़ 35 लाख 40 हजार", "23540000"),
        ("7 अरब 63 करोड़", "7630000000"),
        ("एक करोड़ दो लाख तीन हजार चार सौ पांच", "10203405"),
        ("दो हजार पांच सौ तेईस", "2523"),
        ("इक्यावन सौ", "5100"),
        ("one hundred and twenty-five", "125"),
    ],
)
def test_falling_scales_add_up(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1.5 लाख करोड़", "1500000000000"),
        ("दस हजार करोड़", "100000000000"),
        ("एक सौ पैंसठ करोड़", "1650000000"),
        ("1 लाख 76 हजार 379 करोड़", "1763790000000"),
        ("2 लाख करोड़ 35 हजार करोड़", "2350000000000"),
        ("13k cr", "130000000000"),
        ("3.17 lakh-crore", "3170000000000"),
    ],
)
def test_a_scale_after_smaller_ones_multiplies_all_of_them(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("सवा लाख", "125000"),
        ("सवा दो लाख", "225000"),
        ("साढ़े तीन करोड़", "35000000"),
        ("साढ़े 4 लाख", "450000"),
        ("पौने दो सौ", "175"),
        ("पौने लाख", "75000"),
        ("डेढ़ सौ करोड़", "1500000000"),
        ("ढाई हजार", "2500"),
        ("आधा करोड़", "5000000"),
        ("half a million", "500000"),
        ("one and a half crore", "15000000"),
        ("a quarter million", "250000"),
        ("1½ लाख", "150000"),
        ("two point five lakh", "250000"),
    ],
)
def test_fractions_apply_before_the_scale(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("हजार करोड़", "10000000000"), ("लाख", "100000"), ("a crore", "10000000")]
)
def test_a_bare_scale_counts_one(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["अरब", "million", "पद्म", "नील"])
def test_a_bare_scale_that_is_also_something_else_is_no_number(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("dhai lakh", "250000"),
        ("sadhe teen crore", "35000000"),
        ("do sau", "200"),
        ("pachas hazaar", "50000"),
        ("sava lakh", "125000"),
    ],
)
def test_romanised_hindi_is_read(text: str, expected: str) -> None:
    assert value(text) == expected


@pytest.mark.parametrize("text", ["do", "char", "bis", "tin"])
def test_romanised_numerals_that_are_english_words_need_a_scale(text: str) -> None:
    assert value(text) is None


@pytest.mark.parametrize("spelling", ["करोड़", "करोड", "करो\u095c", "क\u093cरोड़", "करोड़ी"])
def test_the_nukta_never_matters(spelling: str) -> None:
    assert value(f"पाँच {spelling}") == "50000000"


@pytest.mark.parametrize(
    "text", ["करोड़ों", "हजारों करोड़", "कई सौ करोड़", "लाखों-करोड़ों", "hundreds of crores", "several million"]
)
def test_indefinite_numbers_have_no_value(text: str) -> None:
    (tokens,) = lines(text)
    number = number_at(tokens, 0)
    assert number is not None
    assert number.value is None
    assert number.last == len(tokens)


def test_a_number_remembers_what_a_lower_end_of_a_range_may_lack() -> None:
    (tokens,) = lines("1.5 लाख करोड़")
    number = number_at(tokens, 0)
    assert number is not None
    assert (number.lead, number.scales) == (Decimal("1.5"), (5, 7))
