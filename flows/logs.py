"""The log of runs: a line of JSON as a run begins, for each batch, and as it ends.

There are counts, codes and times in it, never a word of an article, nor the name of a source: of an
error there is its class and where in the code it arose, and its message only where that is of our making.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
import sys
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from flows.faults import fault
from flows.watch import Began, Ended, Event, Listener, Published
from pipeline.reports import Report
from pipeline.tables import Run

STANDARD_ERROR: Final = Path("-")
_COUNTS: Final = ("n_read", "n_written", "n_unchanged", "n_duplicates", "n_rejected")
_PLACES: Final = 6  # of seconds


def log(target: Path) -> Listener:
    """A listener that appends to the file `target`, or to standard error; OSError when it cannot."""
    logger = logging.Logger("khabar", logging.INFO)  # not getLogger: it has no parents that print it again
    logger.addHandler(_Appending(target))
    return partial(_note, logger)


class _Appending(logging.Handler):
    """Opens its file for each line, so that it may be moved away at any time, and lets errors through."""

    def __init__(self, target: Path) -> None:
        super().__init__()
        self.setFormatter(_JsonLine())
        self._target = target
        self._append("")

    def emit(self, record: logging.LogRecord) -> None:
        """Append a line."""
        self._append(self.format(record) + "\n")

    def _append(self, text: str) -> None:
        if self._target == STANDARD_ERROR:
            sys.stderr.write(text)
        else:
            with self._target.open("a", encoding="utf-8") as file:
                file.write(text)


class _JsonLine(logging.Formatter):
    """A record as one line of JSON: its time, level and event, and then what is known of the event."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, without its end."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds")
        known = record.args if isinstance(record.args, Mapping) else {}
        return json.dumps({"time": at, "level": record.levelname.lower(), "event": record.msg, **known})


def _note(logger: logging.Logger, event: Event) -> None:
    match event:
        case Began(run):
            logger.info("run_began", _of_run(run))
        case Published(run_id, batch, total):
            logger.info("batch", {"run_id": run_id, "batch": total.batches, **_of_report(batch)})
        case Ended(run, total, error):
            known = _of_run(run) | _of_report(total) | (fault(error)._asdict() if error else {})
            logger.log(logging.ERROR if error else logging.INFO, "run_ended", known)


def _of_run(run: Run | None) -> dict[str, object]:
    if run is None:
        return {"run_id": None, "state": "failed"}
    versions = {"pipeline_version": run.pipeline_version, "model_version": run.model_version}
    return {"run_id": run.run_id, "state": run.state, **versions}


def _of_report(report: Report) -> dict[str, object]:
    seconds = {stage: round(taken, _PLACES) for stage, taken in report.seconds.items()}
    counts = {name: getattr(report, name) for name in _COUNTS}
    return {**counts, "characters": report.characters, "seconds": seconds, "rejects": dict(report.rejects)}
