"""The parts of a store: a part is a file of the same name in each table split by day."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.ledger import Shelved
from pipeline.similar import Telling, source_of, told_at
from pipeline.tables import PARTITION, PARTITIONED, SCHEMAS, TableName, Tables
from pipeline.text.outline import outline

_PARQUET = b"PAR1"
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


def read_part(root: Path, part: str) -> Tables:
    """The rows of a part, with their day."""
    return {kind: _read(root / kind / part, kind, day_of(part)) for kind in PARTITIONED}


def _read(path: Path, kind: TableName, day: dt.date) -> pa.Table:
    rows = pq.ParquetFile(path).read()
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


def shelved_of_part(root: Path, part: str) -> list[Shelved]:
    """What the ledger keeps of the articles of a part that is on disk."""
    rows = pq.ParquetFile(root / "articles" / part).read([name for name in _ABOUT if name != PARTITION])
    day = pa.repeat(pa.scalar(day_of(part), pa.date32()), len(rows))
    return list(shelved(rows.append_column(PARTITION, day), Path(part).stem))


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
