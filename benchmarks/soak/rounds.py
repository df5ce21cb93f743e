"""The rounds of the soak, and what is asked of the store in the end."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow.parquet as pq

from benchmarks.soak.processes import Killer, forking, watching
from benchmarks.soak.readers import READERS, Account
from benchmarks.soak.stream import FIRM, STORIES, write_round
from benchmarks.soak.writers import Task, make_configs
from pipeline.store import opened
from pipeline.tables import PARTITIONED
from pipeline.verify import problems

REPROCESSED, COMPACTED, BY_WORKERS, BY_TWO = 6, 4, 9, 3
"""Every so many rounds all is analysed anew, or compacted; a run has two workers, or is two runs at once."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a soak: `wrong` is empty when it held."""

    rounds: int
    kills: Counter[str]
    accounts: list[Account]
    wrong: list[str]


def soak(folder: Path, kills: int, seed: int, say: Callable[[str], None]) -> Outcome:
    """Kill writers of a store in `folder` at least `kills` times, then compare it with one left in peace."""
    context = forking()
    configs = make_configs(folder, FIRM)
    killer = Killer(context, random.Random(seed))
    (first,) = _round(0, folder / "killed", folder / "in", configs)
    killer.calm(first)  # readers need tables to read
    watchers = watching(context, first.root, list(READERS))
    done: list[Task] = [first]
    rounds = 1
    try:
        while killer.kills.total() < kills:
            for task in _round(rounds, first.root, folder / "in", configs):
                most = 3 if task.workers > 1 else 8  # workers take their time to start
                times = min(killer.chance.randint(1, most), max(kills - killer.kills.total(), 1))
                killer.disturb(task, times, 2 if rounds % BY_TWO == 2 else 1)
                done.append(task)
            rounds += 1
            say(f"round {rounds}: {killer.kills.total()} kills")
    finally:
        accounts = watchers.accounts()
    for task in done:
        killer.calm(replace(task, root=folder / "calm", workers=1))
    return Outcome(rounds, killer.kills, accounts, list(_differences(folder, rounds)))


def _round(number: int, root: Path, inputs: Path, configs: list[Path]) -> Iterator[Task]:
    """The tasks of a round; the models change with each reprocessing."""
    renewals, since = divmod(number - 2, REPROCESSED)  # the first one early, for the short form
    config = configs[(renewals + 1) % len(configs)]
    story_file = str(write_round(inputs, number))
    workers = 2 if number % BY_WORKERS == BY_WORKERS - 1 else 1
    if since == 0:
        yield Task("reprocess", root, config)
    yield Task("run", root, config, (story_file,), workers)
    if number % COMPACTED == COMPACTED - 1:
        yield Task("compact", root, config)


def _differences(folder: Path, rounds: int) -> Iterator[str]:
    killed, calm = (_files(folder / name) for name in ("killed", "calm"))
    for name in sorted(killed.keys() | calm.keys()):
        if killed.get(name) != calm.get(name):
            yield f"{name} is not as in the store left in peace"
    with opened(folder / "killed") as store:
        yield from problems(store)
        if store.ledger.count() != rounds * STORIES:
            yield f"{store.ledger.count()} articles, not {rounds * STORIES}"
    yield from _stored_twice(folder / "killed")


def _files(root: Path) -> dict[str, bytes]:
    paths = (path for name in PARTITIONED for path in (root / name).rglob("*.parquet"))
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def _stored_twice(root: Path) -> Iterator[str]:
    """Articles that more than one run, or none, says to have brought in."""
    runs = _rows(root, "runs", "run_id", "parameters")
    renewing = {run_id for run_id, parameters in runs if '"reprocess": true' in parameters}
    times: Counter[str] = Counter()
    for article_id, run_id, outcome in _rows(root, "ingests", "article_id", "run_id", "outcome"):
        times[article_id] += outcome != "unchanged" and run_id not in renewing
    yield from (f"{one} was brought in {count} times" for one, count in times.items() if count != 1)


def _rows(root: Path, table: str, *columns: str) -> Iterator[tuple[str, ...]]:
    for path in (root / table).rglob("*.parquet"):
        rows = pq.ParquetFile(path).read(columns=list(columns)).to_pydict()
        yield from zip(*(rows[column] for column in columns), strict=True)
