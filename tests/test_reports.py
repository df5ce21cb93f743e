"""Reports of batches: they add up to the row of the run, and their seconds to its time."""

import datetime as dt
from pathlib import Path
from time import perf_counter, sleep

from hypothesis import given
from hypothesis import strategies as st

from pipeline.article import Refusal, Story
from pipeline.reports import STAGES, Report, nothing
from pipeline.run import carry
from pipeline.store import opened
from pipeline.tables import Run
from tests.test_run import promised, story

COUNTS = ("n_read", "n_written", "n_unchanged", "n_duplicates", "n_rejected")


def reported(root: Path, readings: object, batch_size: int = 2) -> tuple[Run, list[Report]]:
    heard: list[Report] = []
    with opened(root) as store:
        run_id = store.begin("{}", "m1").run_id
        carry(
            store,
            run_id,
            readings,  # type: ignore[arg-type]  # any iterable will do
            given=dt.date(2025, 12, 25),
            batch_size=batch_size,
            submit=promised,
            ahead=1,
            progress=lambda read, published: None,
            reported=heard.append,
        )
        return store.end(run_id, "completed"), heard


def counts(one: Run | Report) -> list[int]:
    return [getattr(one, name) for name in COUNTS]


def test_the_reports_of_the_batches_add_up_to_the_row_of_the_run(tmp_path: Path) -> None:
    copy = Story("copy.txt", story(1).source_text)
    unlucky = Story("unlucky.txt", story(9).source_text)
    readings = [story(1), copy, Refusal("x", "binary", "not text"), story(2), story(2), unlucky]
    for _ in range(2):
        run, heard = reported(tmp_path, readings)
        total = sum(heard, nothing())
        assert counts(total) == counts(run)
        assert total.rejects == {"binary": 1, "failed": 1}
        assert total.batches == len(heard)


def test_characters_are_those_that_were_analysed(tmp_path: Path) -> None:
    readings = [story(number) for number in range(5)]
    _, heard = reported(tmp_path, readings)
    assert sum(one.characters for one in heard) == sum(len(one.source_text) for one in readings)
    _, again = reported(tmp_path, readings)
    assert sum(one.characters for one in again) == 0


def test_the_stages_fill_the_time_of_a_run_and_the_slow_one_is_seen(tmp_path: Path) -> None:
    def slowly() -> object:
        for number in range(4):
            sleep(0.05)
            yield story(number)

    began = perf_counter()
    _, heard = reported(tmp_path, slowly())
    took = perf_counter() - began
    total = sum(heard, nothing())
    assert total.seconds["read"] >= 0.2
    assert sum(total.seconds[stage] for stage in ("read", "intake", "wait", "publish")) <= took


reports = st.builds(
    Report,
    *[st.integers(0, 9)] * 6,
    rejects=st.dictionaries(st.sampled_from(["binary", "empty"]), st.integers(1, 9)),
    characters=st.integers(0, 9),
    seconds=st.fixed_dictionaries({stage: st.integers(0, 9).map(float) for stage in STAGES}),
)


@given(reports, reports, reports)
def test_reports_can_be_added_in_any_order_and_nothing_changes_none(a: Report, b: Report, c: Report) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a
    assert a + nothing() == a
