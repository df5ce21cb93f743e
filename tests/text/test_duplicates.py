"""Fingerprints: the same words in other dress, and other words."""

import pytest
from hypothesis import given, settings

from pipeline.text.devanagari import normalise
from pipeline.text.duplicates import fingerprint
from tests.text.strange import strange_text

ARTICLE = "“हिन्दी” की किताब 1.5 करोड़ रुपये में बिकी। Amazon ने ख़रीदी।"


@pytest.mark.parametrize(
    "other",
    [
        '"हिंदी" की किताब 1.5 करोड रुपये में बिकी . AMAZON ने खरीदी .',
        "\ufeff“हिन्दी”  की किताब\r\n1.5\xa0करो\u095c रुपये में बिकी| amazon ने \u0959रीदी",
    ],
)
def test_the_same_words_in_other_dress_have_one_fingerprint(other: str) -> None:
    assert fingerprint(other) == fingerprint(ARTICLE)


@pytest.mark.parametrize("change", [("1.5", "15"), ("में", "से"), ("Amazon", "Amazons")])
def test_other_words_or_figures_have_another_fingerprint(change: tuple[str, str]) -> None:
    assert fingerprint(ARTICLE.replace(*change)) != fingerprint(ARTICLE)


@pytest.mark.parametrize(
    ("apart", "together"),
    [
        ("2-3 करोड़", "23 करोड़"),
        ("10, 20 और 30", "1020 और 30"),
        ("1/2 एकड़", "12 एकड़"),
        ("5 10", "510"),
        ("10,20", "1020"),
    ],
)
def test_figures_that_stand_apart_are_not_the_figure_they_make_together(apart: str, together: str) -> None:
    assert fingerprint(apart) != fingerprint(together)


def test_the_commas_that_group_the_digits_of_a_number_are_dress() -> None:
    assert fingerprint("1,25,000 रुपये और 12,345,678 शेयर") == fingerprint("125000 रुपये और 12345678 शेयर")


def test_a_fingerprint_is_a_sha256_in_hex() -> None:
    assert len(fingerprint("")) == 64
    assert int(fingerprint(ARTICLE), 16) > 0


@given(strange_text)
@settings(max_examples=200, deadline=None)
def test_normalising_keeps_the_fingerprint_of_any_text(text: str) -> None:
    assert fingerprint(normalise(text).text) == fingerprint(text)
