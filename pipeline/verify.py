"""Every invariant of the tables, checked on what is stored; each function yields what is wrong."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

import pyarrow as pa

from pipeline.parts import read_file
from pipeline.places import Place
from pipeline.store import Store
from pipeline.tables import PARTITION, PARTITIONED, SCHEMA_VERSION, SCHEMAS, VERSION_KEY, TableName
from pipeline.text.devanagari import normalise

Row = Mapping[str, Any]  # a row of a table as pyarrow gives it, its columns being of many types
KEYS: dict[TableName, str] = {
    "articles": "article_id",
    "mentions": "mention_id",
    "amounts": "amount_id",
    "facts": "fact_id",
    "entities": "entity_id",
    "runs": "run_id",
}
CRORE = Decimal(10_000_000)


def problems(store: Store) -> Iterator[str]:
    """All that is wrong with a store, one sentence each; nothing when it is sound."""
    seen: dict[TableName, set[str]] = {name: set() for name in SCHEMAS}
    yield from _files(store.place)
    yield from _parts(store)
    for part in store.ledger.parts():
        yield from _part(store.place, part, seen)
    yield from _flat_keys(store.place, seen)
    yield from _references(store.place, seen)
    yield from _copies(store.place)
    yield from _runs(store.place)


def _files(place: Place) -> Iterator[str]:
    """Each file can be read to its end, and has its table's columns and the schema version."""
    for name, schema in SCHEMAS.items():
        expected = _stored_schema(name, schema)
        for path in _paths(place, name):
            try:
                found = read_file(place, path).schema
            except (OSError, pa.ArrowException) as error:
                yield f"{path} cannot be read: {error}"
                continue
            if not found.equals(expected):
                yield f"{path} does not have the columns of {name}"
            if (found.metadata or {}).get(VERSION_KEY) != SCHEMA_VERSION.encode():
                yield f"{path} does not carry schema version {SCHEMA_VERSION}"


def _stored_schema(name: TableName, schema: pa.Schema) -> pa.Schema:
    return schema.remove(schema.get_field_index(PARTITION)) if name in PARTITIONED else schema


def _parts(store: Store) -> Iterator[str]:
    """The parts on disk are those of the ledger, whole, and no file is left over."""
    known = set(store.ledger.parts())
    for name in PARTITIONED:
        on_disk = {path.removeprefix(f"{name}/") for path in _paths(store.place, name)}
        yield from (f"{name}/{part} is missing" for part in sorted(known - on_disk))
        yield from (f"{name}/{part} is not in the ledger" for part in sorted(on_disk - known))
    if store.ledger.count() and not known:
        yield "the ledger names articles but no files"


def _part(place: Place, part: str, seen: dict[TableName, set[str]]) -> Iterator[str]:
    """The rows of one part: unique ids, and spans and sums that hold."""
    try:
        tables = {name: read_file(place, f"{name}/{part}").to_pylist() for name in PARTITIONED}
    except (OSError, pa.ArrowException):
        return  # said by _files or _parts
    try:
        dt.date.fromisoformat(part.partition("/")[0].removeprefix(f"{PARTITION}="))
    except ValueError:
        yield f"{part} is in no day's folder"
    for name in PARTITIONED:
        yield from _unique(name, tables[name], seen)
    articles = {row["article_id"]: row for row in tables["articles"]}
    for name in PARTITIONED[:-1]:
        yield from (
            f"{name}: {row[KEYS[name]]} belongs to no article of {part}"
            for row in tables[name]
            if row["article_id"] not in articles
        )
    yield from _article_rows(articles.values())
    for name in ("mentions", "amounts"):
        yield from _spans(name, [row for row in tables[name] if row["article_id"] in articles], articles)
    for row in tables["amounts"]:
        yield from _sum(row)


def _unique(name: TableName, rows: Iterable[Row], seen: dict[TableName, set[str]]) -> Iterator[str]:
    for row in rows:
        key = row[KEYS[name]]
        if key in seen[name]:
            yield f"{name}: {key} stands twice"
        seen[name].add(key)


def _article_rows(articles: Iterable[Row]) -> Iterator[str]:
    for row in articles:
        if normalise(row["source_text"]).text != row["text"]:
            yield f"articles: {row['article_id']}: text is not the normalised source_text"


def _spans(name: str, rows: Iterable[Row], articles: Mapping[str, Row]) -> Iterator[str]:
    """Spans give their text in both texts, in order and without overlap."""
    free: dict[str, int] = Counter()
    for row in rows:
        article, key = articles[row["article_id"]], row[f"{name[:-1]}_id"]
        if article["text"][row["start"] : row["end"]] != row["text"] or not row["text"]:
            yield f"{name}: {key}: start and end do not give its text"
        source = article["source_text"][row["source_start"] : row["source_end"]]
        if normalise(source).text != row["text"]:
            yield f"{name}: {key}: source_start and source_end do not give its text"
        if row["start"] < free[row["article_id"]]:
            yield f"{name}: {key} overlaps the one before"
        free[row["article_id"]] = row["end"]
        if article["duplicate_of"]:
            yield f"{name}: {key} is counted in an article that repeats another"


def _sum(row: Row) -> Iterator[str]:
    low, high, key = row["amount_min"], row["amount_max"], row["amount_id"]
    if row["form"] != _form(low, high):
        yield f"amounts: {key}: form {row['form']} does not go with {low}..{high}"
    elif row["currency"] == "INR" and low is not None:
        if (row["inr_crore_min"], row["inr_crore_max"]) != (low / CRORE, high / CRORE):
            yield f"amounts: {key}: the crores are not the rupees"
    elif (row["inr_crore_min"] is None) != (row["fx_rate"] is None):
        yield f"amounts: {key}: a conversion without its rate"


def _form(low: Decimal | None, high: Decimal | None) -> str | None:
    """The form that the two ends of a sum make; None when they make none."""
    if low is None or high is None:
        return "indefinite" if low is high else None
    return None if low > high else "point" if low == high else "range"


def _flat_keys(place: Place, seen: dict[TableName, set[str]]) -> Iterator[str]:
    flat: tuple[TableName, ...] = ("entities", "runs")
    for name in flat:
        yield from _unique(name, _rows(place, name, [KEYS[name]]), seen)


def _references(place: Place, seen: dict[TableName, set[str]]) -> Iterator[str]:
    """Every id that points somewhere points to something."""
    columns: list[tuple[TableName, str, TableName]] = [
        ("articles", "duplicate_of", "articles"),
        ("mentions", "entity_id", "entities"),
        ("amounts", "entity_id", "entities"),
        ("facts", "subject_id", "entities"),
        ("facts", "object_id", "entities"),
        ("facts", "amount_id", "amounts"),
        ("ingests", "article_id", "articles"),
        ("ingests", "run_id", "runs"),
        ("rejects", "run_id", "runs"),
    ]
    for name, column, target in columns:
        for row in _rows(place, name, [column]):
            if row[column] is not None and row[column] not in seen[target]:
                yield f"{name}.{column} {row[column]} is not in {target}"


def _copies(place: Place) -> Iterator[str]:
    """What a duplicate points to is an original."""
    rows = _rows(place, "articles", ["article_id", "duplicate_of"])
    copies = {row["article_id"]: row["duplicate_of"] for row in rows if row["duplicate_of"]}
    for key, original in copies.items():
        if original in copies:
            yield f"articles: {key} is a duplicate of {original}, which is a duplicate itself"


def _runs(place: Place) -> Iterator[str]:
    """The counts of each run add up, and are those of its ingests and rejects."""
    outcomes = Counter(
        (row["run_id"], row["outcome"]) for row in _rows(place, "ingests", ["run_id", "outcome"])
    )
    rejected = Counter(row["run_id"] for row in _rows(place, "rejects", ["run_id"]))
    for row in _rows(place, "runs", SCHEMAS["runs"].names):
        key = row["run_id"]
        parts = [row["n_written"], row["n_unchanged"], row["n_duplicates"], row["n_rejected"]]
        if row["n_read"] != sum(parts):
            yield f"runs: {key}: n_read {row['n_read']} is not {' + '.join(map(str, parts))}"
        noted = [
            outcomes[key, "written"] + outcomes[key, "replaced"],
            outcomes[key, "unchanged"],
            outcomes[key, "duplicate"],
            rejected[key],
        ]
        if noted != parts:
            yield f"runs: {key}: counts {parts}, but ingests and rejects have {noted}"


def _rows(place: Place, name: TableName, columns: list[str]) -> Iterator[Row]:
    for path in _paths(place, name):
        try:
            yield from read_file(place, path, columns).to_pylist()
        except (OSError, pa.ArrowException):
            continue  # said by _files


def _paths(place: Place, name: TableName) -> list[str]:
    """The files of a table, from the store's root, sorted."""
    return sorted(f"{name}/{path}" for path in place.files(name) if path.endswith(".parquet"))
