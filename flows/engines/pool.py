"""Worker processes of this machine, each with its own models.

Each is given one batch at a time, so that when one dies it is known over which.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from contextlib import suppress
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Final

from pipeline.batch import Worked, work
from pipeline.intake import Candidate

DEATHS: Final = 3
"""So many workers may die over a batch before it is suspected."""

_SPAWN: Final = multiprocessing.get_context("spawn")


class WorkerDied(Exception):
    """A worker did not outlive a batch."""


class PoolClosed(Exception):
    """The run is over, and its workers are gone."""


class Worker:
    """One process."""

    def __init__(self) -> None:
        """Start it; it loads its models when it has the first batch."""
        self._ours, theirs = _SPAWN.Pipe()
        self._process = _SPAWN.Process(target=_serve, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()

    def __call__(self, candidates: Sequence[Candidate]) -> Worked:
        """The work on a batch; WorkerDied when there will be none."""
        try:
            self._ours.send(candidates)
            worked = self._ours.recv()
        except (EOFError, OSError) as error:
            self.stop()
            raise WorkerDied from error
        assert isinstance(worked, Worked)
        return worked

    def stop(self) -> None:
        """End the process, whatever it does."""
        self._process.kill()
        self._process.join()


class Pool:
    """Some workers; one that dies is replaced."""

    def __init__(self, workers: int) -> None:
        """Workers start when they are first needed."""
        self._idle: SimpleQueue[Worker | None] = SimpleQueue()
        for _ in range(workers):
            self._idle.put(None)
        self._alive: set[Worker] = set()
        self._guard = threading.Lock()
        self._closed = False

    def __call__(self, candidates: Sequence[Candidate]) -> Worked:
        """The work on a batch, once a worker is idle; WorkerDied when DEATHS of them did not outlive it."""
        worker = self._idle.get()
        try:
            for _ in range(DEATHS):
                worker = worker or self._started()
                try:
                    return worker(candidates)
                except WorkerDied:
                    self._lost(worker)
                    worker = None
            raise WorkerDied(f"{DEATHS} workers died over a batch")
        finally:
            self._idle.put(worker)

    def close(self) -> None:
        """End all workers, also in the middle of a batch."""
        with self._guard:
            self._closed = True
            for worker in self._alive:
                worker.stop()

    def _started(self) -> Worker:
        with self._guard:
            if self._closed:
                raise PoolClosed
            worker = Worker()
            self._alive.add(worker)
        return worker

    def _lost(self, worker: Worker) -> None:
        with self._guard:
            self._alive.discard(worker)


def _serve(parent: Connection) -> None:
    """What a worker does: a batch after the other, until the process that started it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # an interrupt at the terminal is for the parent to answer
    threading.Thread(target=_follow_parent, daemon=True).start()
    with suppress(EOFError, BrokenPipeError):
        while True:
            parent.send(work(parent.recv()))


def _follow_parent() -> None:
    """End this worker when its parent is gone, even when that was killed and a batch is half done."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"
    parent.join()
    os._exit(1)
