"""What is kept of a story for comparing it: hashes that are the same everywhere, spellings folded."""

import subprocess
import sys

import pytest
from hypothesis import given, settings

from pipeline.text.outline import LONGEST, RUNS, landmarks, outline
from tests.stories import ROOT
from tests.text.strange import strange_text

STORY = (
    "हिन्दी की किताब डेढ़ करोड़ रुपये में बिकी। खरीदने वाली कंपनी का नाम सागर प्रकाशन है और उसने 1,25,000 प्रतियां छापी हैं।"
)


@pytest.mark.parametrize(
    "other",
    [
        STORY.replace("हिन्दी", "हिंदी").replace("करोड़", "करोड").replace("रुपये", "रुपए"),
        STORY.replace("1,25,000", "१२५०००").replace("।", " ."),
        STORY.replace("ड़", "\u095c").replace("क्ष", "क्\u200dष"),
        STORY.replace("छापी", "छापि"),
    ],
    ids=["nukta and nasals", "digits and stops", "code points", "a short vowel for a long one"],
)
def test_spellings_have_one_outline(other: str) -> None:
    assert outline(other) == outline(STORY)


@pytest.mark.parametrize(
    "change", [("1,25,000", "1,35,000"), ("डेढ़", "ढाई"), ("सागर", "कमल"), ("की किताब", "किताब")]
)
def test_other_words_and_figures_have_another(change: tuple[str, str]) -> None:
    assert outline(STORY.replace(*change)) != outline(STORY)


def test_it_takes_two_bytes_a_word_and_has_an_end() -> None:
    assert len(outline("एक दो तीन")) == 6
    assert len(outline("शब्द " * 3 * LONGEST)) == 2 * LONGEST


def test_landmarks_are_few_ascending_and_none_of_a_text_too_short() -> None:
    marks = landmarks(outline(STORY))
    assert len(marks) == RUNS and marks == sorted(set(marks))
    assert landmarks(outline("चार शब्द हैं यहां")) == []


def test_a_cut_text_keeps_landmarks_of_the_whole() -> None:
    whole, cut = (set(landmarks(outline(text))) for text in (STORY * 2, STORY))
    assert whole & cut


def test_they_are_the_same_in_a_process_with_another_hash_seed() -> None:
    code = (
        f"from pipeline.text.outline import *; print(outline({STORY!r}).hex(), landmarks(outline({STORY!r})))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={"PYTHONHASHSEED": "7", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert done.stdout.strip() == f"{outline(STORY).hex()} {landmarks(outline(STORY))}"


def test_they_are_the_same_on_every_machine() -> None:
    assert outline("तारा टेक ने 2.6 करोड़ जुटाए").hex() == "8514ae17561c188d00071b11"
    assert landmarks(outline("तारा टेक ने 2.6 करोड़ जुटाए")) == [2813357508, 3869295189]


@given(strange_text)
@settings(max_examples=150, deadline=None)
def test_any_text_has_an_outline_of_whole_words(text: str) -> None:
    assert len(outline(text)) % 2 == 0
