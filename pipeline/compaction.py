"""Small files merged into few: the parts of each day into one, and the files of tables that have no days.

A file is small below `sizes.SMALL` bytes, a part when its articles' file is.
The rows of a merged part are in the order of their articles' ids and its name is of those ids, so that
its bytes depend on the articles alone: not on the batches that brought them, nor on what was merged when.
Each folder is exchanged at once for one that holds the same rows (see `folders`), which is promised in the
ledger, so that the next to open the store finishes what a kill left.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import pyarrow as pa

from pipeline import folders, staging
from pipeline.article import stable_id
from pipeline.ledger import Ledger
from pipeline.parts import as_stored, day_of, part_of, read_part, read_stored
from pipeline.revision import in_order, joined
from pipeline.sizes import SMALL
from pipeline.store import Store
from pipeline.tables import PARTITIONED, TableName, Tables

LARGEST: Final = 4 * SMALL
"""Bytes of the files that are merged into one, about: they are in memory together."""
MANY_PARTS, MANY_FILES = 64, 1000
"""A run ends with compacting a day that has more small parts, or a table without days of more small files."""

_FLAT: tuple[TableName, ...] = ("ingests", "rejects", "runs")
_SEED = "none.parquet"

Sizes = Mapping[str, int]
"""Bytes of small files, by part or name, in the order of these."""


class CannotCompact(Exception):
    """The place of the store does not allow it; the message is one sentence."""


class Compacted(NamedTuple):
    """How many folders of how many small files were put in order, and how many files there are instead."""

    folders: int
    files: int
    instead: int


def compact(store: Store, before: dt.date | None = None) -> Compacted:
    """Merge what is small: the parts of each day (before `before`, if given), and tables without days.

    Raises CannotCompact where folders cannot be exchanged, and Damaged.
    """
    root = store.place.folder
    if root is None:
        raise CannotCompact(f"{store.place.address} is not on this machine: only local stores are compacted")
    if not folders.can_exchange(root):
        raise CannotCompact(f"the file system of {root} cannot exchange two folders at once, as Linux's can")
    parts = _small_parts(store)
    return _total(
        *(_day(store, root, day, parts[day]) for day in parts if before is None or day < before),
        *(_flat(store, root, table, _small_files(store, table)) for table in _FLAT),
    )


def compact_when_due(store: Store) -> Compacted:
    """Merge what `compact` would where there are many small files, if this place allows it."""
    root = store.place.folder
    crowded = [day for day, parts in _by_day(store.ledger.parts()) if len(parts) > MANY_PARTS]
    files = {table: _small_files(store, table) for table in _FLAT} if root else {}
    many = [table for table, sizes in files.items() if len(sizes) > MANY_FILES]
    if root is None or not (crowded or many) or not folders.can_exchange(root):
        return _total()
    parts = _small_parts(store) if crowded else {}
    days = [day for day in crowded if len(parts.get(day, ())) > MANY_PARTS]
    return _total(
        *(_day(store, root, day, parts[day]) for day in days),
        *(_flat(store, root, table, files[table]) for table in many),
    )


def _small_parts(store: Store) -> dict[dt.date, Sizes]:
    sizes = store.place.files("articles")
    small = (part for part in store.ledger.parts() if sizes.get(part, SMALL) < SMALL)
    return {day: {part: sizes[part] for part in parts} for day, parts in _by_day(small)}


def _by_day(parts: Iterable[str]) -> Iterator[tuple[dt.date, list[str]]]:
    return ((day, list(those)) for day, those in groupby(sorted(parts), key=day_of))


def _small_files(store: Store, table: TableName) -> Sizes:
    """Those of a table without days that are not written again, as the row of a running run is."""
    running = {f"{run.run_id}.parquet" for run in store.ledger.unfinished()}
    sizes = sorted(store.place.files(table).items())
    return {name: size for name, size in sizes if size < SMALL and name not in running | {_SEED}}


def _day(store: Store, root: Path, day: dt.date, sizes: Sizes) -> Compacted:
    groups = [group for group in _groups(sizes) if not _is_compacted(store.ledger, group)]
    merged = {part_of(day, _name_of(ids)): (group, ids) for group in groups for ids in [_ids(store, group)]}
    if not merged:
        return _total()
    without = {PurePosixPath(part).name for group in groups for part in group}
    files: dict[TableName, list[tuple[str, str]]] = {kind: [] for kind in PARTITIONED}
    for part, (group, ids) in merged.items():
        tables = in_order(_all_rows(store, group), ids)
        for kind in PARTITIONED:
            staged, _ = staging.staged(store.place, as_stored(tables[kind]), part)
            files[kind].append((staged, PurePosixPath(part).name))
    finals = [f"{kind}/{PurePosixPath(next(iter(merged))).parent}" for kind in PARTITIONED]
    moves = [
        (folders.staged(root, final, without, files[kind]), final)
        for kind, final in zip(PARTITIONED, finals, strict=True)
    ]
    store.exchange(moves, {part: group for part, (group, _) in merged.items()})
    return Compacted(1, len(without), len(merged))


def _flat(store: Store, root: Path, table: TableName, sizes: Sizes) -> Compacted:
    groups = [group for group in _groups(sizes) if len(group) > 1]
    if not groups:
        return _total()
    files = []
    for group in groups:
        rows = pa.concat_tables(read_stored(store.place, f"{table}/{name}") for name in group)
        name = f"{stable_id('compacted', *group)}.parquet"
        staged, _ = staging.staged(store.place, rows.combine_chunks(), f"{table}/{name}")
        files.append((staged, name))
    without = {name for group in groups for name in group}
    store.exchange([(folders.staged(root, table, without, files), table)], {})
    return Compacted(1, len(without), len(files))


def _groups(sizes: Sizes) -> list[list[str]]:
    """The files that are merged into one: in their order, until they have LARGEST bytes."""
    groups: list[list[str]] = []
    room = 0
    for name, size in sizes.items():
        if size > room:
            groups.append([])
            room = LARGEST
        groups[-1].append(name)
        room -= size
    return groups


def _is_compacted(ledger: Ledger, group: Sequence[str]) -> bool:
    return len(group) == 1 and PurePosixPath(group[0]).stem == _name_of(ledger.articles_of(group[0]))


def _ids(store: Store, group: Sequence[str]) -> list[str]:
    return sorted(one for part in group for one in store.ledger.articles_of(part))


def _name_of(article_ids: Sequence[str]) -> str:
    return stable_id("compacted", *article_ids)


def _all_rows(store: Store, group: Sequence[str]) -> Tables:
    return reduce(joined, (read_part(store.place, part) for part in group))


def _total(*several: Compacted) -> Compacted:
    return Compacted(*(sum(one[at] for one in several) for at in range(3)))
