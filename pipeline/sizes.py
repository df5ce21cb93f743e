"""The room a store takes: files and bytes, by table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from pipeline.home import INTERNAL
from pipeline.places import Place
from pipeline.tables import SCHEMAS

SMALL: Final = 8 << 20  # bytes


@dataclass(frozen=True, slots=True)
class Size:
    """What lies in the folder of a table, or in that of the ledger under one name.

    `small_files` counts the files below SMALL that have another such beside them: as one they would be
    read faster.
    """

    folder: str
    files: int
    bytes: int
    small_files: int


def sizes(place: Place) -> list[Size]:
    """The tables, in the order of the contract, and what is in the ledger's folder."""
    tables = [_size(name, place.files(name)) for name in SCHEMAS]
    return tables + [_size(f"{INTERNAL}/{name}", files) for name, files in _internal(place).items()]


def _internal(place: Place) -> dict[str, dict[str, int]]:
    """The files of each entry of the ledger's folder."""
    entries: dict[str, dict[str, int]] = {}
    for path, size in sorted(place.files(INTERNAL).items()):
        entries.setdefault(path.partition("/")[0], {})[path] = size
    return entries


def _size(folder: str, files: Mapping[str, int]) -> Size:
    small = Counter(path.rpartition("/")[0] for path, size in files.items() if size < SMALL)
    beside = sum(count for count in small.values() if count > 1)
    return Size(folder, len(files), sum(files.values()), beside)
