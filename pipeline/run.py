"""One pass over what is to be read: stories through the intake, batches to workers, tables to the store."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from pipeline.article import Refusal, Story
from pipeline.batch import Worked
from pipeline.intake import Candidate, Intake, Settled
from pipeline.reading import InputNotFound, read
from pipeline.store import Notes, Store
from pipeline.tables import Ingest, Reject

BATCH_CHARACTERS = 1_000_000
"""A batch is closed once its texts have this many code points, however few they are."""
BATCH_NOTES = 20_000
"""And once so many stories were settled without analysis since the last."""


class Promise(Protocol):
    """The work on a batch, to come."""

    def result(self) -> Worked:
        """The work, when it is done."""


Submit = Callable[[Sequence[Candidate]], Promise]
Progress = Callable[[int, int], None]


@dataclass(slots=True)
class Batch:
    """Candidates that are analysed together, and the notes of stories that were read among them."""

    candidates: list[Candidate] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    characters: int = 0

    def __len__(self) -> int:
        """How many stories the batch accounts for."""
        return len(self.candidates) + len(self.notes)


def carry(
    store: Store,
    run_id: str,
    readings: Iterable[Story | Refusal],
    *,
    given: dt.date,
    batch_size: int,
    submit: Submit,
    ahead: int,
    progress: Progress,
) -> None:
    """Bring all `readings` into the store, in their order.

    Up to `ahead` batches are with `submit` while the next is read; results are published in the order
    of reading, so that what a killed run leaves is what it would have stored up to there. `progress`
    is called with the stories read and the stories published so far.
    """
    intake = Intake(store.ledger, given)
    waiting: deque[tuple[Batch, Promise | None]] = deque()
    read_so_far = published = 0

    def publish_oldest() -> None:
        nonlocal published
        batch, promise = waiting.popleft()
        size = len(batch)
        worked = promise.result() if promise else Worked({})
        batch.notes.rejects.extend(_reject(one, run_id) for one in worked.refusals)
        store.publish(run_id, worked.tables, batch.notes)
        intake.stored(batch.candidates)
        published += size
        progress(read_so_far, published)

    for batch in batches(readings, intake, run_id, batch_size):
        read_so_far += len(batch)
        progress(read_so_far, published)
        waiting.append((batch, submit(batch.candidates) if batch.candidates else None))
        if len(waiting) > ahead:
            publish_oldest()
    while waiting:
        publish_oldest()


def batches(
    readings: Iterable[Story | Refusal], intake: Intake, run_id: str, batch_size: int
) -> Iterator[Batch]:
    """Cut the readings into batches.

    Where a batch ends depends on its own candidates alone, never on what follows or was stored before,
    so that a run that is taken up again cuts as the first one did.
    """
    batch = Batch()
    for reading in readings:
        _add(batch, reading if isinstance(reading, Refusal) else intake.admit(reading), run_id)
        full = len(batch.candidates) >= batch_size or batch.characters >= BATCH_CHARACTERS
        if full or (not batch.candidates and len(batch.notes) >= BATCH_NOTES):
            yield batch
            batch = Batch()
    if len(batch):
        yield batch


def read_each(inputs: Sequence[str], text_column: str | None = None) -> Iterator[Story | Refusal]:
    """Read every input; one that names nothing is a refusal (`not_found`), the others are still read."""
    for one in inputs:
        try:
            yield from read([one], text_column=text_column)
        except InputNotFound as error:
            yield Refusal(one, "not_found", str(error))


def _add(batch: Batch, one: Candidate | Settled | Refusal, run_id: str) -> None:
    match one:
        case Candidate():
            batch.candidates.append(one)
            batch.characters += len(one.normalised.source)
        case Settled():
            batch.notes.ingests.append(Ingest(one.article_id, run_id, _now(), one.outcome))
        case Refusal():
            batch.notes.rejects.append(_reject(one, run_id))


def _reject(one: Refusal, run_id: str) -> Reject:
    return Reject(one.source_uri, one.reason, one.detail, run_id, _now())


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
