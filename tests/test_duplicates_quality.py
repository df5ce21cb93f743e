"""The labelled pairs, as a gate: copies are found, other stories are not taken for copies."""

from collections import Counter

import pytest

from benchmarks.duplicates_pairs import DATA, pairs
from benchmarks.duplicates_quality import Pair, labelled, score


@pytest.fixture(scope="module")
def stored() -> list[Pair]:
    return labelled()


@pytest.mark.parametrize("half", ["choose", "held"])
def test_precision_and_recall_are_at_least_98_percent(stored: list[Pair], half: str) -> None:
    scored = score([pair for pair in stored if pair.half == half])
    assert scored.precision >= 0.98 and scored.recall >= 0.98


def test_the_pairs_are_many_of_either_label_and_no_text_is_in_both_halves(stored: list[Pair]) -> None:
    assert len(stored) >= 400 and min(Counter(pair.repeats for pair in stored).values()) >= 200
    halves = {
        half: {t for p in stored if p.half == half for t in (p.first, p.second)}
        for half in ("choose", "held")
    }
    assert halves["choose"].isdisjoint(halves["held"])


def test_the_stored_pairs_are_those_that_the_rules_make(stored: list[Pair]) -> None:
    assert list(pairs()) == stored, f"run python -m benchmarks.duplicates_pairs to write {DATA} anew"
