"""The unit of work: rows for every story, and a refusal for one that analysis fails on."""

import datetime as dt
from collections.abc import Iterable, Iterator

import pytest

from pipeline import batch
from pipeline.analysis import Analysis, analyse_candidates
from pipeline.article import Story
from pipeline.intake import Candidate, candidate

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

    monkeypatch.setattr(batch, "analyse_candidates", failing)
    worked = batch.work(CANDIDATES)
    assert worked.tables["articles"]["source_uri"].to_pylist() == ["1.txt", "3.txt"]
    (refusal,) = worked.refusals
    assert (refusal.source_uri, refusal.reason, refusal.detail) == (
        "2.txt",
        "failed",
        "RuntimeError: a defect",
    )
