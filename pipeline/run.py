"""One pass over what is to be read: stories through the intake, batches to workers, tables to the store."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

from pipeline.article import Refusal, Repeat, Story
from pipeline.batch import Worked
from pipeline.intake import LANGUAGES, Candidate, Intake, Settled
from pipeline.payloads import Payloads
from pipeline.period import ALWAYS, Period
from pipeline.reading import InputNotFound, NotAnArticle, Refused, read
from pipeline.reading.following import Web
from pipeline.reading.leads import Reading
from pipeline.reading.memory import Memory
from pipeline.reports import Report, Seconds, no_seconds, of_batch, stopwatch
from pipeline.revision import without
from pipeline.store import Notes, Store
from pipeline.story_lines import story_line
from pipeline.tables import Ingest, Reject

BATCH_CHARACTERS = 1_000_000
"""A batch is closed once its texts have this many code points, however few they are."""
BATCH_NOTES = 20_000
"""So many stories that were settled without analysis are published at a time."""


class Promise(Protocol):
    """The work on a batch, to come."""

    def result(self) -> Worked:
        """The work, when it is done."""


Submit = Callable[[Sequence[Candidate]], Promise]
Progress = Callable[[int, int], None]
Job = TypeVar("Job")
Begun = TypeVar("Begun")
Reported = Callable[[Report], None]


def unreported(report: Report) -> None:
    """Reports that nobody reads."""


@dataclass(slots=True)
class Batch:
    """Candidates that are analysed together, and the notes of stories that were read among them.

    `repeats` are those whose article comes with this run: what becomes of them hangs on its analysis.
    """

    candidates: list[Candidate] = field(default_factory=list)
    repeats: list[Settled] = field(default_factory=list)
    notes: Notes = field(default_factory=Notes)
    characters: int = 0
    seconds: Seconds = field(default_factory=no_seconds)

    def __len__(self) -> int:
        """How many stories the batch accounts for."""
        return len(self.candidates) + len(self.repeats) + len(self.notes)


def carry(
    store: Store,
    run_id: str,
    readings: Iterable[Reading],
    *,
    given: dt.date,
    languages: Sequence[str] = LANGUAGES,
    period: Period = ALWAYS,
    batch_size: int,
    submit: Submit,
    ahead: int,
    progress: Progress,
    reported: Reported = unreported,
) -> None:
    """Bring all `readings` into the store, in their order.

    Up to `ahead` batches are with `submit` while the next is read; results are published in the order
    of reading, so that what a killed run leaves is what it would have stored up to there. `progress`
    is called with the stories read and the stories published so far, `reported` with each batch published.
    """
    intake = Intake(store.ledger, given, languages, period)
    failed: set[str] = set()
    read_so_far = published = 0

    def begun(batch: Batch) -> Promise | None:
        nonlocal read_so_far
        read_so_far += len(batch)
        progress(read_so_far, published)
        return submit(batch.candidates) if batch.candidates else None

    for batch, promise in in_turn(
        batches(readings, intake, run_id, batch_size, store.payloads), begun, ahead
    ):
        size, lap = len(batch), stopwatch()
        done = promise.result() if promise else Worked({})
        batch.seconds["wait"], batch.seconds["analyse"] = lap(), done.seconds
        worked = whole(batch, done, failed) if promise else done
        batch.notes.rejects.extend(reject(one, run_id, store.payloads) for one in worked.refusals)
        _note_repeats(batch, failed, run_id, store.payloads)
        store.publish(run_id, worked.tables, batch.notes, heirs(batch.candidates, failed))
        intake.stored(one for one in batch.candidates if one.article_id not in failed)
        published += size
        batch.seconds["publish"] = lap()
        progress(read_so_far, published)
        notes = batch.notes
        reported(of_batch(worked.tables, notes.ingests, notes.rejects, batch.characters, batch.seconds))


def in_turn(jobs: Iterable[Job], begun: Callable[[Job], Begun], ahead: int) -> Iterator[tuple[Job, Begun]]:
    """Each job with what `begun` gave for it, in order, `ahead` being under way while the next is made."""
    waiting: deque[tuple[Job, Begun]] = deque()
    for job in jobs:
        waiting.append((job, begun(job)))
        if len(waiting) > ahead:
            yield waiting.popleft()
    while waiting:
        yield waiting.popleft()


def batches(
    readings: Iterable[Reading], intake: Intake, run_id: str, batch_size: int, payloads: Payloads
) -> Iterator[Batch]:
    """Cut the readings into batches; what was refused is written at once, so that none waits in memory.

    Many notes go ahead of the candidates among which they were read. Where candidates are cut depends on
    themselves alone, never on what follows or was stored before, so that a run that is taken up again cuts
    as the first one did.
    """
    batch, lap = Batch(), stopwatch()
    for reading in readings:
        batch.seconds["read"] += lap()
        for one in _admitted(reading, intake):
            _add(batch, one, run_id, payloads)
        batch.seconds["intake"] += lap()
        full = len(batch.candidates) >= batch_size or batch.characters >= BATCH_CHARACTERS
        if full or (not batch.candidates and len(batch) >= BATCH_NOTES):
            yield batch
            batch = Batch()
        elif len(batch.notes) >= BATCH_NOTES:
            yield Batch(notes=batch.notes, seconds=batch.seconds)
            batch = replace(batch, notes=Notes(), seconds=no_seconds())
        else:
            continue
        lap()  # what was done with the batch is neither reading nor intake
    batch.seconds["read"] += lap()
    if len(batch):
        yield batch


def _admitted(reading: Reading, intake: Intake) -> Iterable[Candidate | Settled | Refusal]:
    match reading:
        case Story():
            return (intake.admit(reading),)
        case Refusal():
            return (reading,)
        case Repeat():
            return map(intake.known, reading.article_ids)


def whole(batch: Batch, worked: Worked, failed: set[str]) -> Worked:
    """The work without what repeats an article that analysis failed on, which is refused with it.

    The ids of such articles, and of those that go with them, are added to `failed`.
    """
    articles = worked.tables["articles"]
    kept = dict(zip(articles["article_id"].to_pylist(), articles["duplicate_of"].to_pylist(), strict=True))
    failed.update(one.article_id for one in batch.candidates if one.article_id not in kept)
    lost = {own for own, original in kept.items() if original in failed}
    if not lost:
        return worked
    failed.update(lost)
    refusals = (_repeating_failed(one) for one in batch.candidates if one.article_id in lost)
    return Worked(without(worked.tables, lost), (*worked.refusals, *refusals))


def _note_repeats(batch: Batch, failed: set[str], run_id: str, payloads: Payloads) -> None:
    """Note what became of the stories that repeat an article of this run word for word."""
    for one in batch.repeats:
        if one.article_id in failed:
            detail = f"it repeats {one.article_id}, which cannot be analysed"
            refusal = Refusal(one.source_uri, "failed", detail)
            batch.notes.rejects.append(reject(refusal, run_id, payloads))
        else:
            batch.notes.ingests.append(Ingest(one.article_id, run_id, _now(), one.outcome))


def _repeating_failed(one: Candidate) -> Refusal:
    detail = f"it repeats {one.duplicate_of}, which cannot be analysed"
    return Refusal(one.story.source_uri, "failed", detail, story_line(one.story))


def heirs(candidates: Iterable[Candidate], failed: set[str]) -> dict[str, str]:
    """By the id of each article that one of these replaces: the original that counts in its place."""
    return {old: one.heir for one in candidates if one.article_id not in failed for old in one.replaces}


def read_each(
    inputs: Sequence[str],
    text_column: str | None = None,
    web: Web | None = None,
    refused: Iterable[Refused] = (),
    period: Period = ALWAYS,
    memory: Memory | None = None,
) -> Iterator[Reading]:
    """Read every input, then what was `refused` before; addresses, and pages that feeds name, by `web`.

    Pages that are listed with a day from before `period` are refused and not fetched. Inputs that name
    nothing are refusals (`not_found`), before all others, which are read together. Files that `memory`
    recalls are not read again.
    """
    there = []
    for one in inputs:
        try:
            read([one])
            there.append(one)
        except InputNotFound as error:
            yield NotAnArticle("not_found", str(error)).refusal(one)
    yield from read(there, text_column=text_column, web=web, refused=refused, period=period, memory=memory)


def _add(batch: Batch, one: Candidate | Settled | Refusal, run_id: str, payloads: Payloads) -> None:
    match one:
        case Candidate():
            batch.candidates.append(one)
            batch.characters += len(one.normalised.source)
        case Settled(outcome="duplicate"):
            batch.repeats.append(one)
        case Settled():
            batch.notes.ingests.append(Ingest(one.article_id, run_id, _now(), one.outcome))
        case Refusal():
            batch.notes.rejects.append(reject(one, run_id, payloads))


def reject(one: Refusal, run_id: str, payloads: Payloads) -> Reject:
    """The row of a refusal, whose payload is kept."""
    uri = one.source_uri.encode("utf-8", "backslashreplace").decode()  # an input's name may be no text
    return Reject(uri, one.reason, one.detail, run_id, _now(), payloads.keep(one.payload))


def _now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)
