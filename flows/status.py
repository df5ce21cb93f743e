"""How a store fares: its last runs, what they refused, its size, its schedules, and whether all is well."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from flows.lag import Served, lag, served
from flows.rows import Rows, of_records
from pipeline.busy import is_busy
from pipeline.home import Root
from pipeline.places import placed
from pipeline.query import connect
from pipeline.sizes import sizes

_LAST: Final = 10

_RUNS: Final = f"""
    WITH last AS (
        SELECT * REPLACE (CASE WHEN state = 'running' AND NOT $busy THEN 'crashed' ELSE state END AS state)
        FROM runs ORDER BY run_id DESC LIMIT {_LAST}
    ), timed AS (
        SELECT *, epoch(if(state = 'running', $now, ended_at)) - epoch(started_at) AS seconds FROM last
    )
    SELECT run_id, started_at, ended_at, state, round(seconds, 1) AS seconds,
           round(n_read / nullif(seconds, 0), 2) AS articles_per_second,
           n_read, n_written, n_unchanged, n_duplicates, n_rejected
    FROM timed ORDER BY run_id DESC"""
_REJECTS: Final = f"""
    SELECT reason, count(*) AS rejects, min(source_uri) AS for_example
    FROM rejects SEMI JOIN (SELECT run_id FROM runs ORDER BY run_id DESC LIMIT {_LAST}) USING (run_id)
    GROUP BY reason ORDER BY rejects DESC, reason"""
_STORED: Final = """
    SELECT count(*) AS articles, (SELECT count(*) FROM mentions) AS mentions,
           (SELECT count(*) FROM amounts) AS amounts,
           min(published_date) AS first_day, max(published_date) AS last_day
    FROM articles"""
_COMPLETED: Final = """
    SELECT max(started_at) AS began, max(ended_at) AS ended FROM runs WHERE state = 'completed'"""
_DISK: Final = ("folder", "files", "bytes", "small_files")
_SERVED: Final = ("name", "paused", "last_due", "behind_seconds")


@dataclass(frozen=True, slots=True)
class Status:
    """What can be seen of a store at the time `now`; `schedules` is None where no server can be asked."""

    now: dt.datetime
    runs: Rows
    rejects: Rows
    stored: Rows
    disk: Rows
    schedules: Rows | None
    last_completed: dt.datetime | None


def status_of(root: Root) -> Status:
    """Look at the store at `root`, whether or not a run holds it; NoStore when there is none."""
    now = dt.datetime.now(dt.UTC)
    tables = connect(root)
    busy = is_busy(root) is not False  # where it cannot be told, a run is taken at its word
    (completed,) = _rows(tables, _COMPLETED).records()
    out = str(root.absolute()) if isinstance(root, Path) else root
    found = served(out, now)
    return Status(
        now,
        runs=_rows(tables, _RUNS, {"busy": busy, "now": now}),
        rejects=_rows(tables, _REJECTS),
        stored=_rows(tables, _STORED),
        disk=of_records(_DISK, [asdict(one) for one in sizes(placed(root))]),
        schedules=None if found is None else _schedules(found, completed["began"], now),
        last_completed=completed["ended"],
    )


def complaint(status: Status, max_age: dt.timedelta | None = None) -> str | None:
    """What a monitor should know, in one sentence; None when all is well.

    The last run that is over should have completed, and within `max_age` if that is given.
    """
    over = [one for one in status.runs.records() if one["state"] != "running"]
    if over and over[0]["state"] != "completed":
        return f"the last run, {over[0]['run_id']}, has {over[0]['state']}"
    if max_age is None:
        return None
    if status.last_completed is None:
        return "no run has completed yet"
    age = status.now - status.last_completed
    if age <= max_age:
        return None
    return f"no run has completed for {_minutes(age)}; {_minutes(max_age)} are allowed"


def as_record(status: Status, reason: str | None) -> dict[str, Any]:
    """The status for programs."""
    return {
        "well": reason is None,
        "reason": reason,
        "runs": status.runs.records(),
        "rejects": status.rejects.records(),
        "stored": status.stored.records()[0],
        "disk": status.disk.records(),
        "schedules": status.schedules.records() if status.schedules else None,
        "last_completed": status.last_completed,
    }


def _rows(tables: duckdb.DuckDBPyConnection, sql: str, values: dict[str, Any] | None = None) -> Rows:
    found = tables.execute(sql, values or {})
    return Rows([column[0] for column in found.description], found.fetchall())


def _schedules(found: Sequence[Served], completed: dt.datetime | None, now: dt.datetime) -> Rows:
    rows = [
        {**asdict(one), "behind_seconds": round(lag(one, completed, now).total_seconds())} for one in found
    ]
    return of_records(_SERVED, rows)


def _minutes(time: dt.timedelta) -> str:
    return f"{time.total_seconds() / 60:.0f} min"
