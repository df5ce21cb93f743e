"""The store: tables as Parquet files that are whole at every moment, written once each.

A part is what one batch adds to one day: a file of the same name in each table split by day. Files are
staged beside the tables, promised in the ledger in the transaction that notes the articles as stored,
and then moved into place, articles last. After a kill the next writer finishes what was promised and
clears away what was not, so the ledger and the tables agree and nothing is written twice. A part is
written anew, in the same way, only when a story in it is told anew (see `revision`).
"""

from __future__ import annotations

import datetime as dt
import os
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import PurePosixPath

import pyarrow as pa

from pipeline import __version__, revision, staging
from pipeline.article import stable_id
from pipeline.holding import StoreBusy, StoreUnusable, Waiting, held_ledger, seen_ledger
from pipeline.home import INTERNAL, STAGING, Root
from pipeline.ledger import Ledger, Move, Shelved
from pipeline.parts import (
    as_stored,
    days,
    found_parts,
    of_day,
    part_of,
    read_part,
    shelved,
    shelved_of_part,
)
from pipeline.payloads import Payloads
from pipeline.places import Place, placed
from pipeline.revision import Heirs
from pipeline.runs import counts, next_id, stored_runs
from pipeline.tables import (
    PARTITIONED,
    SCHEMAS,
    Ingest,
    Outcome,
    Reject,
    Run,
    RunState,
    TableName,
    Tables,
    table,
)

__all__ = ["Notes", "Store", "StoreBusy", "StoreUnusable", "held", "inspected", "opened"]


@dataclass(slots=True)
class Notes:
    """What a run has to note beside new rows: ingests and rejects not yet published."""

    ingests: list[Ingest] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    def __len__(self) -> int:
        """How many stories they account for."""
        return len(self.ingests) + len(self.rejects)


class Store:
    """A store open for writing by one run; use `opened`."""

    def __init__(self, place: Place, ledger: Ledger) -> None:
        """The store at `place` with its ledger; the caller holds its lock, or only reads."""
        self.place = place
        self.ledger = ledger
        self.payloads = Payloads(place)

    def settle(self) -> None:
        """Finish what a killed writer had promised and clear away what it had not."""
        for intent, moves in self.ledger.intents():
            staging.moved(self.place, moves)
            self.ledger.fulfil(intent)
        staging.cleared(self.place)
        if self.ledger.last_run() is None:  # it is new, or was lost
            with self.ledger.transaction():
                for run in stored_runs(self.place):
                    self.ledger.put_run(run)
        if not self.ledger.is_current:
            with self.ledger.transaction():
                self._note(found_parts(self.place).whole)
                self.ledger.note_current()
        for run in self.ledger.unfinished():
            self._publish_run(replace(run, state="crashed"))

    def heal(self) -> None:
        """Make the ledger and the tables agree, whichever of them lost something, and seed a new store.

        A part that is not whole is dropped, so that its articles are read again; a whole part that the
        ledger does not know is noted.
        """
        noted, found = set(self.ledger.parts()), found_parts(self.place)
        for part in sorted((noted | found.parts) - found.whole):
            self._drop(part)
        with self.ledger.transaction():
            self._note(found.whole - noted)
        while orphans := self.ledger.parts_of_orphans():
            for part in orphans:
                self._drop(part)
        self._seed()

    def begin(self, parameters: str, model_version: str) -> Run:
        """Note a new run as running; `parameters` is JSON text."""
        run = Run(
            run_id=next_id(self.ledger.last_run()),
            started_at=_now(),
            ended_at=None,
            state="running",
            **dict.fromkeys(("n_read", "n_written", "n_unchanged", "n_duplicates", "n_rejected"), 0),
            parameters=parameters,
            pipeline_version=__version__,
            model_version=model_version,
        )
        self._publish_run(run)
        return run

    def end(self, run_id: str, state: RunState) -> Run:
        """Note how a run ended, and publish its row of `runs`."""
        run = self.ledger.run(run_id)
        ended_at = max(_now(), run.started_at)  # also where the clock was put back
        run = replace(run, state=state, ended_at=ended_at)
        self._publish_run(run)
        return run

    def publish(self, run_id: str, tables: Tables, notes: Notes, heirs: Heirs | None = None) -> None:
        """Make a batch visible: its `tables` (may be empty) and the ingests and rejects that go with it.

        The ingests of the batch's own articles are added here. The articles in `heirs`, of this batch or
        stored, and their duplicates become duplicates of their heirs and count no more.
        """
        articles = tables.get("articles") or SCHEMAS["articles"].empty_table()
        heirs = revision.final(heirs or {})
        ingests = [*notes.ingests, *_ingests(articles, run_id, set(heirs.values()))]
        parts, rows = self._parts(tables, heirs) if len(articles) else ({}, [])
        self._commit(run_id, parts, rows, Notes(ingests, notes.rejects), heirs)

    def renew(self, run_id: str, parts: Mapping[str, Tables], notes: Notes) -> None:
        """Put other rows in the place of those of stored `parts`, whose articles keep their ids.

        What a run has to note of them goes with it.
        """
        rows = (shelved(tables["articles"], PurePosixPath(part).stem) for part, tables in parts.items())
        self._commit(run_id, parts, list(chain.from_iterable(rows)), notes, {})

    def exchange(self, moves: list[Move], merged: Mapping[str, Iterable[str]]) -> None:
        """Put staged folders in the place of those that hold the same rows (see `folders`).

        `merged` has, by a part that is new in them, the parts whose articles it holds.
        """
        staging.kept(self.place, moves)
        with self.ledger.transaction():
            intent = self.ledger.intend(moves)
            for part, parts in merged.items():
                self.ledger.merge(parts, part)
        self._fulfil(intent, moves)

    def _commit(
        self, run_id: str, parts: Mapping[str, Tables], rows: list[Shelved], notes: Notes, heirs: Heirs
    ) -> None:
        self.payloads.sync()
        moves = self._stage_parts(parts) + self._stage_notes(run_id, notes.ingests, notes.rejects)
        staging.kept(self.place, moves)
        with self.ledger.transaction():
            intent = self.ledger.intend(moves)
            self.ledger.supersede(heirs)
            self.ledger.shelve(rows)
            outcomes = (row.outcome for row in notes.ingests)
            self.ledger.add_counts(run_id, counts(outcomes, len(notes.rejects)))
        self._fulfil(intent, moves)

    def _parts(self, tables: Tables, heirs: Heirs) -> tuple[dict[str, Tables], list[Shelved]]:
        """What the parts hold that a batch changes or makes, in this order, and what its articles shelve."""
        name = stable_id("part", *tables["articles"]["article_id"].to_pylist())
        tables = revision.revised(tables, heirs)
        places = self.ledger.parts_about(heirs)
        seats = revision.seats(tables, heirs, places)
        parts: dict[str, Tables] = {}
        for part, replaced in sorted(places.items()):
            stored = revision.revised(read_part(self.place, part), heirs)
            seated = [heir for heir, seat in seats.items() if seat == part]
            stored = revision.joined(stored, revision.only(tables, seated))
            parts[part] = stored if replaced else {"articles": stored["articles"]}
        rows = shelved(tables["articles"], name)
        shelves = [row._replace(part=seats.get(row.article_id, row.part)) for row in rows]
        rest = revision.without(tables, seats)
        return parts | {part_of(day, name): of_day(rest, day) for day in days(rest)}, shelves

    def _publish_run(self, run: Run) -> None:
        move = self._stage(table("runs", [run]), f"runs/{run.run_id}.parquet")
        staging.kept(self.place, [move])
        with self.ledger.transaction():
            intent = self.ledger.intend([move])
            self.ledger.put_run(run)
        self._fulfil(intent, [move])

    def _stage_parts(self, parts: Mapping[str, Tables]) -> list[Move]:
        files = [
            (as_stored(tables[kind]), f"{kind}/{part}")
            for kind in PARTITIONED
            for part, tables in parts.items()
            if kind in tables
        ]
        return staging.each(self.place, lambda file: self._stage(*file), files)

    def _stage_notes(self, run_id: str, ingests: list[Ingest], rejects: list[Reject]) -> list[Move]:
        name = f"{run_id}-{uuid.uuid4().hex[:8]}.parquet"
        noted: list[tuple[TableName, Sequence[object]]] = [("ingests", ingests), ("rejects", rejects)]
        return [self._stage(table(kind, rows), f"{kind}/{name}") for kind, rows in noted if rows]

    def _stage(self, rows: pa.Table, final: str) -> Move:
        return staging.staged(self.place, rows, final)

    def _fulfil(self, intent: int, moves: Sequence[Move]) -> None:
        staging.moved(self.place, moves)
        self.ledger.fulfil(intent)
        if not self.ledger.intents():  # else what a publication that failed has promised is still there
            self.place.sweep(STAGING)

    def _seed(self) -> None:
        """Give the tables that are not split by day an empty file, so that readers find them."""
        moves = [
            self._stage(schema.empty_table(), final)
            for name, schema in SCHEMAS.items()
            if name not in PARTITIONED and not self.place.exists(final := f"{name}/none.parquet")
        ]
        if moves:
            self._fulfil(self.ledger.intend(moves), moves)

    def _note(self, parts: Iterable[str]) -> None:
        for part in sorted(parts):
            self.ledger.shelve(shelved_of_part(self.place, part))

    def _drop(self, part: str) -> None:
        with self.ledger.transaction():
            self.ledger.forget(part)
        for kind in reversed(PARTITIONED):
            self.place.delete(f"{kind}/{part}")


@contextmanager
def opened(root: Root, waiting: Waiting = None, ledger: str | None = None) -> Iterator[Store]:
    """The store at `root`, made if absent, recovered and held for this process alone.

    Its ledger is in itself, or at the address `ledger` (default: $KHABAR_LEDGER). When another process
    holds it, `waiting` is called once and the call waits; without `waiting` it raises StoreBusy. Raises
    StoreUnusable when the store cannot be written or its ledger not be used.
    """
    with held(root, waiting, ledger) as store:
        store.heal()
        yield store


@contextmanager
def held(root: Root, waiting: Waiting = None, ledger: str | None = None) -> Iterator[Store]:
    """As `opened`, but what was deleted or damaged is left as it is, to be looked at."""
    place = placed(root)
    with held_ledger(place, ledger, waiting) as database:
        store = Store(place, Ledger(database))
        store.settle()
        yield store


@contextmanager
def inspected(root: Root, waiting: Waiting, ledger: str | None = None) -> Iterator[Store]:
    """The store to be looked at: as `held`, or as it is where nothing can be written."""
    place = placed(root)
    if place.folder is None or os.access(place.folder / INTERNAL, os.W_OK):
        with held(root, waiting, ledger) as store:
            yield store
        return
    with seen_ledger(place, ledger) as database:
        yield Store(place, Ledger(database, read_only=True))


def _ingests(articles: pa.Table, run_id: str, heirs: set[str]) -> list[Ingest]:
    at = _now()
    return [
        Ingest(row["article_id"], run_id, at, _outcome(row["duplicate_of"], row["article_id"] in heirs))
        for row in articles.select(["article_id", "duplicate_of"]).to_pylist()
    ]


def _outcome(duplicate_of: str | None, replaces: bool) -> Outcome:
    if duplicate_of:
        return "duplicate"
    return "replaced" if replaces else "written"


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
