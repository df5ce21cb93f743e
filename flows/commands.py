"""The commands that read news: each returns the exit status and imports late what it alone needs."""

from __future__ import annotations

import datetime as dt
import os
import sys
import time
from argparse import Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import PydanticSerializationError

from flows import defaults
from flows.parameters import RunParameters
from flows.terminal import out, progress_bar, say

if TYPE_CHECKING:
    from pipeline.article import Story
    from pipeline.home import Root

PREFECT_LIMIT = 400_000


def run(options: Namespace) -> int:
    """`khabar run`."""
    from flows.ingest import ingest_directly
    from flows.watch import Watch, watched
    from pipeline.tables import record

    try:
        parameters = _parameters(options)
    except ValidationError as error:
        return _wrong(error)
    began = time.monotonic()
    waiting = f"another run is writing to {parameters.out}; waiting for it"
    with progress_bar() as progress, watched(Watch(progress, lambda: say(waiting), say)):
        if options.direct or not _fits_prefect(parameters):
            row = record(ingest_directly(parameters))
        else:
            row = _by_flow(parameters)
    _summarise(row, parameters.out, time.monotonic() - began)
    return _read_status(parameters, row)


def _read_status(parameters: RunParameters, row: dict[str, object]) -> int:
    if row["n_read"] != row["n_rejected"]:
        return 0
    if row["n_read"] == 0 and not parameters.inputs:
        say("there is nothing to analyse again" if parameters.reprocess else "there is nothing to try again")
        return 0
    if _only_other_days(parameters, str(row["run_id"])):
        say("no article is of these days")
        return 0
    say(f"nothing could be read from {', '.join(parameters.inputs[:3]) or 'the rejects'}")
    return 2


def _only_other_days(parameters: RunParameters, run_id: str) -> bool:
    """Whether articles were read, all of them of other days than were asked for."""
    from pipeline.query import asked

    sql = "SELECT bool_and(reason = 'outside_dates') FROM rejects WHERE run_id = ?"
    row = asked(parameters.out, sql, [run_id]).fetchone()
    return bool(row and row[0])


def _fits_prefect(parameters: RunParameters) -> bool:
    """Whether Prefect can keep the parameters: text, and less than half a megabyte of it."""
    try:
        fits = len(parameters.model_dump_json()) < PREFECT_LIMIT
    except PydanticSerializationError:
        fits = False
    if not fits:
        say("Prefect cannot keep so many inputs or such names; running without it")
    return fits


def _by_flow(parameters: RunParameters) -> dict[str, object]:
    from flows import server

    if not os.environ.get("KHABAR_DEBUG"):  # of an error a user gets a sentence, and Prefect keeps the rest
        os.environ.setdefault("PREFECT_LOGGING_LEVEL", "CRITICAL")
    with server.connected():
        from flows.news import news

        return news(parameters)


def analyse(options: Namespace) -> int:
    """`khabar analyse`."""
    from flows import render
    from pipeline.analysis import analyse_candidates
    from pipeline.intake import candidate

    story = _one_story(options)
    analysis = next(analyse_candidates([candidate(story, options.date or dt.date.today())]))
    shown = {"json": render.as_json, "table": render.as_table, "html": render.as_html}[options.format]
    out(shown(analysis))
    return 0


def _one_story(options: Namespace) -> Story:
    """The article of a file, of standard input or at an address."""
    from pipeline.reading import fetch_article, read_article
    from pipeline.reading.leads import is_address

    if options.file == "-":
        return read_article(sys.stdin.buffer.read(), "-")
    if not is_address(options.file):
        return read_article(Path(options.file).read_bytes(), Path(options.file).name)
    from flows.web import settings
    from pipeline.reading.web import Web

    with Web(settings(options.user_agent, options.allow_private), None) as web:
        return fetch_article(options.file, web)


def schedule(options: Namespace) -> int:
    """`khabar schedule`."""
    from flows.schedule import When, serve
    from flows.trigger import WrongParameters

    try:
        parameters = _parameters(options)
    except ValidationError as error:
        return _wrong(error)
    when = When(options.cron, options.every, options.timezone, options.missed)
    try:
        serve(parameters, when, name=options.name, port=options.port, say=say)
    except WrongParameters as error:
        say(str(error))
        return 2


def trigger(options: Namespace) -> int:
    """`khabar trigger`."""
    from flows.trigger import WrongParameters, assignments, trigger

    try:
        out(trigger(options.flow, assignments(options.assignments)))
    except WrongParameters as error:
        say(str(error))
        return 2
    return 0


def _parameters(options: Namespace) -> RunParameters:
    return RunParameters(
        inputs=options.inputs or ([] if options.retry_rejects or options.reprocess else [defaults.INPUT]),
        out=options.out,
        ledger=options.ledger,
        date=options.date,
        since=options.since,
        until=options.until,
        text_column=options.text_column,
        languages=options.languages,
        engine=options.engine,
        scheduler=options.scheduler,
        workers=options.workers,
        batch_size=options.batch_size,
        retry_rejects=options.retry_rejects,
        reason=options.reason,
        reprocess=options.reprocess,
        all=options.all,
        user_agent=options.user_agent,
        allow_private=options.allow_private,
        log=options.log,
        metrics=options.metrics,
    )


def _wrong(error: ValidationError) -> int:
    """Say in one line what is wrong with the parameters of a run; the exit status."""
    from flows.trigger import complaint

    say("; ".join(complaint(one) for one in error.errors()))
    return 2


def _summarise(row: dict[str, object], root: Root, seconds: float) -> None:
    counts = ", ".join(
        f"{row[f'n_{name}']} {name}" for name in ("written", "unchanged", "duplicates", "rejected")
    )
    out(f"{row['n_read']} read: {counts}; {seconds:.1f} s; tables in {root}")
    if row["n_rejected"]:
        out(_rejects(root, str(row["run_id"])))


def _rejects(root: Root, run_id: str) -> str:
    from flows import render
    from pipeline.query import asked

    sql = "SELECT reason, source_uri, detail FROM rejects WHERE run_id = ? ORDER BY ALL LIMIT 20"
    result = asked(root, sql, [run_id])
    return render.rows_table([column[0] for column in result.description], result.fetchall())
