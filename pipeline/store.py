"""The store: tables as Parquet files that are whole at every moment, written once each.

A part is what one batch adds to one day: a file of the same name in each table split by day. Files are
staged beside the tables, promised in the ledger in the transaction that notes the articles as stored,
and then moved into place, articles last. After a kill the next writer finishes what was promised and
clears away what was not, so the ledger and the tables agree and nothing is written twice.
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
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline import __version__
from pipeline.article import stable_id
from pipeline.home import INTERNAL
from pipeline.ledger import Ledger, Move, Shelved
from pipeline.tables import (
    PARTITION,
    PARTITIONED,
    SCHEMAS,
    Ingest,
    Reject,
    Run,
    RunState,
    TableName,
    Tables,
    table,
)

LEDGER = "ledger.sqlite"
STAGED = ".staged"
_PARQUET = b"PAR1"

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

    def settle(self) -> None:
        """Finish what a killed writer had promised and clear away what it had not."""
        for intent, moves in self.ledger.intents():
            self._fulfil(intent, moves)
        for stray in (self.root / INTERNAL / "staging").glob(f"*{STAGED}"):
            stray.unlink()
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
            for part in sorted(whole - noted):
                self.ledger.shelve(self._read_back(part))
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

    def publish(self, run_id: str, tables: Tables, notes: Notes) -> None:
        """Make a batch visible: its `tables` (may be empty) and the ingests and rejects that go with it.

        The ingests of the batch's own articles are added here.
        """
        articles = tables.get("articles") or SCHEMAS["articles"].empty_table()
        ingests = [*notes.ingests, *_ingests(articles, run_id)]
        name = stable_id("part", *articles["article_id"].to_pylist())
        moves = self._stage_parts(tables, name) + self._stage_notes(run_id, ingests, notes.rejects)
        with self.ledger.transaction():
            intent = self.ledger.intend(moves)
            self.ledger.shelve(_shelved(articles, name))
            self.ledger.add_counts(run_id, _counts(ingests, notes.rejects))
        self._fulfil(intent, moves)

    def _publish_run(self, run: Run) -> None:
        move = self._stage(table("runs", [run]), f"runs/{run.run_id}.parquet")
        with self.ledger.transaction():
            intent = self.ledger.intend([move])
            self.ledger.put_run(run)
        self._fulfil(intent, [move])

    def _stage_parts(self, tables: Tables, name: str) -> list[Move]:
        if "articles" not in tables:
            return []
        days: list[dt.date] = sorted(set(tables["articles"][PARTITION].to_pylist()))
        return [
            self._stage(_of_day(tables[kind], day), f"{kind}/{_part(day, name)}")
            for kind in PARTITIONED
            for day in days
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

    def _read_back(self, part: str) -> list[Shelved]:
        rows = pq.ParquetFile(self.root / "articles" / part).read(
            ["article_id", "content_hash", "duplicate_of"]
        )
        return [
            Shelved(row["article_id"], row["content_hash"], row["duplicate_of"] is None, part)
            for row in rows.to_pylist()
        ]

    def _drop(self, part: str) -> None:
        with self.ledger.transaction():
            self.ledger.forget(part)
        for kind in reversed(PARTITIONED):
            (self.root / kind / part).unlink(missing_ok=True)


def parts_on_disk(root: Path) -> set[str]:
    """The parts that any table split by day has a file of."""
    return {
        path.relative_to(root / kind).as_posix()
        for kind in PARTITIONED
        for path in (root / kind).glob(f"{PARTITION}=*/*.parquet")
    }


def whole_parts(root: Path) -> set[str]:
    """The parts that have a file in each table split by day, none of them cut short."""
    return {
        part for part in parts_on_disk(root) if all(_ends_well(root / kind / part) for kind in PARTITIONED)
    }


def _ends_well(path: Path) -> bool:
    """Whether a file is there and ends as Parquet does: a cheap look, for every file at every start."""
    try:
        with path.open("rb") as file:
            file.seek(-len(_PARQUET), os.SEEK_END)
            return file.read() == _PARQUET
    except OSError:
        return False


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


def _part(day: dt.date, name: str) -> str:
    return f"{PARTITION}={day.isoformat()}/{name}.parquet"


def _of_day(rows: pa.Table, day: dt.date) -> pa.Table:
    kept = rows.filter(pc.equal(rows[PARTITION], pa.scalar(day, pa.date32())))
    return kept.drop_columns([PARTITION])


def _shelved(articles: pa.Table, name: str) -> Iterator[Shelved]:
    columns = ("article_id", "content_hash", "duplicate_of", PARTITION)
    for row in articles.select(columns).to_pylist():
        part = _part(row[PARTITION], name)
        yield Shelved(row["article_id"], row["content_hash"], row["duplicate_of"] is None, part)


def _ingests(articles: pa.Table, run_id: str) -> list[Ingest]:
    at = _now()
    return [
        Ingest(row["article_id"], run_id, at, "duplicate" if row["duplicate_of"] else "written")
        for row in articles.select(["article_id", "duplicate_of"]).to_pylist()
    ]


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
