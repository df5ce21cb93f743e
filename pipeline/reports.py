"""What became of stories that were read, and how long each stage took: of a batch, or of a whole run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Final, Literal

from pipeline.tables import Ingest, Reject, Tables

Stage = Literal["read", "intake", "wait", "publish", "analyse"]
STAGES: Final[tuple[Stage, ...]] = ("read", "intake", "wait", "publish", "analyse")
"""The first four fill a run's time one after the other; `wait` is for the workers, who analyse meanwhile and
whose processor time, added up, is the last."""

Seconds = dict[Stage, float]


@dataclass(frozen=True, slots=True)
class Report:
    """Counts of stories, as the row of a run has them, rejects by reason, code points, seconds by stage."""

    batches: int
    n_read: int
    n_written: int
    n_unchanged: int
    n_duplicates: int
    n_rejected: int
    rejects: Mapping[str, int]
    characters: int
    seconds: Mapping[Stage, float]

    def __add__(self, other: Report) -> Report:
        """Of both together."""
        return Report(
            self.batches + other.batches,
            self.n_read + other.n_read,
            self.n_written + other.n_written,
            self.n_unchanged + other.n_unchanged,
            self.n_duplicates + other.n_duplicates,
            self.n_rejected + other.n_rejected,
            Counter(self.rejects) + Counter(other.rejects),
            self.characters + other.characters,
            {stage: self.seconds[stage] + other.seconds[stage] for stage in STAGES},
        )


def no_seconds() -> Seconds:
    """Every stage, before it began."""
    return dict.fromkeys(STAGES, 0.0)


def nothing() -> Report:
    """The report of a run that has not read yet."""
    return Report(0, 0, 0, 0, 0, 0, {}, 0, no_seconds())


def of_batch(
    tables: Tables, ingests: Sequence[Ingest], rejects: Sequence[Reject], characters: int, seconds: Seconds
) -> Report:
    """The report of a batch: the rows analysed, and the notes of stories that needed no analysis."""
    originals = tables["articles"]["duplicate_of"].null_count if tables else 0
    copies = len(tables["articles"]) - originals if tables else 0
    outcomes = Counter(one.outcome for one in ingests)
    return Report(
        batches=1,
        n_read=originals + copies + len(ingests) + len(rejects),
        n_written=originals + outcomes["replaced"],
        n_unchanged=outcomes["unchanged"],
        n_duplicates=outcomes["duplicate"] + copies,
        n_rejected=len(rejects),
        rejects=Counter(one.reason for one in rejects),
        characters=characters,
        seconds=dict(seconds),
    )


def stopwatch() -> Callable[[], float]:
    """A function that returns the seconds since it was last called, or made."""
    since = perf_counter()

    def lap() -> float:
        nonlocal since
        before, since = since, perf_counter()
        return since - before

    return lap
