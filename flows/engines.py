"""Where batches are analysed: here, or in worker processes of this machine."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from pipeline.batch import Worked, work
from pipeline.intake import Candidate

Analyser = Callable[[Sequence[Candidate]], Worked]
"""Called from several threads at once; returns when the batch is analysed."""


@contextmanager
def local(workers: int) -> Iterator[Analyser]:
    """An analyser in this process (`workers` is 1) or over that many processes, each with its own model."""
    if workers == 1:
        yield work
        return
    pool = _Pool(workers)
    try:
        yield pool
    finally:
        pool.shut()


class _Pool:
    """Worker processes, started again when one of them dies."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self._guard = threading.Lock()
        self._executor = self._started()

    def __call__(self, candidates: Sequence[Candidate]) -> Worked:
        executor = self._executor
        try:
            return executor.submit(work, candidates).result()
        except BrokenProcessPool:
            self._replace(executor)
            return self._executor.submit(work, candidates).result()

    def shut(self) -> None:
        """Stop the workers."""
        self._executor.shutdown(cancel_futures=True)

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        with self._guard:
            if self._executor is broken:  # else another thread has done it
                broken.shutdown(wait=False)
                self._executor = self._started()

    def _started(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")
        return ProcessPoolExecutor(self._workers, mp_context=context, initializer=_follow_parent)


def _follow_parent() -> None:
    """End this worker when the process that started it is gone, even when that was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "a worker has a parent"

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
