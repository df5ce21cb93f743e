"""A writer that is killed before one of its operations, in a process that is forked for it.

It publishes two batches over three days, and what it finds stored it leaves out, as a run does.
"""

import datetime as dt
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from pipeline import database, places
from pipeline.home import Root, root_of
from pipeline.store import Notes, opened
from tests.stories import ROOT, article, batch

Operations = tuple[tuple[Any, tuple[str, ...]], ...]
"""Functions by what has them."""

OPERATIONS: Operations = (
    (places.Local, ("write", "move", "delete", "sync")),
    (places.Remote, ("write", "move", "sweep", "delete")),
    (database.Postgres, ("execute",)),
)
SYSTEM_CALLS: Operations = ((os, ("fsync",)), (Path, ("replace",)))
DAYS = [dt.date(2025, 1, day) for day in (1, 2, 3)]


class Asked(NamedTuple):
    """What a writer is to do, and in which environment."""

    environment: dict[str, str]
    root: str
    ledger: str
    at: int
    by_system_call: bool
    space: int


class End(NamedTuple):
    """How a writer ended (below 0: by a signal), and after how many operations, or with what error."""

    status: int
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
    asked = Asked(dict(os.environ), str(root), ledger, at, by_system_call, space)
    server = _server()
    assert server.stdin and server.stdout
    server.stdin.write(json.dumps(asked) + "\n")
    server.stdin.flush()
    return End(*json.loads(server.stdout.readline()))


@cache
def _server() -> "subprocess.Popen[str]":
    """A process that has imported everything and forks a writer for each that is asked; it ends with ours."""
    command = [sys.executable, "-m", "tests.doomed"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def _forked(asked: Asked) -> End:
    ours, theirs = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(ours)
        os._exit(_written(asked, theirs))
    os.close(theirs)
    with os.fdopen(ours, encoding="utf-8") as told:
        counted, _, error = told.read().partition(" ")
    _, status = os.waitpid(pid, 0)
    return End(os.waitstatus_to_exitcode(status), int(counted or 0), error)


def _written(asked: Asked, teller: int) -> int:
    """Write, and tell after how many operations, and with what error; the exit status."""
    os.environ.clear()
    os.environ.update(asked.environment)
    if asked.space:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (asked.space, asked.space))
    operations = SYSTEM_CALLS if asked.by_system_call else OPERATIONS
    counted = deadly(lambda: os.kill(os.getpid(), signal.SIGKILL), asked.at, operations)
    error = ""
    try:
        write(asked.root, asked.ledger)
    except Exception as failure:  # to be looked at by the test
        error = f"{type(failure).__name__}: {failure}"
    os.write(teller, f"{counted()} {error}".encode())
    return 1 if error else 0


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(_forked(Asked(*json.loads(line)))), flush=True)
