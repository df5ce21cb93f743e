"""Batches over which worker after worker died: each story is tried alone, to find the one that kills."""

from __future__ import annotations

from collections.abc import Sequence

from flows.engines.pool import DEATHS, Pool, WorkerDied
from pipeline.batch import Worked, joined, refused
from pipeline.intake import Candidate


def one_by_one(pool: Pool, candidates: Sequence[Candidate]) -> Worked:
    """The work on a batch without the stories that kill, which are refused (`failed`).

    `pool` has one worker, a process of this machine, where nothing else can be what kills, whatever the
    engine; whoever ends the run closes it, also in the middle.
    """
    return joined([_tried(pool, one) for one in candidates])


def _tried(pool: Pool, one: Candidate) -> Worked:
    try:
        return pool([one])
    except WorkerDied:
        return refused(one, f"{DEATHS} worker processes died over it")
