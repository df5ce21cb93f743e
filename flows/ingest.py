"""A run from its parameters to its row in `runs`, by whatever carries the batches."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from flows import engines
from flows.engines import Carrier
from flows.noting import noted
from flows.parameters import RunParameters
from flows.terminal import sentence
from flows.watch import WATCH, Account, Listener, Watch
from flows.web import LateWeb, settings
from pipeline import __version__
from pipeline.assembly import model_version
from pipeline.compaction import compact_when_due
from pipeline.home import STAGING
from pipeline.parts import Damaged
from pipeline.period import Period
from pipeline.reading import Refused
from pipeline.reprocess import Versions, reprocess
from pipeline.run import carry, read_each
from pipeline.store import Store, opened
from pipeline.tables import Run

WEB = "web"
"""The folder of a store, on this machine, of what was fetched."""
_NAMED = 10


def ingest(parameters: RunParameters, carrier: Carrier, *listeners: Listener) -> Run:
    """Run once, under the eyes of WATCH and of `listeners`; the run's row."""
    watch = WATCH.get()
    account = Account([*noted(parameters), *listeners], watch.say)
    try:
        run = _ingested(parameters, carrier, watch, account)
    except BaseException as error:
        account.ended(error)
        raise
    account.ended()
    return run


def _ingested(parameters: RunParameters, carrier: Carrier, watch: Watch, account: Account) -> Run:
    engines.check(parameters)
    with (
        opened(parameters.out, watch.waiting, parameters.ledger) as store,
        carrier(parameters, _staging(store)) as line,
        LateWeb(
            settings(parameters.user_agent, parameters.allow_private), store.place.own_folder(WEB)
        ) as web,
    ):
        refused = _still_open(parameters, watch.say) if parameters.retry_rejects else ()
        period = Period(parameters.since, parameters.until)
        run_id = account.began(store.begin(parameters.as_json(), model_version()))
        through = partial(
            reprocess if parameters.reprocess else carry,
            store,
            run_id,
            period=period,
            batch_size=parameters.batch_size,
            submit=line.submit,
            ahead=line.ahead,
            progress=watch.progress,
            reported=account.published,
        )
        try:
            if parameters.reprocess:
                through(current=None if parameters.all else Versions(__version__, model_version()))
            else:
                through(
                    read_each(
                        parameters.inputs,
                        parameters.text_column,
                        web,
                        refused,
                        period,
                        store.ledger.readings,
                    ),
                    given=parameters.date or dt.date.today(),
                    languages=parameters.languages,
                )
        except BaseException:
            account.closed(store.end(run_id, "failed"))
            raise
        run = account.closed(store.end(run_id, "completed"))
        _kept_up(store, watch.say)
        return run


def _kept_up(store: Store, say: Callable[[str], None]) -> None:
    """Merge small files where it is time; that it fails costs a sentence, for the run has completed."""
    try:
        compact_when_due(store)
    except (Damaged, OSError) as error:
        say(f"small files were not merged, the next run tries again: {sentence(error)}")


def _staging(store: Store) -> Path | None:
    """Where workers that see the store can leave what they found; None when it is on no disk."""
    folder = store.place.folder
    return folder.absolute() / STAGING if folder else None


def _still_open(parameters: RunParameters, say: Callable[[str], None]) -> Sequence[Refused]:
    """What was rejected and can be tried again; the rest is named."""
    from pipeline.rejects import still_open  # late: for DuckDB

    refused, lost = still_open(parameters.out, parameters.reason)
    if lost:
        some = ", ".join(lost[:_NAMED]) + (", …" if len(lost) > _NAMED else "")
        say(f"{len(lost)} rejects cannot be tried again, for nothing is kept of them: {some}")
    return refused


def ingest_directly(parameters: RunParameters) -> Run:
    """Run once without Prefect."""
    return ingest(parameters, engines.directly)
