"""The unit of work: rows for every story, and a refusal for one that analysis fails on."""

import datetime as dt
from collections.abc import Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import analysis, batch
from pipeline.analysis import Analysis, analyse_candidates
from pipeline.article import Story
from pipeline.intake import Candidate, candidate
from pipeline.parts import as_stored

STORIES = [Story(f"{n}.txt", f"तारा टेक ने {n} करोड़ रुपये जुटाए।") for n in (1, 2, 3)]
CANDIDATES = [candidate(story, dt.date(2025, 12, 25)) for story in STORIES]


def test_a_batch_becomes_the_rows_of_four_tables() -> None:
    worked = batch.work(CANDIDATES)
    assert worked.refusals == ()
    assert worked.tables["articles"].num_rows == worked.tables["amounts"].num_rows == 3
    assert worked.tables["facts"].num_rows == 0


def test_a_story_that_analysis_fails_on_is_refused_and_the_others_are_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(candidates: Iterable[Candidate]) -> Iterator[Analysis]:
        for one in candidates:
            if one.story.source_uri == "2.txt":
                raise RuntimeError("a defect")
            yield from analyse_candidates([one])

    monkeypatch.setattr(analysis, "analyse_candidates", failing)
    worked = batch.work(CANDIDATES)
    assert worked.tables["articles"]["source_uri"].to_pylist() == ["1.txt", "3.txt"]
    (refusal,) = worked.refusals
    assert (refusal.source_uri, refusal.reason, refusal.detail) == (
        "2.txt",
        "failed",
        "RuntimeError: a defect",
    )


@given(st.lists(st.integers(1, 3), min_size=1, max_size=3))
@settings(max_examples=5, deadline=None)
def test_the_parts_of_a_batch_together_are_stored_as_the_whole_is(sizes: list[int]) -> None:
    stream = iter(CANDIDATES * 3)
    parts = [[next(stream) for _ in range(size)] for size in sizes]
    together = batch.joined([batch.work(part) for part in parts]).tables
    whole = batch.work([one for part in parts for one in part]).tables
    assert all(as_stored(together[name]).equals(as_stored(whole[name])) for name in whole)


def test_a_batch_of_which_nothing_can_be_kept_has_rows_of_no_article() -> None:
    joined = batch.joined([batch.refused(one, "it cannot be read") for one in CANDIDATES])
    assert [refusal.source_uri for refusal in joined.refusals] == ["1.txt", "2.txt", "3.txt"]
    assert joined.tables["articles"].num_rows == 0
