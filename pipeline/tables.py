"""The tables of the contract: their Arrow schemas, and rows into them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from decimal import Decimal
from operator import attrgetter
from typing import Literal

import pyarrow as pa

SCHEMA_VERSION = "1.0"
VERSION_KEY = b"khabar.schema_version"

TableName = Literal["articles", "mentions", "amounts", "entities", "facts", "rejects", "runs", "ingests"]
Outcome = Literal["written", "unchanged", "duplicate", "replaced"]
RunState = Literal["running", "completed", "failed", "crashed"]
Tables = Mapping[TableName, pa.Table]

PARTITION = "published_date"
PARTITIONED: tuple[TableName, ...] = ("mentions", "amounts", "facts", "articles")
"""The tables split by day, in the order they are published: an article that is seen has all that is its."""


@dataclass(frozen=True, slots=True)
class Ingest:
    """A row of `ingests`: what one run did with one article."""

    article_id: str
    run_id: str
    at: dt.datetime
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Reject:
    """A row of `rejects`: something a run read that did not become an article."""

    source_uri: str
    reason: str
    detail: str
    run_id: str
    at: dt.datetime
    payload_path: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """A row of `runs`; `parameters` is a JSON object as text."""

    run_id: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    state: RunState
    n_read: int
    n_written: int
    n_unchanged: int
    n_duplicates: int
    n_rejected: int
    parameters: str
    pipeline_version: str
    model_version: str


_INSTANT = pa.timestamp("us", tz="UTC")
_SUM = pa.decimal128(38, 4)
_CRORE = pa.decimal128(38, 11)
_RATE = pa.decimal128(38, 10)
_NAMES = pa.list_(pa.string())


def _schema(columns: Mapping[str, pa.DataType], optional: str = "") -> pa.Schema:
    nullable = set(optional.split())
    return pa.schema(
        [pa.field(name, kind, nullable=name in nullable) for name, kind in columns.items()],
        metadata={VERSION_KEY: SCHEMA_VERSION.encode()},
    )


_SPAN: dict[str, pa.DataType] = {
    "text": pa.string(),
    "start": pa.int32(),
    "end": pa.int32(),
    "source_start": pa.int32(),
    "source_end": pa.int32(),
    "sentence": pa.int32(),
}

SCHEMAS: dict[TableName, pa.Schema] = {
    "articles": _schema(
        {
            "article_id": pa.string(),
            "source_uri": pa.string(),
            "url": pa.string(),
            "publisher": pa.string(),
            "title": pa.string(),
            "byline": _NAMES,
            "published_at": _INSTANT,
            "published_date": pa.date32(),
            "date_source": pa.string(),
            "language": pa.string(),
            "code_mixed": pa.bool_(),
            "source_text": pa.string(),
            "text": pa.string(),
            "n_tokens": pa.int32(),
            "content_hash": pa.string(),
            "duplicate_of": pa.string(),
            "pipeline_version": pa.string(),
            "model_version": pa.string(),
        },
        optional="url publisher title published_at duplicate_of",
    ),
    "mentions": _schema(
        {
            "mention_id": pa.string(),
            "article_id": pa.string(),
            "published_date": pa.date32(),
            "type": pa.string(),
            **_SPAN,
            "score": pa.float32(),
            "entity_id": pa.string(),
        },
        optional="entity_id",
    ),
    "amounts": _schema(
        {
            "amount_id": pa.string(),
            "article_id": pa.string(),
            "published_date": pa.date32(),
            **_SPAN,
            "currency": pa.string(),
            "amount_min": _SUM,
            "amount_max": _SUM,
            "inr_crore_min": _CRORE,
            "inr_crore_max": _CRORE,
            "fx_rate": _RATE,
            "fx_date": pa.date32(),
            "form": pa.string(),
            "modifier": pa.string(),
            "per": pa.string(),
            "kind": pa.string(),
            "entity_id": pa.string(),
        },
        optional=(
            "amount_min amount_max inr_crore_min inr_crore_max fx_rate fx_date modifier per kind entity_id"
        ),
    ),
    "entities": _schema(
        {
            "entity_id": pa.string(),
            "type": pa.string(),
            "name": pa.string(),
            "name_hi": pa.string(),
            "name_en": pa.string(),
            "aliases": _NAMES,
            "symbol": pa.string(),
            "isin": pa.string(),
            "n_articles": pa.int32(),
            "first_seen": pa.date32(),
            "last_seen": pa.date32(),
        },
        optional="name_hi name_en symbol isin",
    ),
    "facts": _schema(
        {
            "fact_id": pa.string(),
            "article_id": pa.string(),
            "published_date": pa.date32(),
            "subject_id": pa.string(),
            "relation": pa.string(),
            "object_id": pa.string(),
            "role": pa.string(),
            "amount_id": pa.string(),
            "sentence": pa.int32(),
            "start": pa.int32(),
            "end": pa.int32(),
        },
        optional="role amount_id",
    ),
    "rejects": _schema(
        {
            "source_uri": pa.string(),
            "reason": pa.string(),
            "detail": pa.string(),
            "run_id": pa.string(),
            "at": _INSTANT,
            "payload_path": pa.string(),
        },
        optional="payload_path",
    ),
    "runs": _schema(
        {
            "run_id": pa.string(),
            "started_at": _INSTANT,
            "ended_at": _INSTANT,
            "state": pa.string(),
            "n_read": pa.int64(),
            "n_written": pa.int64(),
            "n_unchanged": pa.int64(),
            "n_duplicates": pa.int64(),
            "n_rejected": pa.int64(),
            "parameters": pa.string(),
            "pipeline_version": pa.string(),
            "model_version": pa.string(),
        },
        optional="ended_at",
    ),
    "ingests": _schema(
        {"article_id": pa.string(), "run_id": pa.string(), "at": _INSTANT, "outcome": pa.string()}
    ),
}


def table(name: TableName, rows: Iterable[object]) -> pa.Table:
    """An Arrow table of `rows`, objects whose attributes are the columns of table `name`."""
    schema = SCHEMAS[name]
    listed = list(rows)
    columns = [
        pa.array([_storable(value) for value in map(attrgetter(field.name), listed)], type=field.type)
        for field in schema
    ]
    return pa.Table.from_arrays(columns, schema=schema)


def record(row: object) -> dict[str, object]:
    """A dataclass row as a JSON-ready dict: decimals and dates as strings, in column order."""
    return {field.name: _plain(getattr(row, field.name)) for field in fields(row)}  # type: ignore[arg-type]  # any row class


def digits(value: Decimal) -> str:
    """A decimal in plain digits, exactly, without needless zeros."""
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _storable(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _plain(value: object) -> object:
    match value:
        case Decimal():
            return digits(value)
        case dt.date():
            return value.isoformat()
        case tuple():
            return list(value)
        case _:
            return value
