"""The parts of a store: a part is a file of the same name in each table split by day."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.ledger import Shelved
from pipeline.places import Place
from pipeline.similar import Telling, source_of, told_at
from pipeline.tables import PARTITION, PARTITIONED, SCHEMAS, TableName, Tables
from pipeline.text.outline import outline

_PART: Final = re.compile(rf"{PARTITION}=[^/]*/[^/]*\.parquet")
_ABOUT = (
    "article_id", "content_hash", "duplicate_of", "url", "source_uri", "published_at", "published_date",
    "date_source", "text",
)  # fmt: skip


def part_of(day: dt.date, name: str) -> str:
    """The path of a part below each table's folder."""
    return f"{PARTITION}={day.isoformat()}/{name}.parquet"


def day_of(part: str) -> dt.date:
    """The day of a part's rows; ValueError when the path names none."""
    return dt.date.fromisoformat(part.partition("/")[0].removeprefix(f"{PARTITION}="))


def days(tables: Tables) -> list[dt.date]:
    """The days of the articles of a batch, sorted."""
    return sorted(set(tables["articles"][PARTITION].to_pylist()))


def of_day(tables: Tables, day: dt.date) -> Tables:
    """The rows of one day of the tables split by day."""
    return {
        kind: tables[kind].filter(pc.equal(tables[kind][PARTITION], pa.scalar(day, pa.date32())))
        for kind in PARTITIONED
    }


def as_stored(rows: pa.Table) -> pa.Table:
    """Rows of a part without the day, which is in the path, in one piece so that bytes depend on rows."""
    return rows.drop_columns([PARTITION]).combine_chunks()


class Damaged(Exception):
    """A file of the store cannot be read; the message is one sentence that says what to do."""


def read_file(place: Place, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """The rows of a Parquet file, each page checked; OSError or pa.ArrowException when it cannot be read."""
    with place.open(name) as file:
        return pq.ParquetFile(file, page_checksum_verification=True).read(columns)


def read_stored(place: Place, name: str, columns: Sequence[str] | None = None) -> pa.Table:
    """As `read_file`, of a file that the store cannot do without; raises Damaged."""
    try:
        return read_file(place, name, columns)
    except (OSError, pa.ArrowException) as error:
        raise Damaged(
            f"{place.address}/{name} cannot be read ({error}); put it back from a copy, or delete it and run"
            " again: what it held is then new to the store"
        ) from error


def read_part(place: Place, part: str) -> Tables:
    """The rows of a part, with their day; raises Damaged."""
    day = day_of(part)
    return {kind: _with_day(read_stored(place, f"{kind}/{part}"), kind, day) for kind in PARTITIONED}


def read_articles(place: Place, part: str, columns: Sequence[str]) -> pa.Table:
    """Some columns of the articles of a part; raises Damaged."""
    return read_stored(place, f"articles/{part}", columns)


def _with_day(rows: pa.Table, kind: TableName, day: dt.date) -> pa.Table:
    schema = SCHEMAS[kind]
    at = schema.get_field_index(PARTITION)
    with_day = rows.add_column(at, schema.field(at), pa.repeat(pa.scalar(day, pa.date32()), len(rows)))
    return with_day.cast(schema)


def shelved(articles: pa.Table, name: str) -> Iterator[Shelved]:
    """What the ledger keeps of the articles of a batch that is stored under `name`."""
    for row in articles.select(_ABOUT).to_pylist():
        original = row["duplicate_of"] is None
        yield Shelved(
            row["article_id"],
            row["content_hash"],
            row["duplicate_of"],
            part_of(row[PARTITION], name),
            _telling(row) if original else None,
        )


def _telling(row: dict[str, object]) -> Telling:
    own_date = row["published_date"] if row["date_source"] != "given" else None
    return Telling(
        str(row["article_id"]),
        source_of(row["url"], row["source_uri"]),  # type: ignore[arg-type]  # the columns of articles
        told_at(row["published_at"], own_date),  # type: ignore[arg-type]
        outline(str(row["text"])),
    )


def shelved_of_part(place: Place, part: str) -> list[Shelved]:
    """What the ledger keeps of the articles of a part that is in the tables; raises Damaged."""
    rows = read_articles(place, part, [name for name in _ABOUT if name != PARTITION])
    day = pa.repeat(pa.scalar(day_of(part), pa.date32()), len(rows))
    return list(shelved(rows.append_column(PARTITION, day), PurePosixPath(part).stem))


class Found(NamedTuple):
    """The parts that any table split by day has a file of, and those that all have, none cut short."""

    parts: set[str]
    whole: set[str]


def found_parts(place: Place) -> Found:
    """The parts that are in the tables."""
    listed = {kind: _listed(place, kind) for kind in PARTITIONED}
    complete = set.intersection(*map(set, listed.values()))
    whole = {
        part
        for part in complete
        if all(place.is_whole(f"{kind}/{part}", files[part]) for kind, files in listed.items())
    }
    return Found(set().union(*listed.values()), whole)


def _listed(place: Place, kind: TableName) -> dict[str, int]:
    return {name: size for name, size in place.files(kind).items() if _PART.fullmatch(name)}
