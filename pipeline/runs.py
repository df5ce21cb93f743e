"""The runs of a store: ids that count up whatever the clock says, and rows read back from the tables."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from typing import Any, Final

from pipeline.parts import read_stored
from pipeline.places import Place
from pipeline.tables import SCHEMAS, Outcome, Run, TableName

_NUMBERED: Final = re.compile(r"r(\d+)-")
_COUNTER: Final[Mapping[Outcome, str]] = {
    "written": "n_written",
    "replaced": "n_written",
    "unchanged": "n_unchanged",
    "duplicate": "n_duplicates",
}


def next_id(last: str | None) -> str:
    """The id of the run that follows the one with the id `last`; ids sort as runs follow each other."""
    numbered = _NUMBERED.match(last or "")
    return f"r{int(numbered[1]) + 1 if numbered else 1:08}-{uuid.uuid4().hex[:8]}"


def counts(outcomes: Iterable[Outcome], rejected: int) -> dict[str, int]:
    """The counters of a run by the columns of `runs`, for so many outcomes and rejects."""
    counted = Counter(_COUNTER[one] for one in outcomes)
    return {**counted, "n_rejected": rejected, "n_read": counted.total() + rejected}


def stored_runs(place: Place) -> list[Run]:
    """The runs in the tables, sorted; what one that has not ended had done is counted. Raises Damaged."""
    rows = _rows(place, "runs", SCHEMAS["runs"].names)
    runs = sorted((Run(**row) for row in rows), key=lambda run: run.run_id)
    return [_counted(run, place) if run.state == "running" else run for run in runs]


def _counted(run: Run, place: Place) -> Run:
    ingests = _rows(place, "ingests", ["run_id", "outcome"])
    rejects = _rows(place, "rejects", ["run_id"])
    outcomes = (row["outcome"] for row in ingests if row["run_id"] == run.run_id)
    counted = counts(outcomes, sum(row["run_id"] == run.run_id for row in rejects))
    return Run(**{**asdict(run), **counted})


def _rows(place: Place, name: TableName, columns: list[str]) -> Iterator[dict[str, Any]]:
    for path in sorted(place.files(name)):
        if path.endswith(".parquet"):
            yield from read_stored(place, f"{name}/{path}", columns).to_pylist()
