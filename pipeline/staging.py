"""Files and folders on their way into the tables: staged beside them, then moved to where readers look."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import groupby
from typing import Final, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline import folders
from pipeline.home import STAGED, STAGING
from pipeline.ledger import Move
from pipeline.places import Place

_AT_ONCE: Final = 16  # requests to an object store

Item = TypeVar("Item")
Result = TypeVar("Result")


def staged(place: Place, rows: pa.Table, final: str) -> Move:
    """Write rows as a Parquet file that no reader takes for a table's; the move that brings it there.

    Each page carries its checksum, so that a damaged file is found and never read as other rows.
    """
    name = f"{STAGING}/{uuid.uuid4().hex}{STAGED}"
    sink = pa.BufferOutputStream()
    pq.write_table(rows, sink, compression="zstd", write_page_checksum=True)
    place.write(name, sink.getvalue())
    return name, final


def kept(place: Place, moves: Iterable[Move]) -> None:
    """See to it that what is staged outlives a loss of power, before it is promised."""
    place.sync(name for name, _ in moves)


def moved(place: Place, moves: Iterable[Move]) -> None:
    """Move staged files into place, table by table; what was moved before a kill is there already."""
    finals = []
    for _, of_table in groupby(moves, lambda move: move[1].partition("/")[0]):
        finals += each(place, lambda move: _moved(place, *move), list(of_table))
    place.sync(finals)


def _moved(place: Place, name: str, final: str) -> str:
    if place.folder and name.endswith(folders.STAGED):
        folders.exchanged(place.folder, name, final)
    else:
        place.move(name, final)
    return final


def each(place: Place, work: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What `work` makes of each, in their order; several at once where a request takes its time to arrive."""
    if place.folder or len(items) < 2:
        return [work(one) for one in items]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(work, items))


def cleared(place: Place) -> None:
    """Delete what is staged and was moved or never promised."""
    place.sweep(STAGING)
    for name in place.files(STAGING):
        if name.endswith(STAGED) and "/" not in name:
            place.delete(f"{STAGING}/{name}")
    if place.folder:
        folders.cleared(place.folder)
