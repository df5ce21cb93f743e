"""A run from its parameters to its row in `runs`, by whatever carries the batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass

from flows.engines import Analyser, local
from flows.parameters import RunParameters
from pipeline.names.recogniser import load as load_recogniser
from pipeline.run import Progress, Submit, carry, read_each
from pipeline.store import opened
from pipeline.tables import Run

Carrier = Callable[[Analyser], Submit]
"""Makes, of an analyser that blocks, a submit that does not."""


def _unseen(read: int, published: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a run: `progress` hears of stories read and published, `waiting` of a busy store.

    Without `waiting`, a busy store raises StoreBusy.
    """

    progress: Progress = _unseen
    waiting: Callable[[], None] | None = None


WATCH: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039  # a Watch is immutable


def ingest(parameters: RunParameters, carrier: Carrier) -> Run:
    """Run once, under the eyes of WATCH; the run's row."""
    watch = WATCH.get()
    with opened(parameters.out, watch.waiting) as store, local(parameters.workers) as analyser:
        run_id = store.begin(parameters.as_json(), load_recogniser().version).run_id
        try:
            carry(
                store,
                run_id,
                read_each(parameters.inputs, parameters.text_column),
                given=parameters.date or dt.date.today(),
                batch_size=parameters.batch_size,
                submit=carrier(analyser),
                ahead=2 * parameters.workers - 1,
                progress=watch.progress,
            )
        except BaseException:
            store.end(run_id, "failed")
            raise
        return store.end(run_id, "completed")


def ingest_directly(parameters: RunParameters) -> Run:
    """Run once in threads of this process, without Prefect."""
    with ThreadPoolExecutor(parameters.workers) as threads:
        return ingest(parameters, lambda analyser: lambda candidates: threads.submit(analyser, candidates))
