"""What each command does. Each returns the exit status and imports late what it alone needs."""

from __future__ import annotations

import datetime as dt
import sys
import time
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from pydantic_core import PydanticSerializationError

from flows import defaults
from flows.parameters import RunParameters

if TYPE_CHECKING:
    from pipeline.run import Progress

PREFECT_LIMIT = 400_000


def run(options: Namespace) -> int:
    """`khabar run`."""
    from flows.ingest import WATCH, Watch, ingest_directly
    from pipeline.tables import record

    parameters = _parameters(options)
    began = time.monotonic()
    with _progress_bar() as progress:
        WATCH.set(
            Watch(progress, lambda: _say(f"another run is writing to {parameters.out}; waiting for it"))
        )
        if options.direct or not _fits_prefect(parameters):
            row = record(ingest_directly(parameters))
        else:
            row = _by_flow(parameters)
    _summarise(row, parameters.out, time.monotonic() - began)
    if row["n_read"] == row["n_rejected"]:
        _say(f"nothing could be read from {', '.join(parameters.inputs[:3])}")
        return 2
    return 0


def _fits_prefect(parameters: RunParameters) -> bool:
    """Whether Prefect can keep the parameters: text, and less than half a megabyte of it."""
    try:
        fits = len(parameters.model_dump_json()) < PREFECT_LIMIT
    except PydanticSerializationError:
        fits = False
    if not fits:
        _say("Prefect cannot keep so many inputs or such names; running without it")
    return fits


def _by_flow(parameters: RunParameters) -> dict[str, object]:
    from flows import server

    with server.connected():
        from flows.news import news

        return news(parameters)


def analyse(options: Namespace) -> int:
    """`khabar analyse`."""
    from flows import render
    from pipeline.analysis import analyse_candidates
    from pipeline.intake import candidate
    from pipeline.reading import read_article

    standard = options.file == "-"
    content = sys.stdin.buffer.read() if standard else Path(options.file).read_bytes()
    story = read_article(content, "-" if standard else Path(options.file).name)
    analysis = next(analyse_candidates([candidate(story, options.date or dt.date.today())]))
    shown = {"json": render.as_json, "table": render.as_table, "html": render.as_html}[options.format]
    _out(shown(analysis))
    return 0


def query(options: Namespace) -> int:
    """`khabar query`."""
    from flows import render
    from pipeline.query import select

    result = select(options.out, options.sql)
    shown = {"json": render.rows_json, "table": render.rows_table, "csv": render.rows_csv}[options.format]
    columns = [column[0] for column in result.description or []]
    _out(shown(columns, result.fetchall() if columns else []))
    return 0


def status(options: Namespace) -> int:
    """`khabar status`."""
    from flows import render
    from pipeline.query import connect

    connection = connect(options.out)
    for title, sql in _STATUS.items():
        result = connection.execute(sql)
        rows = result.fetchall()
        _out(f"{title}\n{render.rows_table([column[0] for column in result.description], rows)}")
    return 0


_STATUS = {
    "Last runs": """
        SELECT run_id, strftime(started_at, '%Y-%m-%d %H:%M:%S') AS started_utc, state,
               round(epoch(ended_at) - epoch(started_at), 1) AS seconds,
               n_read, n_written, n_unchanged, n_duplicates, n_rejected
        FROM runs ORDER BY started_at DESC LIMIT 10""",
    "Rejects of the last ten runs, by reason": """
        SELECT reason, count(*) AS rejects, min(source_uri) AS for_example
        FROM rejects SEMI JOIN (SELECT run_id FROM runs ORDER BY started_at DESC LIMIT 10) USING (run_id)
        GROUP BY reason ORDER BY rejects DESC, reason""",
    "Stored": """
        SELECT count(*) AS articles, (SELECT count(*) FROM mentions) AS mentions,
               (SELECT count(*) FROM amounts) AS amounts,
               min(published_date) AS first_day, max(published_date) AS last_day
        FROM articles""",
}


def verify(options: Namespace) -> int:
    """`khabar verify`."""
    from pipeline.home import INTERNAL
    from pipeline.query import NoStore
    from pipeline.store import inspected
    from pipeline.verify import problems

    if not (options.out / INTERNAL).is_dir():
        raise NoStore(f"no store at {options.out}; `khabar run` makes one")
    count = 0
    with inspected(options.out, lambda: _say("a run is writing; waiting for it")) as store:
        for problem in problems(store):
            count += 1
            _out(problem)
        articles = store.ledger.count()
    if count:
        _say(f"{count} problems in {options.out}")
        return 1
    _out(f"{options.out} is sound: {articles} articles, every invariant holds")
    return 0


def rates(options: Namespace) -> int:
    """`khabar rates`."""
    from flows import render
    from pipeline.money.rates import currencies, install, rate

    if options.update:
        first, last = install(options.update)
        _out(f"rates of {first} to {last} are in use now")
    day = options.date or dt.date.today()
    wanted = [code.upper() for code in options.currencies] or currencies()
    found = [(code, rate(code, day)) for code in wanted]
    unknown = [code for code, known in found if known is None and options.currencies]
    rows = [(code, known.rate, known.date) for code, known in found if known]
    _out(render.rows_table(["currency", "₹ per unit", "quote of"], rows))
    if unknown:
        _say(f"no rate on {day} for {', '.join(unknown)}")
    return 0 if rows else 1


def schedule(options: Namespace) -> int:
    """`khabar schedule`."""
    from flows.schedule import WrongParameters, serve

    times = f"cron '{options.cron}'" if options.cron else f"every {options.every}" if options.every else ""
    serving = f"serving news/{options.name} on {times or 'triggers'}; interrupt to stop"
    try:
        serve(
            _parameters(options),
            cron=options.cron,
            every=options.every,
            timezone=options.timezone,
            name=options.name,
            port=options.port,
            ready=lambda: _say(serving),
        )
    except WrongParameters as error:
        _say(str(error))
        return 2
    return 0


def trigger(options: Namespace) -> int:
    """`khabar trigger`."""
    from flows.schedule import WrongParameters, assignments, trigger

    try:
        _out(trigger(options.flow, assignments(options.assignments)))
    except WrongParameters as error:
        _say(str(error))
        return 2
    return 0


def _parameters(options: Namespace) -> RunParameters:
    return RunParameters(
        inputs=options.inputs or [defaults.INPUT],
        out=options.out,
        date=options.date,
        text_column=options.text_column,
        engine=options.engine,
        workers=options.workers,
        batch_size=options.batch_size,
    )


def _summarise(row: dict[str, object], out: Path, seconds: float) -> None:
    counts = ", ".join(
        f"{row[f'n_{name}']} {name}" for name in ("written", "unchanged", "duplicates", "rejected")
    )
    _out(f"{row['n_read']} read: {counts}; {seconds:.1f} s; tables in {out}")
    if row["n_rejected"]:
        _out(_rejects(out, str(row["run_id"])))


def _rejects(out: Path, run_id: str) -> str:
    from flows import render
    from pipeline.query import connect

    sql = "SELECT reason, source_uri, detail FROM rejects WHERE run_id = ? ORDER BY ALL LIMIT 20"
    result = connect(out).execute(sql, [run_id])
    return render.rows_table([column[0] for column in result.description], result.fetchall())


@contextmanager
def _progress_bar() -> Iterator[Progress]:
    """A callable that shows the stories read and published while it lives, where somebody watches."""
    from rich import progress as bars
    from rich.console import Console

    console = Console(stderr=True)
    columns = (bars.SpinnerColumn(), bars.TextColumn("{task.description}"), bars.TimeElapsedColumn())
    with bars.Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("starting")

        def progress(read: int, published: int) -> None:
            bar.update(task, description=f"{read} read, {published} stored")

        yield progress


def _out(text: str) -> None:
    print(text)


def _say(text: str) -> None:
    print(f"khabar: {text}", file=sys.stderr)
