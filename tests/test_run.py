"""One pass: every story accounted for, in order, cut into batches that a second run cuts alike."""

import datetime as dt
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path

import pandas as pd
import pytest

from pipeline.article import Refusal, Story
from pipeline.batch import Worked
from pipeline.intake import Candidate
from pipeline.run import carry, read_each
from pipeline.store import opened
from pipeline.tables import Run, Tables
from pipeline.verify import problems
from tests.stories import article, batch, files

GIVEN = dt.date(2025, 12, 25)


def story(number: int) -> Story:
    return Story(f"{number}.txt", f"तारा टेक ने {number} करोड़ रुपये जुटाए। यह कंपनी पुणे में है और तेज़ी से बढ़ रही है।")


def rows_of(candidates: Sequence[Candidate]) -> Tables:
    """Rows as analysis would make them, without its cost."""
    from dataclasses import replace

    articles = [
        replace(
            article(0),
            article_id=one.article_id,
            source_uri=one.story.source_uri,
            content_hash=one.content_hash,
            duplicate_of=one.duplicate_of,
        )
        for one in candidates
    ]
    return batch(*articles)


def promised(candidates: Sequence[Candidate]) -> Future[Worked]:
    future: Future[Worked] = Future()
    future.set_result(Worked(rows_of(candidates)))
    return future


def ran(root: Path, readings: Sequence[Story | Refusal], batch_size: int = 3) -> Run:
    with opened(root) as store:
        run_id = store.begin("{}", "m1").run_id
        carry(
            store,
            run_id,
            readings,
            given=GIVEN,
            batch_size=batch_size,
            submit=promised,
            ahead=2,
            progress=lambda read, published: None,
        )
        ended = store.end(run_id, "completed")
        assert list(problems(store)) == []
        return ended


def counts(run: Run) -> tuple[int, int, int, int, int]:
    return run.n_read, run.n_written, run.n_unchanged, run.n_duplicates, run.n_rejected


def test_every_story_ends_as_an_article_a_duplicate_or_a_reject(tmp_path: Path) -> None:
    copy = Story("copy.txt", story(1).source_text)
    readings = [story(1), copy, Refusal("x", "binary", "not text"), story(2), story(2)]
    assert counts(ran(tmp_path, readings)) == (5, 2, 0, 2, 1)


def test_reading_the_same_again_writes_nothing(tmp_path: Path) -> None:
    readings = [story(number) for number in range(7)]
    ran(tmp_path, readings)
    before = files(tmp_path)
    assert counts(ran(tmp_path, readings)) == (7, 0, 7, 0, 0)
    assert files(tmp_path) == before


def test_new_stories_among_known_ones_are_added(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), story(3)])
    assert counts(ran(tmp_path, [story(1), story(2), story(3)])) == (3, 1, 2, 0, 0)
    assert len(pd.read_parquet(tmp_path / "articles")) == 3


def test_a_run_that_stops_anywhere_and_is_taken_up_again_gives_the_same_bytes(tmp_path: Path) -> None:
    readings: list[Story | Refusal] = [story(number) for number in range(10)]
    readings.insert(4, Refusal("x", "binary", "not text"))
    readings.insert(6, Story("copy.txt", story(2).source_text))
    ran(tmp_path / "calm", readings)
    for stop in range(len(readings)):
        root = tmp_path / str(stop)
        with pytest.raises(RuntimeError):
            ran(root, stopping(readings, stop))  # type: ignore[arg-type]  # any iterable will do
        ran(root, readings)
        assert files(root) == files(tmp_path / "calm"), f"stopped after {stop} readings"


def stopping(readings: Sequence[Story | Refusal], after: int) -> object:
    yield from readings[:after]
    raise RuntimeError("the source fell silent")


def test_an_input_that_names_nothing_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(story(1).source_text)
    read = list(read_each([str(tmp_path / "none.txt"), str(tmp_path / "a.txt")]))
    assert isinstance(read[0], Refusal) and read[0].reason == "not_found"
    assert isinstance(read[1], Story)
