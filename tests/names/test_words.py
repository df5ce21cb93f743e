"""Keys and shapes of single words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.words import is_devanagari, is_latin, key, shape


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("बड़ौदा", "बडौदा"),
        ("रिज़र्व", "रिजर्व"),
        ("हिन्दुस्तान", "हिंदुस्तान"),
        ("अम्बानी", "अंबानी"),
        ("चाँदनी", "चांदनी"),
        ("डॉक्टर", "डाक्टर"),
        ("Infosys", "INFOSYS"),
    ],
)
def test_spellings_of_one_word_share_a_key(one: str, other: str) -> None:
    assert key(one) == key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("मन", "मान"), ("कम्पनी", "कपनी"), ("जन्म", "जंम"), ("Tata", "Data")]
)
def test_other_words_keep_other_keys(one: str, other: str) -> None:
    assert key(one) != key(other)


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("micro1", "xd"),
        ("iPhone15", "xXxd"),
        ("NTPC", "X"),
        ("Tata", "Xx"),
        ("टाटा", "h"),
        ("१२", "d"),
        ("।", "।"),
    ],
)
def test_a_shape_shows_case_digits_and_script(word: str, expected: str) -> None:
    assert shape(word) == expected


@given(st.text())
def test_any_word_has_a_key_that_is_its_own_key(word: str) -> None:
    assert key(key(word)) == key(word)


@given(st.text())
def test_no_word_is_of_two_scripts(word: str) -> None:
    assert not (is_devanagari(word) and is_latin(word))
    assert len(shape(word)) <= 8
