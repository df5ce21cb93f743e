"""The index of the stories that are stored: which of them a new one may repeat (tables in the ledger).

A story is found by the landmarks of its outline: a copy shares several of them, another story hardly
one. Only originals are kept here. The tables can be made anew from the articles at any time.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.article import stable_id
from pipeline.text.outline import landmarks

COMMON = 16
"""A landmark that more stories have says nothing of a story: a form, a disclaimer, a turn of phrase."""
CLOSEST = 8
"""So many stories are compared, those that share most landmarks; more when they share as many."""
OF_SOURCE = 64
"""So many stories of one source are compared; no source that names a story has as many."""

SCHEMA = """
CREATE TABLE IF NOT EXISTS outlines (
    number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, source INTEGER, told_at TEXT,
    words BLOB NOT NULL
);
CREATE INDEX IF NOT EXISTS of_source ON outlines (source) WHERE source IS NOT NULL;
CREATE TABLE IF NOT EXISTS landmarks (
    landmark INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (landmark, number)
) WITHOUT ROWID;
"""


class Telling(NamedTuple):
    """An original as later stories are compared with it.

    `source` is None when it names no story; `told_at` is the time in ISO form that the story gives
    itself, in UTC, or its own day, or None.
    """

    article_id: str
    source: int | None
    told_at: str | None
    words: bytes

    @property
    def is_of_file(self) -> bool:
        """Whether the source is but the name of a file."""
        return self.source is not None and self.source < 0


def source_of(url: str | None, source_uri: str) -> int | None:
    """The hash of a story's address or, below zero, of its file's name; None for standard input."""
    if url is None and source_uri.partition("#")[0] in ("", "-"):
        return None
    number = int(stable_id("source", url or source_uri), 16) >> 1  # SQLite's integers have a sign
    return ~number if url is None else number


def told_at(published_at: dt.datetime | None, own_date: dt.date | None) -> str | None:
    """When a story says that it was told: an instant, else a day, else None."""
    if published_at is None:
        return own_date.isoformat() if own_date else None
    aware = published_at if published_at.tzinfo else published_at.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).isoformat(timespec="microseconds")


class Similar:
    """The index in a ledger's database; what it writes is part of the caller's transaction."""

    def __init__(self, database: sqlite3.Connection) -> None:
        """Use the tables of SCHEMA in `database`."""
        self._db = database

    def add(self, tellings: Iterable[Telling]) -> None:
        """Keep originals that are not kept yet."""
        for telling in tellings:
            sql = "INSERT INTO outlines (article_id, source, told_at, words) VALUES (?, ?, ?, ?)"
            number = self._db.execute(sql, telling).lastrowid
            self._db.executemany(
                "INSERT INTO landmarks VALUES (?, ?)", [(mark, number) for mark in landmarks(telling.words)]
            )

    def remove(self, article_ids: Iterable[str]) -> None:
        """Forget these stories, if they are kept."""
        for number in self.numbers(article_ids):
            marks = [(mark, number) for one in self.tellings([number]) for mark in landmarks(one.words)]
            self._db.executemany("DELETE FROM landmarks WHERE landmark = ? AND number = ?", marks)
            self._db.execute("DELETE FROM outlines WHERE number = ?", (number,))

    def of_landmarks(self, marks: Sequence[int], limit: int) -> list[tuple[int, int]]:
        """Places in `marks` with the numbers of stories that have them, at most `limit` of each."""
        values = [value for mark in marks for value in (mark, limit)]
        return self._db.execute(_probes(len(marks)), values).fetchall()

    def tellings(self, numbers: Iterable[int]) -> list[Telling]:
        """The stories with these numbers."""
        wanted = list(numbers)
        places = ", ".join("?" * len(wanted))
        sql = f"SELECT article_id, source, told_at, words FROM outlines WHERE number IN ({places})"
        return [Telling(*row) for row in self._db.execute(sql, wanted)] if wanted else []

    def numbers(self, article_ids: Iterable[str]) -> set[int]:
        """The numbers of those of these stories that are kept."""
        sql = "SELECT number FROM outlines WHERE article_id = ?"
        return {number for one in article_ids for (number,) in self._db.execute(sql, (one,))}

    def of_source(self, source: int, limit: int) -> list[Telling]:
        """The first by id of the stories of a source, at most `limit` of them."""
        sql = "SELECT article_id, source, told_at, words FROM outlines WHERE source = ? ORDER BY 1 LIMIT ?"
        return [Telling(*row) for row in self._db.execute(sql, (source, limit))]


@cache
def _probes(count: int) -> str:
    """One statement for so many landmarks."""
    one = "SELECT {}, number FROM (SELECT number FROM landmarks WHERE landmark = ? LIMIT ?)"
    return " UNION ALL ".join(one.format(place) for place in range(count))


def of_source(indexes: Sequence[Similar], source: int, without: Collection[str] = ()) -> list[Telling]:
    """The stories of a source in any of `indexes` but those in `without`, the first OF_SOURCE by id."""
    known = [one for index in indexes for one in index.of_source(source, OF_SOURCE + len(without))]
    return sorted(one for one in known if one.article_id not in without)[:OF_SOURCE]


def closest(indexes: Sequence[Similar], words: bytes, without: Collection[str] = ()) -> list[Telling]:
    """The stories in any of `indexes` that share most landmarks with an outline, sorted by id.

    As if those in `without` were not there: which they are depends on the stories alone, never on how
    they are spread over the indexes.
    """
    marks = landmarks(words)
    known: list[tuple[int, int, int]] = []  # place of a landmark, place of an index, number of a story
    for at, index in enumerate(indexes):
        left_out = index.numbers(without)
        found = index.of_landmarks(marks, COMMON + 1 + len(left_out)) if marks else []
        known += [(place, at, number) for place, number in found if number not in left_out]
    often = Counter([place for place, _, _ in known])
    shared = Counter([(at, number) for place, at, number in known if often[place] <= COMMON])
    least = min((times for _, times in shared.most_common(CLOSEST)), default=0)
    chosen = [story for story, times in shared.items() if times >= least]
    return sorted(
        telling
        for at, index in enumerate(indexes)
        for telling in index.tellings(number for place, number in chosen if place == at)
    )
