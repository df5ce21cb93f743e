"""The engine `local`: this process, or several of this machine.

Processes and not threads: a third of the time of a batch is spent in Python, of which one thread at a time
runs, and a thread that dies takes all others with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager

from flows.engines import Crew
from flows.engines.pool import Pool, WorkerDied
from flows.engines.suspects import one_by_one
from pipeline.batch import Worked, work
from pipeline.intake import Candidate


@contextmanager
def workers(count: int) -> Iterator[Crew]:
    """So many processes, or this one alone for one worker, which saves the start of another."""
    if count == 1:
        yield Crew(work, 1)
        return
    with closing(Pool(count)) as pool, closing(Pool(1)) as alone:

        def analyse(candidates: Sequence[Candidate]) -> Worked:
            try:
                return pool(candidates)
            except WorkerDied:
                return one_by_one(alone, candidates)

        yield Crew(analyse, count)
