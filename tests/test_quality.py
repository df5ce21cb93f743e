"""Quality does not fall: the scores of `make eval` against the stored baseline, and the rules of that."""

import pytest

from benchmarks import amounts_quality
from benchmarks.quality import NOISE, PACE, measured, raised, read_baseline, worse
from tests.stories import SHARED

DATA = SHARED / "data"


@pytest.mark.skipif(not (DATA / "ner").is_dir(), reason="the shared developer sets are absent")
def test_no_score_is_below_the_baseline() -> None:
    assert worse(read_baseline(), measured(DATA)) == {}


def test_on_our_own_corpus_the_amounts_are_what_the_project_promises() -> None:
    tally = amounts_quality.of_corpus()
    assert tally.f1 >= 0.98
    assert tally.modifiers / tally.right >= 0.95
    assert tally.rates / tally.right >= 0.95


def test_sentences_without_money_give_none() -> None:
    wrong, sentences = amounts_quality.false_alarms()
    assert wrong / sentences <= 0.01


def test_no_sum_of_the_corpus_is_given_a_wrong_currency() -> None:
    assert amounts_quality.wrong_currencies() == []


def test_the_baseline_is_only_ever_raised() -> None:
    assert raised({"a": 0.9, "b": 0.5}, {"a": 0.8, "b": 0.61234, "c": 0.3}) == {
        "a": 0.9,
        "b": 0.6123,
        "c": 0.3,
    }


def test_a_score_that_falls_beyond_noise_or_is_gone_is_worse() -> None:
    assert worse({"a": 0.9}, {"a": 0.9 - NOISE / 2}) == {}
    assert worse({"a": 0.9, "b": 0.5}, {"a": 0.85}) == {"a": (0.9, 0.85), "b": (0.5, 0.0)}


def test_names_may_be_read_a_third_slower_on_a_busy_machine_and_no_slower() -> None:
    assert worse({PACE: 10.0}, {PACE: 7.0}) == {}
    assert worse({PACE: 10.0}, {PACE: 6.0}) == {PACE: (10.0, 6.0)}


def test_every_score_of_the_baseline_is_one() -> None:
    assert all(0 < score <= 1 for name, score in read_baseline().items() if name != PACE)
    assert len(read_baseline()) > 5
