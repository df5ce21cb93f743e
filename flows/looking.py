"""The commands that look at what is there: each returns the exit status; imports are late."""

from __future__ import annotations

import datetime as dt
import json
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from flows.terminal import out, say

if TYPE_CHECKING:
    from flows.rows import Rows
    from flows.status import Status


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
    from flows.status import as_record, complaint, status_of

    found = status_of(options.out)
    reason = complaint(found, options.max_age)
    if options.format == "json":
        out(json.dumps(render.plain(as_record(found, reason)), ensure_ascii=False, indent=2))
    else:
        for title, rows in _titled(found):
            out(f"{title}\n{render.rows_table(*rows.for_people())}")
    if reason:
        say(reason)
    return 1 if reason else 0


def _titled(found: Status) -> Iterator[tuple[str, Rows]]:
    yield "Last runs", found.runs
    yield "Rejects of the last ten runs, by reason", found.rejects
    yield "Stored", found.stored
    yield "On disk", found.disk
    if found.schedules and found.schedules.rows:
        yield "Served", found.schedules


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
    from pipeline.places import placed
    from pipeline.query import NoStore
    from pipeline.store import inspected
    from pipeline.verify import problems

    if not placed(options.out).exists(INTERNAL):
        raise NoStore(f"no store at {options.out}; `khabar run` makes one")
    count = 0
    with inspected(options.out, lambda: say("a run is writing; waiting for it"), options.ledger) as store:
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
