"""A run in a page of Markdown, as Prefect keeps it."""

from __future__ import annotations

from collections.abc import Iterable

from flows.faults import fault
from flows.watch import Ended
from pipeline.tables import record


def markdown(ended: Ended) -> str:
    """What is known of a run, however it ended: its row, its rejects, and where its time went."""
    sections = [
        _table(("", ""), _facts(ended)),
        _table(("rejected for", "stories"), sorted(ended.total.rejects.items())),
        _table(("stage", "seconds"), [(stage, f"{s:.3f}") for stage, s in ended.total.seconds.items()]),
    ]
    return "\n\n".join(["# Khabar run", *(one for one in sections if one)]) + "\n"


def _facts(ended: Ended) -> Iterable[tuple[str, object]]:
    run = ended.run
    if run:
        yield from ((name, value) for name, value in record(run).items() if name != "parameters")
        if run.ended_at and run.ended_at > run.started_at:
            took = (run.ended_at - run.started_at).total_seconds()
            yield "seconds", f"{took:.1f}"
            yield "articles a second", f"{run.n_read / took:.2f}"
    yield "batches", ended.total.batches
    yield "characters analysed", ended.total.characters
    if ended.error:
        yield from ((name, value) for name, value in fault(ended.error)._asdict().items() if value)


def _table(head: tuple[str, str], rows: Iterable[tuple[str, object]]) -> str:
    """A table of two columns; nothing when it has no rows."""
    lines = [f"| {name} | {_cell(value)} |" for name, value in rows]
    return "\n".join([f"| {head[0]} | {head[1]} |", "| --- | --- |", *lines]) if lines else ""


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ")
