"""The readers of the soak: plain readers over the files, and what each reading must agree with.

A reading is of the articles, then of what belongs to them. The ledger, looked at before and after, says
what must be seen and what may be: whatever was stored before and is not on its way, and nothing that it
does not know.
"""

from __future__ import annotations

import sqlite3
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.home import INTERNAL

Rows = list[tuple[Any, ...]]
Fetch = Callable[[str, tuple[str, ...]], Rows]
"""The rows of a table, by its name and columns."""

PAUSE = 0.02
"""Seconds between two readings, which the writers get."""
_ARTICLES = ("article_id", "duplicate_of", "title")
_MENTIONS = ("mention_id", "article_id")
_AMOUNTS = ("amount_id", "article_id", "inr_crore_max")


@dataclass(slots=True)
class Account:
    """What a reader met: how often it read, what was refused to it by kind, and what was wrong."""

    reader: str
    readings: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Known(NamedTuple):
    """What the ledger holds: what each article is a duplicate of, and the articles not yet in place."""

    articles: dict[str, str | None]
    coming: set[str]


class Reading(NamedTuple):
    """The three tables that a reader saw, one after the other, between two looks at the ledger."""

    before: Known
    articles: Rows
    mentions: Rows
    amounts: Rows
    after: Known


def by_duckdb(root: Path) -> Fetch:
    """DuckDB over a glob, one connection for all queries."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("SET enable_progress_bar = false")

    def fetch(table: str, columns: tuple[str, ...]) -> Rows:
        files = f"read_parquet('{root / table}/**/*.parquet', hive_partitioning = true)"
        return connection.execute(f"SELECT {', '.join(columns)} FROM {files}").fetchall()

    return fetch


def by_pandas(root: Path) -> Fetch:
    """pandas over a table's folder, by pyarrow."""
    import pandas as pd

    def fetch(table: str, columns: tuple[str, ...]) -> Rows:
        rows = pd.read_parquet(root / table, columns=list(columns)).astype(object)
        return list(rows.where(rows.notna(), None).itertuples(index=False, name=None))

    return fetch


def by_polars(root: Path) -> Fetch:
    """Polars over a glob."""
    import polars as pl

    def fetch(table: str, columns: tuple[str, ...]) -> Rows:
        files = pl.scan_parquet(f"{root / table}/**/*.parquet", hive_partitioning=True)
        return files.select(columns).collect().rows()

    return fetch


READERS = {"duckdb": by_duckdb, "pandas": by_pandas, "polars": by_polars}


def read_until(account: Account, root: Path, stopped: Callable[[], bool]) -> None:
    """Read and check again and again until told to stop; what is found is noted in `account`."""
    fetch = READERS[account.reader](root)
    seen: set[str] = set()
    while not stopped():
        time.sleep(PAUSE)
        try:
            reading = _reading(root, fetch)
        except (KeyboardInterrupt, SystemExit):
            raise
        except BaseException as error:  # Polars panics with no Exception
            account.errors[_kind(error)] += 1
            continue
        account.readings += 1
        account.wrong.extend(wrongs(reading, seen))
        seen.update(row[0] for row in reading.articles)


def _reading(root: Path, fetch: Fetch) -> Reading:
    return Reading(
        known(root),
        fetch("articles", _ARTICLES),
        fetch("mentions", _MENTIONS),
        fetch("amounts", _AMOUNTS),
        known(root),
    )


def known(root: Path) -> Known:
    """A look at the ledger, in one transaction of its own."""
    database = sqlite3.connect(root / INTERNAL / "ledger.sqlite", isolation_level=None, timeout=60)
    try:
        database.execute("BEGIN")
        rows = database.execute("SELECT article_id, duplicate_of, part FROM articles").fetchall()
        promised = " ".join(moves for (moves,) in database.execute("SELECT moves FROM intents"))
    finally:
        database.close()
    coming = {part for part in {part for _, _, part in rows} if part in promised}
    return Known(
        {article_id: duplicate_of for article_id, duplicate_of, _ in rows},
        {article_id for article_id, _, part in rows if part in coming},
    )


def wrongs(reading: Reading, seen: set[str]) -> Iterator[str]:
    """What is wrong with a reading, a sentence each; `seen` are articles that the reader saw before."""
    before, articles, mentions, amounts, after = reading
    for table, rows in (("articles", articles), ("mentions", mentions), ("amounts", amounts)):
        for key, times in Counter(row[0] for row in rows).items():
            if times > 1:
                yield f"{table}: {key} stands {times} times"
    ids = {row[0] for row in articles}
    yield from _each("{} was seen and is gone", seen - ids)
    yield from _each("{} is stored and not seen", before.articles.keys() - before.coming - ids)
    yield from _each("{} is seen and not stored", ids - after.articles.keys())
    yield from _belongings(reading)


def _belongings(reading: Reading) -> Iterator[str]:
    """What counts has one mention and one amount, of the sum that its title says; what repeats has none."""
    _, articles, mentions, amounts, after = reading
    named = Counter(row[1] for row in mentions)
    sums: dict[str, list[Decimal]] = {}
    for _, article_id, crore in amounts:
        sums.setdefault(article_id, []).append(Decimal(str(crore)))
    strangers = (named.keys() | sums) - after.articles.keys()
    yield from _each("there is a mention or sum of {}, which is not stored", strangers)
    for article_id, duplicate_of, title in articles:
        counts = duplicate_of is None
        if counts and after.articles.get(article_id) is not None:
            continue  # a newer version takes its place at this moment
        expected = [Decimal(title.split()[-1])] if counts else []
        if named[article_id] != len(expected):
            yield f"{article_id} has {named[article_id]} mentions, not {len(expected)}"
        if sums.get(article_id, []) != expected:
            yield f"{article_id} has the sums {sums.get(article_id)}, not {expected}"


def _each(sentence: str, article_ids: set[str]) -> Iterator[str]:
    return (sentence.format(one) for one in sorted(article_ids))


def _kind(error: BaseException) -> str:
    """The class of an error and the first words of its message that name no file."""
    words = [word for word in str(error).split() if "/" not in word][:7]
    return f"{type(error).__name__}: {' '.join(words)}"
