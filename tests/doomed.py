"""A writer that is killed: `python -m tests.doomed ROOT LEDGER OPERATION`; 0 lets it live and counts for it.

It publishes two batches over three days, and what it finds stored it leaves out, as a run does.
"""

import datetime as dt
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

from pipeline import database, places
from pipeline.home import root_of
from pipeline.store import Notes, opened
from tests.stories import article, batch

OPERATIONS = (
    (places.Local, ("write", "move", "delete", "sync")),
    (places.Remote, ("write", "move", "sweep", "delete")),
    (database.Postgres, ("execute",)),
)
DAYS = [dt.date(2025, 1, day) for day in (1, 2, 3)]


def deadly(die: Callable[[], None], at: int) -> Callable[[], int]:
    """Let `die` be called before the operation number `at`; a function that tells how many there were."""
    calls = 0

    def watched(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any) -> Any:
            nonlocal calls
            calls += 1
            if calls == at:
                die()
            return real(*arguments)

        return call

    for owner, names in OPERATIONS:
        for name in names:
            setattr(owner, name, watched(getattr(owner, name)))
    return lambda: calls


def write(root: str, ledger: str) -> None:
    with opened(root_of(root), ledger=ledger or None) as store:
        run = store.begin("{}", "m1")
        for start in (0, 3):
            fresh = [
                article(start + place, day)
                for place, day in enumerate(DAYS)
                if not store.ledger.has(f"a{start + place:04}")
            ]
            if fresh:
                store.publish(run.run_id, batch(*fresh), Notes())
        store.end(run.run_id, "completed")


if __name__ == "__main__":
    counted = deadly(lambda: os.kill(os.getpid(), signal.SIGKILL), int(sys.argv[3]))
    write(*sys.argv[1:3])
    print(counted())
