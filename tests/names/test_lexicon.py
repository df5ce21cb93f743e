"""What the tables say of words and runs of words."""

import pytest

from pipeline.names.lexicon import load


def matches(sentence: str) -> list[tuple[str, str]]:
    forms = sentence.split()
    lexicon = load()
    found = lexicon.matches(forms)
    return [(" ".join(forms[start:end]), kind) for start, end, kind in found]


def test_a_listed_name_is_matched_whole_and_the_longest_wins() -> None:
    assert matches("शेयर Tata Motors में") == [("Tata Motors", "K")]


def test_a_name_listed_in_latin_letters_is_known_by_its_sound() -> None:
    assert matches("वह भारती हेक्साकॉम में") == [("भारती हेक्साकॉम", "c")]


def test_an_acronym_is_known_by_the_names_of_its_letters() -> None:
    assert ("एनएचपीसी", "K") in matches("एनएचपीसी ने") or ("एनएचपीसी", "aK") in matches("एनएचपीसी ने")


@pytest.mark.parametrize(
    "sentence", ["an apple a day", "he is up early", "time will tell", "the reliance on oil"]
)
def test_a_common_word_in_lower_case_is_no_listed_name(sentence: str) -> None:
    assert matches(sentence) == []


def test_an_acronym_must_stand_in_capitals() -> None:
    assert matches("Up and away") == []
    assert matches("in UP now") == [("UP", "T")]


def test_first_and_last_names_are_told_apart() -> None:
    assert any(tag.startswith("G") for tag in load().word_tags("Amitabh"))
    assert any(tag.startswith("N") for tag in load().word_tags("Sharma"))
    assert load().word_tags("sharma") == ()
