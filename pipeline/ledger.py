"""The ledger of a store, in a database: what is stored, what is being published, and how runs went."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import NamedTuple

from pipeline import readings, similar
from pipeline.database import Database, DatabaseFailed
from pipeline.readings import Readings
from pipeline.similar import Similar, Telling
from pipeline.tables import Run

FORMAT = 2
"""Of the tables made from the articles, outlines included; a ledger of another format has them made anew."""

_DERIVED = "articles", "parts", "outlines", "landmarks"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS format (number INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS articles (
    article_id TEXT PRIMARY KEY, content_hash TEXT NOT NULL, duplicate_of TEXT, part TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS contents ON articles (content_hash);
CREATE INDEX IF NOT EXISTS copies ON articles (duplicate_of) WHERE duplicate_of IS NOT NULL;
CREATE INDEX IF NOT EXISTS of_part ON articles (part);
CREATE TABLE IF NOT EXISTS parts (part TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS intents (id INTEGER PRIMARY KEY, moves TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS runs (
    run_id TEXT PRIMARY KEY, started_at TEXT NOT NULL, ended_at TEXT, state TEXT NOT NULL,
    n_read INTEGER NOT NULL, n_written INTEGER NOT NULL, n_unchanged INTEGER NOT NULL,
    n_duplicates INTEGER NOT NULL, n_rejected INTEGER NOT NULL,
    parameters TEXT NOT NULL, pipeline_version TEXT NOT NULL, model_version TEXT NOT NULL
) WITHOUT ROWID;
"""

_PUT_ARTICLE = """
    INSERT INTO articles VALUES (?, ?, ?, ?) ON CONFLICT (article_id) DO UPDATE SET
        content_hash = excluded.content_hash, duplicate_of = excluded.duplicate_of, part = excluded.part
"""

Move = tuple[str, str]
"""A staged file and where it belongs, both relative to the store's root."""


class Shelved(NamedTuple):
    """What the ledger keeps of an article; `part` is the piece of the tables that holds it.

    `telling` is how later stories are compared with it; only of an original.
    """

    article_id: str
    content_hash: str
    duplicate_of: str | None
    part: str
    telling: Telling | None = None


class Ledger:
    """Tables in a database; every method is one transaction unless called inside `transaction()`."""

    def __init__(self, database: Database, *, read_only: bool = False) -> None:
        """Use the tables in `database`, made if they are absent unless they are only to be read."""
        self._db = database
        if not read_only:
            self._make()
        self.similar = Similar(database)
        self.readings = Readings(database)

    @property
    def is_current(self) -> bool:
        """Whether what is made from the articles has been made, in this format."""
        return [number for (number,) in self._db.execute("SELECT number FROM format")] == [FORMAT]

    def note_current(self) -> None:
        """Note that what is made from the articles has been made."""
        self._db.execute("DELETE FROM format")
        self._db.execute("INSERT INTO format VALUES (?)", (FORMAT,))

    def _make(self) -> None:
        tables, *others = _statements(_SCHEMA + similar.SCHEMA + readings.SCHEMA)
        self._db.execute(tables)  # that of the format, which says what is to become of the others
        if not self.is_current:
            for name in _DERIVED:
                self._db.execute(f"DROP TABLE IF EXISTS {name}")
        for statement in others:
            self._db.execute(statement)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is done inside."""
        self._db.execute("BEGIN")
        try:
            yield
            self.readings.keep()
        except BaseException:
            # SQLite itself has rolled back when the disk was full, a server when the connection was lost.
            with suppress(sqlite3.OperationalError, DatabaseFailed):
                self._db.execute("ROLLBACK")
            raise
        self._db.execute("COMMIT")

    def has(self, article_id: str) -> bool:
        """Whether the article is stored."""
        return self._one("SELECT 1 FROM articles WHERE article_id = ?", article_id) is not None

    def original(self, content_hash: str) -> str | None:
        """The id of the stored original that counts for this content."""
        sql = "SELECT min(coalesce(duplicate_of, article_id)) FROM articles WHERE content_hash = ?"
        row = self._one(sql, content_hash)
        return None if row is None or row[0] is None else str(row[0])

    def count(self) -> int:
        """How many articles are stored."""
        (number,) = self._db.execute("SELECT count(*) FROM articles").fetchone()
        return int(number)

    def shelve(self, rows: Iterable[Shelved]) -> None:
        """Note articles and the parts that hold them as stored."""
        listed = list({row.article_id: row for row in rows}.values())
        self.similar.remove(row.article_id for row in listed)
        self._db.executemany(_PUT_ARTICLE, [row[:4] for row in listed])
        parts = sorted({(row.part,) for row in listed})
        self._db.executemany("INSERT INTO parts VALUES (?) ON CONFLICT DO NOTHING", parts)
        self.similar.add(row.telling for row in listed if row.telling)

    def supersede(self, heirs: Mapping[str, str]) -> None:
        """Note that each key is a duplicate of its value from now on, and so are the duplicates of it."""
        for old, heir in sorted(heirs.items()):
            sql = "UPDATE articles SET duplicate_of = ? WHERE article_id = ? OR duplicate_of = ?"
            self._db.execute(sql, (heir, old, old))
        self.similar.remove(heirs)

    def parts_about(self, article_ids: Iterable[str]) -> dict[str, set[str]]:
        """The parts that hold these articles or duplicates of them; which of these articles they hold."""
        sql = "SELECT part, article_id FROM articles WHERE article_id = ? OR duplicate_of = ?"
        found: dict[str, set[str]] = {}
        for one in sorted(article_ids):
            for part, article_id in self._db.execute(sql, (one, one)):
                found.setdefault(part, set()).update({article_id} & {one})
        return found

    def parts(self) -> list[str]:
        """The parts of the tables that should be on disk, sorted."""
        return [part for (part,) in self._db.execute("SELECT part FROM parts ORDER BY part")]

    def articles_of(self, part: str) -> list[str]:
        """The ids of the articles that a part holds, sorted."""
        sql = "SELECT article_id FROM articles WHERE part = ? ORDER BY article_id"
        return [article_id for (article_id,) in self._db.execute(sql, (part,))]

    def merge(self, parts: Iterable[str], into: str) -> None:
        """Note that one part holds the articles of several, which are no more."""
        for part in parts:
            self._db.execute("UPDATE articles SET part = ? WHERE part = ?", (into, part))
            self._db.execute("DELETE FROM parts WHERE part = ?", (part,))
        self._db.execute("INSERT INTO parts VALUES (?)", (into,))

    def forget(self, part: str) -> None:
        """Drop a part and its articles, which are then new again."""
        held = self._db.execute("SELECT article_id FROM articles WHERE part = ?", (part,)).fetchall()
        self.similar.remove(article_id for (article_id,) in held)
        self._db.execute("DELETE FROM articles WHERE part = ?", (part,))
        self._db.execute("DELETE FROM parts WHERE part = ?", (part,))

    def parts_of_orphans(self) -> list[str]:
        """The parts with a duplicate whose original is no longer stored, sorted."""
        sql = """
            SELECT DISTINCT part FROM articles AS copy WHERE duplicate_of IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM articles AS original
                WHERE original.article_id = copy.duplicate_of AND original.duplicate_of IS NULL
            ) ORDER BY part"""
        return [part for (part,) in self._db.execute(sql)]

    def intend(self, moves: list[Move]) -> int:
        """Promise to move staged files into place; the id under which it is kept until `fulfil`."""
        sql = "INSERT INTO intents (moves) VALUES (?) RETURNING id"
        (key,) = self._db.execute(sql, (json.dumps(moves),)).fetchone()
        return int(key)

    def intents(self) -> list[tuple[int, list[Move]]]:
        """The promises not yet fulfilled, oldest first."""
        rows = self._db.execute("SELECT id, moves FROM intents ORDER BY id").fetchall()
        return [(int(key), [(staged, final) for staged, final in json.loads(moves)]) for key, moves in rows]

    def fulfil(self, intent: int) -> None:
        """Strike out a promise whose files are in place."""
        self._db.execute("DELETE FROM intents WHERE id = ?", (intent,))

    def put_run(self, run: Run) -> None:
        """Put the row of a run in place of the one that is there, if any."""
        row = (
            run.run_id,
            run.started_at.isoformat(),
            run.ended_at.isoformat() if run.ended_at else None,
            run.state,
            *(run.n_read, run.n_written, run.n_unchanged, run.n_duplicates, run.n_rejected),
            *(run.parameters, run.pipeline_version, run.model_version),
        )
        self._db.execute("DELETE FROM runs WHERE run_id = ?", (run.run_id,))
        self._db.execute(f"INSERT INTO runs VALUES ({', '.join('?' * len(row))})", row)

    def add_counts(self, run_id: str, counts: Mapping[str, int]) -> None:
        """Add to the counters (`n_…`) of a run."""
        changes = ", ".join(f"{name} = {name} + ?" for name in counts)
        self._db.execute(f"UPDATE runs SET {changes} WHERE run_id = ?", (*counts.values(), run_id))

    def run(self, run_id: str) -> Run:
        """The row of one run; KeyError when there is none."""
        row = self._one("SELECT * FROM runs WHERE run_id = ?", run_id)
        if row is None:
            raise KeyError(run_id)
        return _run(row)

    def unfinished(self) -> list[Run]:
        """The runs that are noted as running, sorted."""
        rows = self._db.execute("SELECT * FROM runs WHERE state = 'running' ORDER BY run_id")
        return [_run(row) for row in rows]

    def last_run(self) -> str | None:
        """The greatest id of a run; None when there is none."""
        (run_id,) = self._db.execute("SELECT max(run_id) FROM runs").fetchone()
        return None if run_id is None else str(run_id)

    def _one(self, sql: str, *parameters: object) -> Sequence[object] | None:
        row: Sequence[object] | None = self._db.execute(sql, parameters).fetchone()
        return row


def _statements(script: str) -> list[str]:
    return [one.strip() for one in script.split(";") if one.strip()]


def _run(row: Sequence[object]) -> Run:
    run_id, started, ended, state, *rest = row
    started_at = dt.datetime.fromisoformat(str(started))
    ended_at = dt.datetime.fromisoformat(str(ended)) if ended else None
    return Run(run_id, started_at, ended_at, state, *rest)  # type: ignore[arg-type]  # the columns as put_run wrote them
