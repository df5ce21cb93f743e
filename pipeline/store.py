"""The store: tables as Parquet files that are whole at every moment, written once each.

A part is what one batch adds to one day: a file of the same name in each table split by day. Files are
staged beside the tables, promised in the ledger in the transaction that notes the articles as stored,
and then moved into place, articles last. After a kill the next writer finishes what was promised and
clears away what was not, so the ledger and the tables agree and nothing is written twice. A part is
written anew, in the same way, only when a story in it is told anew (see `revision`).
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sqlite3
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import __version__, revision
from pipeline.article import stable_id
from pipeline.home import INTERNAL
from pipeline.ledger import Ledger, Move, Shelved
from pipeline.parts import (
    as_stored,
    days,
    of_day,
    part_of,
    parts_on_disk,
    read_part,
    shelved,
    shelved_of_part,
    whole_parts,
)
from pipeline.payloads import Payloads
from pipeline.revision import Heirs
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

LEDGER = "ledger.sqlite"
STAGED = ".staged"

_COUNTER = {
    "written": "n_written",
    "replaced": "n_written",
    "unchanged": "n_unchanged",
    "duplicate": "n_duplicates",
}


class StoreBusy(Exception):
    """Another run holds the store."""


class StoreUnusable(Exception):
    """The store's folder cannot be written or is no store."""


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

    def __init__(self, root: Path, *, read_only: bool = False) -> None:
        """Open the store at `root`; the caller holds its lock, or only reads."""
        self.root = root
        self.ledger = Ledger(root / INTERNAL / LEDGER, read_only=read_only)
        self.payloads = Payloads(root)

    def settle(self) -> None:
        """Finish what a killed writer had promised and clear away what it had not."""
        for intent, moves in self.ledger.intents():
            self._fulfil(intent, moves)
        for stray in (self.root / INTERNAL / "staging").glob(f"*{STAGED}"):
            stray.unlink()
        if not self.ledger.is_current:
            with self.ledger.transaction():
                self._note(whole_parts(self.root))
                self.ledger.note_current()
        for run in self.ledger.unfinished():
            self._publish_run(replace(run, state="crashed"))

    def heal(self) -> None:
        """Make the ledger and the tables agree, whichever of them lost something, and seed a new store.

        A part that is not whole is dropped, so that its articles are read again; a whole part that the
        ledger does not know is noted.
        """
        noted, whole = set(self.ledger.parts()), whole_parts(self.root)
        for part in sorted((noted | parts_on_disk(self.root)) - whole):
            self._drop(part)
        with self.ledger.transaction():
            self._note(whole - noted)
        while orphans := self.ledger.parts_of_orphans():
            for part in orphans:
                self._drop(part)
        self._seed()

    def begin(self, parameters: str, model_version: str) -> Run:
        """Note a new run as running; `parameters` is JSON text."""
        now = _now()
        run = Run(
            run_id=f"{now:%Y%m%dT%H%M%SZ}-{uuid.uuid4().hex[:8]}",
            started_at=now,
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
        run = replace(self.ledger.run(run_id), state=state, ended_at=_now())
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
        self.payloads.sync()
        moves = self._stage_parts(parts) + self._stage_notes(run_id, ingests, notes.rejects)
        with self.ledger.transaction():
            intent = self.ledger.intend(moves)
            self.ledger.supersede(heirs)
            self.ledger.shelve(rows)
            self.ledger.add_counts(run_id, _counts(ingests, notes.rejects))
        self._fulfil(intent, moves)

    def _parts(self, tables: Tables, heirs: Heirs) -> tuple[dict[str, Tables], list[Shelved]]:
        """What the parts hold that a batch changes or makes, in this order, and what its articles shelve."""
        name = stable_id("part", *tables["articles"]["article_id"].to_pylist())
        tables = revision.revised(tables, heirs)
        places = self.ledger.parts_about(heirs)
        seats = revision.seats(tables, heirs, places)
        parts: dict[str, Tables] = {}
        for part, replaced in sorted(places.items()):
            stored = revision.revised(read_part(self.root, part), heirs)
            seated = [heir for heir, seat in seats.items() if seat == part]
            stored = revision.joined(stored, revision.only(tables, seated))
            parts[part] = stored if replaced else {"articles": stored["articles"]}
        rows = shelved(tables["articles"], name)
        shelves = [row._replace(part=seats.get(row.article_id, row.part)) for row in rows]
        rest = revision.without(tables, seats)
        return parts | {part_of(day, name): of_day(rest, day) for day in days(rest)}, shelves

    def _publish_run(self, run: Run) -> None:
        move = self._stage(table("runs", [run]), f"runs/{run.run_id}.parquet")
        with self.ledger.transaction():
            intent = self.ledger.intend([move])
            self.ledger.put_run(run)
        self._fulfil(intent, [move])

    def _stage_parts(self, parts: Mapping[str, Tables]) -> list[Move]:
        return [
            self._stage(as_stored(tables[kind]), f"{kind}/{part}")
            for kind in PARTITIONED
            for part, tables in parts.items()
            if kind in tables
        ]

    def _stage_notes(self, run_id: str, ingests: list[Ingest], rejects: list[Reject]) -> list[Move]:
        name = f"{run_id}-{uuid.uuid4().hex[:8]}.parquet"
        noted: list[tuple[TableName, Sequence[object]]] = [("ingests", ingests), ("rejects", rejects)]
        return [self._stage(table(kind, rows), f"{kind}/{name}") for kind, rows in noted if rows]

    def _stage(self, rows: pa.Table, final: str) -> Move:
        staged = f"{INTERNAL}/staging/{uuid.uuid4().hex}{STAGED}"
        path = self.root / staged
        with path.open("wb") as file:
            pq.write_table(rows, file, compression="zstd")
            file.flush()
            os.fsync(file.fileno())
        return staged, final

    def _fulfil(self, intent: int, moves: Iterable[Move]) -> None:
        folders = {self.root / INTERNAL / "staging"}
        for staged, final in moves:
            target = self.root / final
            target.parent.mkdir(parents=True, exist_ok=True)
            if (self.root / staged).exists():  # else it was moved before a kill
                (self.root / staged).replace(target)
            folders.update({target.parent, target.parent.parent})
        for folder in sorted(folders):
            _sync_folder(folder)
        self.ledger.fulfil(intent)

    def _seed(self) -> None:
        """Give the tables that are not split by day an empty file, so that readers find them."""
        moves = [
            self._stage(schema.empty_table(), final)
            for name, schema in SCHEMAS.items()
            if name not in PARTITIONED and not (self.root / (final := f"{name}/none.parquet")).exists()
        ]
        if moves:
            self._fulfil(self.ledger.intend(moves), moves)

    def _note(self, parts: Iterable[str]) -> None:
        for part in sorted(parts):
            self.ledger.shelve(shelved_of_part(self.root, part))

    def _drop(self, part: str) -> None:
        with self.ledger.transaction():
            self.ledger.forget(part)
        for kind in reversed(PARTITIONED):
            (self.root / kind / part).unlink(missing_ok=True)


@contextmanager
def opened(root: Path, waiting: Callable[[], None] | None = None) -> Iterator[Store]:
    """The store at `root`, made if absent, recovered and held for this process alone.

    When another process holds it, `waiting` is called once and the call waits; without `waiting` it
    raises StoreBusy. Raises StoreUnusable when the folder cannot be written.
    """
    with held(root, waiting) as store:
        store.heal()
        yield store


@contextmanager
def held(root: Path, waiting: Callable[[], None] | None = None) -> Iterator[Store]:
    """As `opened`, but what was deleted or damaged is left as it is, to be looked at."""
    try:
        (root / INTERNAL / "staging").mkdir(parents=True, exist_ok=True)
        lock = (root / INTERNAL / "lock").open("a")
    except OSError as error:
        raise StoreUnusable(f"cannot write the store at {root}: {error.strerror}") from error
    with lock, _ledger_errors(root):
        _hold(lock.fileno(), root, waiting)
        store = Store(root)
        try:
            store.settle()
            yield store
        finally:
            store.ledger.close()


@contextmanager
def inspected(root: Path, waiting: Callable[[], None]) -> Iterator[Store]:
    """The store to be looked at: as `held`, or as it is where nothing can be written."""
    if os.access(root / INTERNAL, os.W_OK):
        with held(root, waiting) as store:
            yield store
        return
    with _ledger_errors(root):
        store = Store(root, read_only=True)
        try:
            yield store
        finally:
            store.ledger.close()


@contextmanager
def _ledger_errors(root: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        ledger = root / INTERNAL / LEDGER
        damaged = not isinstance(error, sqlite3.OperationalError)
        advice = "; delete it and run again, it is rebuilt from the tables" if damaged else ""
        raise StoreUnusable(f"the ledger {ledger}: {error}{advice}") from error


def _hold(lock: int, root: Path, waiting: Callable[[], None] | None) -> None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        if waiting is None:
            raise StoreBusy(f"another run is writing to {root}") from None
        waiting()
        fcntl.flock(lock, fcntl.LOCK_EX)


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


def _counts(ingests: Sequence[Ingest], rejects: Sequence[Reject]) -> Mapping[str, int]:
    counts = Counter(_COUNTER[row.outcome] for row in ingests)
    return {**counts, "n_rejected": len(rejects), "n_read": len(ingests) + len(rejects)}


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
