"""A batch that is worked on elsewhere: what must be the same there, and how its rows come back.

Where the worker sees the store, it leaves the rows as a file beside a mark that the publisher has set, so
that neither it nor a scheduler holds them; else they come back as they are.
"""

from __future__ import annotations

import pickle
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from pipeline import __version__, batch
from pipeline.assembly import model_version
from pipeline.batch import Worked
from pipeline.home import STAGED
from pipeline.intake import Candidate
from pipeline.money import rates

Parcel = Worked | Path
"""The work on a batch, or the file that holds it."""


class OtherVersions(Exception):
    """A worker would find something else in the same articles."""


class Versions(NamedTuple):
    """What decides, with a batch, what is found in it; equal where these are equal."""

    pipeline: str
    model: str
    rates: str


def versions() -> Versions:
    """Those of this process."""
    return Versions(__version__, model_version(), rates.edition())


@contextmanager
def marked(staging: Path | None) -> Iterator[Path | None]:
    """An empty file in a staging folder, by which workers tell that they see it; None without a folder."""
    if staging is None:
        yield None
        return
    mark = _beside(staging / "mark")
    mark.touch()
    try:
        yield mark
    finally:
        mark.unlink(missing_ok=True)


def work(candidates: Sequence[Candidate], expected: Versions, mark: Path | None) -> Parcel:
    """Analyse a batch as `batch.work` does, for a run whose versions are `expected` (else OtherVersions)."""
    if (ours := versions()) != expected:
        raise OtherVersions(f"a worker has {_told(ours)} and this run {_told(expected)}")
    worked = batch.work(candidates)
    if mark is None or not mark.exists():
        return worked
    path = _beside(mark)
    path.write_bytes(pickle.dumps(worked, pickle.HIGHEST_PROTOCOL))
    return path


def unpacked(parcel: Parcel) -> Worked:
    """The work of a parcel, whose file, if it is one, is gone then."""
    if isinstance(parcel, Worked):
        return parcel
    worked = pickle.loads(parcel.read_bytes())
    assert isinstance(worked, Worked), "the file of a parcel holds the work on a batch"
    parcel.unlink()
    return worked


def _beside(path: Path) -> Path:
    """A path that nobody uses, of a kind that the next run clears away if this one is killed."""
    return path.with_name(f"{uuid.uuid4().hex}{STAGED}")


def _told(those: Versions) -> str:
    return f"Khabar {those.pipeline}, names {those.model} and exchange rates {those.rates}"
