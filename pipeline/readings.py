"""The files that were read and the articles that their stories made (a table in the ledger).

It only spares reading: what it recalls is checked against the articles that are stored, and it may be
deleted at any time.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Final

from pipeline import __version__
from pipeline.article import Story
from pipeline.database import Database
from pipeline.intake import article_id

SCHEMA = """
CREATE TABLE IF NOT EXISTS readings (
    key TEXT PRIMARY KEY, pipeline_version TEXT NOT NULL, articles TEXT NOT NULL
) WITHOUT ROWID;
"""
_ID: Final = 16  # letters of an id
_NAME: Final = 16  # of the part of a key that is of a file's name
_AT_ONCE: Final = 1_000  # values of one statement

_PUT = """
    INSERT INTO readings (key, pipeline_version, articles) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE SET
        pipeline_version = excluded.pipeline_version, articles = excluded.articles
"""


class Readings:
    """The memory of reading, as `pipeline.reading.memory` asks for it."""

    def __init__(self, database: Database) -> None:
        """Use the tables of SCHEMA and of the articles in `database`."""
        self._db = database
        self._noted: dict[str, Sequence[str]] = {}

    def recall(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By key, of the files that this version has read: the ids of their articles, every one stored."""
        sql = "SELECT key, articles FROM readings WHERE key IN ({}) AND pipeline_version = ?"
        found = {key: _parted(ids) for key, ids in self._rows(sql, keys, __version__)}
        stored = self._stored({one for ids in found.values() for one in ids})
        return {key: ids for key, ids in found.items() if stored.issuperset(ids)}

    def identity(self, story: Story) -> str:
        """The id of the article that a story makes."""
        return article_id(story)

    def note(self, key: str, article_ids: Sequence[str]) -> None:
        """Remember the articles of a file; they are kept with the next transaction of the ledger."""
        self._noted[key] = article_ids

    def keep(self) -> None:
        """Write what was noted; of a file with several stories only the last reading is kept."""
        for key, ids in self._noted.items():
            if len(ids) > 1:
                name = key[:_NAME]
                self._db.execute("DELETE FROM readings WHERE key > ? AND key < ?", (name, f"{name}g"))
        self._db.executemany(_PUT, [(key, __version__, "".join(ids)) for key, ids in self._noted.items()])
        self._noted.clear()

    def _stored(self, article_ids: Collection[str]) -> set[str]:
        sql = "SELECT article_id FROM articles WHERE article_id IN ({})"
        return {one for (one,) in self._rows(sql, sorted(article_ids))}

    def _rows(self, sql: str, values: Sequence[str], *more: str) -> Iterator[tuple[str, ...]]:
        left = iter(values)
        while some := list(islice(left, _AT_ONCE)):
            yield from self._db.execute(sql.format(", ".join("?" * len(some))), (*some, *more))


def _parted(ids: str) -> list[str]:
    return [ids[start : start + _ID] for start in range(0, len(ids), _ID)]
