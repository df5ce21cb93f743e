"""Who watches a run: the person at the terminal, the log, the metrics, Prefect."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from flows.terminal import say, sentence
from pipeline.reports import Report, nothing
from pipeline.run import Progress
from pipeline.tables import Run


@dataclass(frozen=True, slots=True)
class Began:
    """A run holds its store and begins to read."""

    run: Run


@dataclass(frozen=True, slots=True)
class Published:
    """A batch is in the store; `total` is of the run so far, this batch with it."""

    run_id: str
    batch: Report
    total: Report


@dataclass(frozen=True, slots=True)
class Ended:
    """A run is over; `run` is None when it could not begin, `error` what ended it early."""

    run: Run | None
    total: Report
    error: BaseException | None = None


Event = Began | Published | Ended
Listener = Callable[[Event], None]


def _unseen(read: int, published: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Who watches a run: `progress` hears of stories read and published, `waiting` of a busy store.

    Without `waiting`, a busy store raises StoreBusy. `say` is told in a sentence what a user should know.
    """

    progress: Progress = _unseen
    waiting: Callable[[], None] | None = None
    say: Callable[[str], None] = say


WATCH: ContextVar[Watch] = ContextVar("watch", default=Watch())  # noqa: B039  # a Watch is immutable


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Let `watch` see the runs within."""
    token = WATCH.set(watch)
    try:
        yield
    finally:
        WATCH.reset(token)


def patient() -> AbstractContextManager[None]:
    """Let a run within wait for a busy store, and say that it does, where its watch has no word for that."""
    watch = WATCH.get()
    waiting = watch.waiting or (lambda: watch.say("another run is writing to the store; waiting for it"))
    return watched(replace(watch, waiting=waiting))


class Account:
    """What is known of a run while it goes on, and those who are told; nothing of it is kept elsewhere."""

    def __init__(self, listeners: Sequence[Listener], say: Callable[[str], None]) -> None:
        """Of a run that has not begun; `say` hears of listeners that fail, which costs the run nothing."""
        self._listeners = listeners
        self._say = say
        self._run: Run | None = None
        self._total = nothing()

    def began(self, run: Run) -> str:
        """Tell that the run holds its store; its id."""
        self._run = run
        self._tell(Began(run))
        return run.run_id

    def published(self, batch: Report) -> None:
        """Tell of a batch."""
        assert self._run, "a run begins before it publishes"
        self._total += batch
        self._tell(Published(self._run.run_id, batch, self._total))

    def closed(self, run: Run) -> Run:
        """Note the final row of the run; the same row."""
        self._run = run
        return run

    def ended(self, error: BaseException | None = None) -> None:
        """Tell that it is over."""
        self._tell(Ended(self._run, self._total, error))

    def _tell(self, event: Event) -> None:
        for listener in self._listeners:
            try:
                listener(event)
            except Exception as error:  # a full disk under a log, a server that is gone
                self._say(f"the log or summary of this run is not whole: {sentence(error)}")
