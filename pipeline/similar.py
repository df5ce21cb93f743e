"""The index of the stories that are stored: which of them a new one may repeat (tables in the ledger).

A story is found by the landmarks of its outline: a copy shares several of them, another story hardly
one. Only originals are kept here. The tables can be made anew from the articles at any time.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from functools import cache
from typing import NamedTuple

from pipeline.article import stable_id
from pipeline.database import Database
from pipeline.text.outline import landmarks

COMMON = 16
"""A landmark that more stories have says nothing of a story: a form, a disclaimer, a turn of phrase."""
CLOSEST = 8
"""So many stories are compared, those that share most landmarks; more when they share as many."""
OF_SOURCE = 64
"""So many stories of one source are compared; no source that names a story has as many."""

Place = tuple[int, int]
"""Which index, and the number of a story in it."""

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

    def __init__(self, database: Database) -> None:
        """Use the tables of SCHEMA in `database`."""
        self._db = database

    def add(self, tellings: Iterable[Telling]) -> None:
        """Keep originals that are not kept yet."""
        ((last,),) = self._db.execute("SELECT coalesce(max(number), 0) FROM outlines").fetchall()
        numbered = list(enumerate(tellings, last + 1))
        self._db.executemany(
            "INSERT INTO outlines (number, article_id, source, told_at, words) VALUES (?, ?, ?, ?, ?)",
            [(number, *telling) for number, telling in numbered],
        )
        marks = sorted((mark, number) for number, telling in numbered for mark in landmarks(telling.words))
        self._db.executemany("INSERT INTO landmarks (landmark, number) VALUES (?, ?)", marks)

    def remove(self, article_ids: Iterable[str]) -> None:
        """Forget these stories, if they are kept."""
        for number in self.numbers(article_ids):
            marks = [(mark, number) for one in self.tellings([number]) for mark in landmarks(one.words)]
            self._db.executemany("DELETE FROM landmarks WHERE landmark = ? AND number = ?", marks)
            self._db.execute("DELETE FROM outlines WHERE number = ?", (number,))

    def of_landmarks(self, marks: Sequence[int], limit: int) -> list[tuple[int, int]]:
        """Places in `marks` with the numbers of stories that have them, at most `limit` of each."""
        return self._db.execute(_probes(len(marks), limit), marks).fetchall()

    def tellings(self, numbers: Sequence[int]) -> list[Telling]:
        """The stories with these numbers."""
        places = ", ".join("?" * len(numbers))
        sql = f"SELECT article_id, source, told_at, words FROM outlines WHERE number IN ({places})"
        return [Telling(*row) for row in self._db.execute(sql, numbers)] if numbers else []

    def numbers(self, article_ids: Iterable[str]) -> set[int]:
        """The numbers of those of these stories that are kept."""
        sql = "SELECT number FROM outlines WHERE article_id = ?"
        return {number for one in article_ids for (number,) in self._db.execute(sql, (one,))}

    def of_source(self, source: int, limit: int) -> list[Telling]:
        """The first by id of the stories of a source, at most `limit` of them."""
        sql = "SELECT article_id, source, told_at, words FROM outlines WHERE source = ? ORDER BY 1 LIMIT ?"
        return [Telling(*row) for row in self._db.execute(sql, (source, limit))]


@cache
def _probes(count: int, limit: int) -> str:
    """One statement for so many landmarks."""
    one = "SELECT {0}, number FROM (SELECT number FROM landmarks WHERE landmark = ? LIMIT {1}) AS found{0}"
    return " UNION ALL ".join(one.format(place, limit) for place in range(count))


def of_source(indexes: Sequence[Similar], source: int, without: Collection[str] = ()) -> list[Telling]:
    """The stories of a source in any of `indexes` but those in `without`, the first OF_SOURCE by id."""
    known = [one for index in indexes for one in index.of_source(source, OF_SOURCE + len(without))]
    return sorted(one for one in known if one.article_id not in without)[:OF_SOURCE]


def closest(indexes: Sequence[Similar], words: bytes, without: Collection[str] = ()) -> list[Telling]:
    """The stories in any of `indexes` that share most landmarks with an outline, sorted by id.

    As if those in `without` were not there: which they are depends on the stories alone, never on how
    they are spread over the indexes.
    """
    shared = _shared(indexes, landmarks(words), without)
    least = sorted(shared.values(), reverse=True)[CLOSEST - 1] if len(shared) > CLOSEST else 0
    chosen = [story for story, times in shared.items() if times >= least]
    return sorted(
        telling
        for at, index in enumerate(indexes if chosen else ())
        for telling in index.tellings([number for place, number in chosen if place == at])
    )


def _shared(indexes: Sequence[Similar], marks: Sequence[int], without: Collection[str]) -> Counter[Place]:
    """How many of the landmarks that say something each story shares."""
    stories: list[list[Place]] = [[] for _ in marks]
    for at, index in enumerate(indexes if marks else ()):
        left_out = index.numbers(without)
        for which, number in index.of_landmarks(marks, COMMON + 1 + len(left_out)):
            if number not in left_out:
                stories[which].append((at, number))
    return Counter([story for those in stories if 0 < len(those) <= COMMON for story in those])
