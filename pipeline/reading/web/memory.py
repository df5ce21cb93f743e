"""What is remembered between runs: where a page is archived, how to ask whether it changed, robots.txt."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from pathlib import Path
from typing import NamedTuple

_SCHEMA = """
CREATE TABLE IF NOT EXISTS pages (
    url TEXT PRIMARY KEY, final_url TEXT NOT NULL, etag TEXT, modified TEXT, stamps TEXT,
    digest TEXT NOT NULL, file TEXT NOT NULL, start INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS archives (file TEXT PRIMARY KEY, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS robots (
    origin TEXT PRIMARY KEY, at TEXT NOT NULL, rules TEXT NOT NULL
) WITHOUT ROWID;
"""


class Page(NamedTuple):
    """A page in the archive: `start` is the byte in `file` where its record begins.

    `stamps` is a JSON list of the marks that listings put on it as it is, the newest last.
    """

    url: str
    final_url: str
    etag: str | None
    modified: str | None
    stamps: str | None
    digest: str
    file: str
    start: int


class Memory:
    """One SQLite file, or none at all when `path` is None; thread-safe."""

    def __init__(self, path: Path | None) -> None:
        """Open the file, made if it is absent."""
        self._lock = threading.Lock()
        self._db = sqlite3.connect(
            path or ":memory:", isolation_level=None, timeout=60, check_same_thread=False
        )
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.executescript(_SCHEMA)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    def page(self, url: str) -> Page | None:
        """What is known of the page at `url`."""
        row = self._one("SELECT * FROM pages WHERE url = ?", url)
        return None if row is None else Page(*row)  # type: ignore[arg-type]  # the columns as `keep_page` wrote them

    def keep_page(self, page: Page) -> None:
        """Remember a page, which must lie safely in the archive."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?, ?, ?, ?)", page)

    def size(self, file: str) -> int:
        """The bytes of an archive that are known to be whole."""
        row = self._one("SELECT size FROM archives WHERE file = ?", file)
        return 0 if row is None else int(str(row[0]))

    def keep_size(self, file: str, size: int) -> None:
        """Remember that the first `size` bytes of an archive are whole and on the disk."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO archives VALUES (?, ?)", (file, size))

    def robots(self, origin: str, since: dt.datetime) -> str | None:
        """The robots.txt of an origin (`https://example.org:443`) if it was asked for after `since`."""
        now = dt.datetime.now(dt.UTC)  # a clock that was wrong must not keep rules for ever
        sql = "SELECT rules FROM robots WHERE origin = ? AND at > ? AND at <= ?"
        row = self._one(sql, origin, since.isoformat(), now.isoformat())
        return None if row is None else str(row[0])

    def keep_robots(self, origin: str, at: dt.datetime, rules: str) -> None:
        """Remember the robots.txt of an origin."""
        with self._lock:
            self._db.execute(
                "INSERT OR REPLACE INTO robots VALUES (?, ?, ?)", (origin, at.isoformat(), rules)
            )

    def _one(self, sql: str, *parameters: object) -> tuple[object, ...] | None:
        with self._lock:
            row: tuple[object, ...] | None = self._db.execute(sql, parameters).fetchone()
            return row
