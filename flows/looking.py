"""The commands that look at what is there: each returns the exit status; imports are late."""

from __future__ import annotations

import datetime as dt
import sys
from argparse import Namespace
from collections.abc import Sequence

from flows.terminal import out, say


def query(options: Namespace) -> int:
    """`khabar query`."""
    from flows import render
    from pipeline.query import select

    result = select(options.out, options.sql)
    shown = {"json": render.rows_json, "table": render.rows_table, "csv": render.rows_csv}[options.format]
    columns = [column[0] for column in result.description or []]
    out(shown(columns, result.fetchall() if columns else []))
    return 0


def status(options: Namespace) -> int:
    """`khabar status`."""
    from flows import render
    from pipeline.query import connect

    connection = connect(options.out)
    for title, sql in _STATUS.items():
        result = connection.execute(sql)
        rows = result.fetchall()
        out(f"{title}\n{render.rows_table([column[0] for column in result.description], rows)}")
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


def rejects(options: Namespace) -> int:
    """`khabar rejects`."""
    from flows import render
    from pipeline.reading import REASONS
    from pipeline.rejects import COLUMNS, listed, shown

    if options.show is not None:
        sys.stdout.buffer.write(shown(options.out, options.show))
        return 0
    if options.reason is not None and options.reason not in REASONS:
        say(f"there is no reason {options.reason}; there are {', '.join(sorted(REASONS))}")
        return 2
    columns: Sequence[str] = ("reason", "meaning") if options.reasons else COLUMNS
    rows: Sequence[tuple[object, ...]] = (
        sorted(REASONS.items())
        if options.reasons
        else listed(options.out, reason=options.reason, run=options.run, most=options.limit)
    )
    written = {"json": render.rows_json, "table": render.rows_table, "csv": render.rows_csv}[options.format]
    out(written(columns, rows))
    return 0


def verify(options: Namespace) -> int:
    """`khabar verify`."""
    from pipeline.home import INTERNAL
    from pipeline.query import NoStore
    from pipeline.store import inspected
    from pipeline.verify import problems

    if not (options.out / INTERNAL).is_dir():
        raise NoStore(f"no store at {options.out}; `khabar run` makes one")
    count = 0
    with inspected(options.out, lambda: say("a run is writing; waiting for it")) as store:
        for problem in problems(store):
            count += 1
            out(problem)
        articles = store.ledger.count()
    if count:
        say(f"{count} problems in {options.out}")
        return 1
    out(f"{options.out} is sound: {articles} articles, every invariant holds")
    return 0


def rates(options: Namespace) -> int:
    """`khabar rates`."""
    from flows import render
    from pipeline.money.rates import currencies, install, rate

    if options.update:
        first, last = install(options.update)
        out(f"rates of {first} to {last} are in use now")
    day = options.date or dt.date.today()
    wanted = [code.upper() for code in options.currencies] or currencies()
    found = [(code, rate(code, day)) for code in wanted]
    unknown = [code for code, known in found if known is None and options.currencies]
    rows = [(code, known.rate, known.date) for code, known in found if known]
    out(render.rows_table(["currency", "₹ per unit", "quote of"], rows))
    if unknown:
        say(f"no rate on {day} for {', '.join(unknown)}")
    return 0 if rows else 1
