"""Names of one sound in two scripts."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.sounds import acronym, skeleton
from pipeline.names.words import key


@pytest.mark.parametrize(
    ("latin", "devanagari"),
    [
        ("Microsoft", "माइक्रोसॉफ्ट"),
        ("Flipkart", "फ्लिपकार्ट"),
        ("Amitabh", "अमिताभ"),
        ("Haldwani", "हल्द्वानी"),
        ("Chennai", "चेन्नई"),
        ("Zomato", "जोमैटो"),
        ("Ambuja", "अंबुजा"),
        ("Phillips", "फिलिप्स"),
    ],
)
def test_a_name_sounds_alike_in_both_scripts(latin: str, devanagari: str) -> None:
    assert skeleton(key(latin)) == skeleton(key(devanagari)) != ""


@pytest.mark.parametrize(("one", "other"), [("Tata", "Bata"), ("Delhi", "Dubai"), ("Anil", "Neel")])
def test_names_that_sound_apart_stay_apart(one: str, other: str) -> None:
    assert skeleton(key(one)) != skeleton(key(other))


@pytest.mark.parametrize(
    ("word", "letters"),
    [("एनटीपीसी", "ntpc"), ("बीजेपी", "bjp"), ("एसबीआई", "sbi"), ("आईआईटी", "iit"), ("डब्ल्यूएचओ", "who")],
)
def test_letters_named_in_devanagari_are_read_as_letters(word: str, letters: str) -> None:
    assert acronym(key(word)) == letters


@pytest.mark.parametrize("word", ["कमल", "बीमा", "NTPC", "सीमा", ""])
def test_a_word_that_only_begins_like_a_letter_is_no_acronym(word: str) -> None:
    assert acronym(key(word)) == ""


@given(st.text())
def test_any_key_has_a_skeleton_no_longer_than_twice_itself(word: str) -> None:
    assert len(skeleton(key(word))) <= 2 * len(key(word)) + 1
