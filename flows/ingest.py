"""A run from its parameters to its row in `runs`, by whatever carries the batches."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar
from dataclasses import dataclass

from flows.engines import Analyser, local
from flows.parameters import RunParameters
from flows.web import LateWeb, settings
from pipeline.assembly import model_version
from pipeline.home import INTERNAL
from pipeline.reading import Refused
from pipeline.run import Progress, Submit, carry, read_each
from pipeline.store import opened
from pipeline.tables import Run

WEB = "web"
"""The folder, beside the ledger, of what was fetched."""
_NAMED = 10

Carrier = Callable[[Analyser], Submit]
"""Makes, of an analyser that blocks, a submit that does not."""


def _unseen(read: int, published: int) -> None:
    """Progress that nobody watches."""


def _said(text: str) -> None:
    print(f"khabar: {text}", file=sys.stderr)


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a run: `progress` hears of stories read and published, `waiting` of a busy store.

    Without `waiting`, a busy store raises StoreBusy. `say` is told in a sentence what a user should know.
    """

    progress: Progress = _unseen
    waiting: Callable[[], None] | None = None
    say: Callable[[str], None] = _said


WATCH: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039  # a Watch is immutable


def ingest(parameters: RunParameters, carrier: Carrier) -> Run:
    """Run once, under the eyes of WATCH; the run's row."""
    watch = WATCH.get()
    with (
        opened(parameters.out, watch.waiting) as store,
        local(parameters.workers) as analyser,
        LateWeb(
            settings(parameters.user_agent, parameters.allow_private), store.root / INTERNAL / WEB
        ) as web,
    ):
        refused = _still_open(parameters, watch.say) if parameters.retry_rejects else ()
        run_id = store.begin(parameters.as_json(), model_version()).run_id
        try:
            carry(
                store,
                run_id,
                read_each(parameters.inputs, parameters.text_column, web, refused),
                given=parameters.date or dt.date.today(),
                languages=parameters.languages,
                batch_size=parameters.batch_size,
                submit=carrier(analyser),
                ahead=2 * parameters.workers - 1,
                progress=watch.progress,
            )
        except BaseException:
            store.end(run_id, "failed")
            raise
        return store.end(run_id, "completed")


def _still_open(parameters: RunParameters, say: Callable[[str], None]) -> Sequence[Refused]:
    """What was rejected and can be tried again; the rest is named."""
    from pipeline.rejects import still_open  # late: for DuckDB

    refused, lost = still_open(parameters.out, parameters.reason)
    if lost:
        some = ", ".join(lost[:_NAMED]) + (", …" if len(lost) > _NAMED else "")
        say(f"{len(lost)} rejects cannot be tried again, for nothing is kept of them: {some}")
    return refused


def ingest_directly(parameters: RunParameters) -> Run:
    """Run once in threads of this process, without Prefect."""
    with ThreadPoolExecutor(parameters.workers) as threads:
        return ingest(parameters, lambda analyser: lambda candidates: threads.submit(analyser, candidates))
