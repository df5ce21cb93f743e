"""The processes of the soak: started by a fork of one that has everything imported, and killed by chance."""

from __future__ import annotations

import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext, ForkServerProcess
from multiprocessing.synchronize import Event
from pathlib import Path

from benchmarks.soak.readers import Account, read_until
from benchmarks.soak.writers import Task, carry_out

PATIENCE = 300
"""Seconds after which a process that should have ended is stuck."""
_PRELOADED = [
    "flows.ingest", "pipeline.analysis", "pipeline.compaction", "benchmarks.soak.readers",
    "pandas", "duckdb", "polars",
]  # fmt: skip


class Stuck(Exception):
    """A process did not end, or ended otherwise than by being killed."""


def forking() -> ForkServerContext:
    """Where processes of the soak come from."""
    context = get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context


@dataclass(slots=True)
class Killer:
    """Starts writers and kills them at random moments; `kills` counts by what was killed."""

    context: ForkServerContext
    chance: random.Random
    kills: Counter[str] = field(default_factory=Counter)
    _latest: dict[str, float] = field(default_factory=dict)  # seconds after which a task is killed, by name

    def disturb(self, task: Task, times: int, writers: int = 1) -> None:
        """Do a task with `writers` at once while `times` of them, or workers of theirs, are killed."""
        running: list[ForkServerProcess] = []
        for _ in range(times):
            running = [one for one in running if one.is_alive()]
            running += [self._started(task) for _ in range(writers - len(running))]
            self._kill(self.chance.choice(running), task)
        ends = {_end_of(one, task) for one in running}
        if 0 not in ends:
            self.calm(task)

    def calm(self, task: Task) -> None:
        """Do a task and leave it alone."""
        _end_of(self._started(task), task)

    def _started(self, task: Task) -> ForkServerProcess:
        process = self.context.Process(target=carry_out, args=(task,))
        process.start()
        return process

    def _kill(self, process: ForkServerProcess, task: Task) -> None:
        """Kill a writer, or one of its workers, at a moment that most often comes before it is done."""
        kind = f"{task.name} with {task.workers} workers" if task.workers > 1 else task.name
        latest = self._latest.setdefault(kind, task.workers * 0.5)
        process.join(self.chance.uniform(0, latest))
        workers = _workers(process.pid) if self.chance.random() < 0.5 else []
        for worker in self.chance.sample(workers, min(len(workers), 1)):
            self.kills["a worker"] += _killed(worker)
        if not workers:
            process.kill()
            process.join(PATIENCE)
            self.kills[kind] += process.exitcode == -signal.SIGKILL
        self._latest[kind] = latest * (0.7 if process.exitcode == 0 else 1.1)


def _killed(pid: int) -> bool:
    """Kill a process; whether it was there."""
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def _end_of(process: ForkServerProcess, task: Task) -> int | None:
    """How a process ended, when it has; Stuck when it did so neither well nor by being killed."""
    process.join(PATIENCE)
    if process.exitcode not in (0, -signal.SIGKILL):
        raise Stuck(f"{task.name} ended with {process.exitcode}")
    return process.exitcode


def _workers(pid: int | None) -> list[int]:
    """The worker processes of a run (Linux)."""
    try:
        threads = Path(f"/proc/{pid}/task").glob("*/children")
        children = [child for thread in threads for child in thread.read_text().split()]
        return [int(one) for one in children if b"spawn_main" in Path(f"/proc/{one}/cmdline").read_bytes()]
    except OSError:  # it is gone
        return []


@dataclass(slots=True)
class Watchers:
    """Readers at work; `accounts` ends them and says what they met."""

    processes: list[ForkServerProcess]
    stop: Event
    pipes: list[Connection]

    def accounts(self) -> list[Account]:
        """Stop the readers; what each of them met."""
        self.stop.set()
        found = [pipe.recv() for pipe in self.pipes if pipe.poll(PATIENCE)]
        for process in self.processes:
            process.join(PATIENCE)
        if len(found) < len(self.pipes):
            raise Stuck("a reader ended without an account")
        return found


def watching(context: ForkServerContext, root: Path, readers: Sequence[str]) -> Watchers:
    """Readers of the store at `root`, started."""
    stop = context.Event()
    processes, pipes = [], []
    for reader in readers:
        ours, theirs = context.Pipe(duplex=False)
        process = context.Process(target=_watch, args=(reader, root, stop, theirs))
        process.start()
        theirs.close()
        processes.append(process)
        pipes.append(ours)
    return Watchers(processes, stop, pipes)


def _watch(reader: str, root: Path, stop: Event, pipe: Connection) -> None:
    os.nice(10)  # they fill every idle moment; the writers are not to starve
    account, parent = Account(reader), parent_process()
    assert parent, "a reader is started by the soak"
    read_until(account, root, lambda: stop.is_set() or not parent.is_alive())
    pipe.send(account)
