"""A writer that is killed before one of its operations, in a process that is forked for it.

It publishes two batches over three days, and what it finds stored it leaves out, as a run does.
"""

import datetime as dt
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import database, places
from pipeline.home import Root, root_of
from pipeline.store import Notes, opened
from tests.stories import article, batch

Operations = tuple[tuple[Any, tuple[str, ...]], ...]
"""Functions by what has them."""

OPERATIONS: Operations = (
    (places.Local, ("write", "move", "delete", "sync")),
    (places.Remote, ("write", "move", "sweep", "delete")),
    (database.Postgres, ("execute",)),
)
SYSTEM_CALLS: Operations = ((os, ("fsync",)), (Path, ("replace",)))
DAYS = [dt.date(2025, 1, day) for day in (1, 2, 3)]

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload([__name__])


class End(NamedTuple):
    """How a writer ended (below 0: by a signal), and after how many operations, or with what error."""

    status: int | None
    operations: int = 0
    error: str = ""


def deadly(die: Callable[[], None], at: int, operations: Operations = OPERATIONS) -> Callable[[], int]:
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

    for owner, names in operations:
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


def killed(root: Root, ledger: str = "", *, at: int = 0, by_system_call: bool = False, space: int = 0) -> End:
    """Write in a process of its own that is killed at an operation, or may write `space` bytes to a file."""
    ours, theirs = _FORKS.Pipe(duplex=False)
    process = _FORKS.Process(
        target=_apart, args=(theirs, dict(os.environ), str(root), ledger, at, by_system_call, space)
    )
    process.start()
    theirs.close()
    told: tuple[int, str] = (0, "")
    with suppress(EOFError):
        told = ours.recv()
    process.join()
    return End(process.exitcode, *told)


def _apart(
    teller: Connection,
    environment: dict[str, str],
    root: str,
    ledger: str,
    at: int,
    by_system_call: bool,
    space: int,
) -> None:
    os.environ.update(environment)  # else it is what it was when the first writer was forked
    if space:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (space, space))
    operations = SYSTEM_CALLS if by_system_call else OPERATIONS
    counted = deadly(lambda: os.kill(os.getpid(), signal.SIGKILL), at, operations)
    try:
        write(root, ledger)
    except Exception as error:  # to be looked at by the test
        teller.send((counted(), f"{type(error).__name__}: {error}"))
        sys.exit(1)
    teller.send((counted(), ""))
