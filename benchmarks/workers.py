"""What a second worker gives: `python -m benchmarks.workers --data ../shared/data`.

Real newspaper-days through the whole flow (`--direct`), each run in a process of its own, in turn and
several times; the medians are printed. On a machine that does other work as well, compare the seconds of
the processor: `at best` is what they allow on two idle cores.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from statistics import median

from flows import engines
from flows.ingest import ingest
from flows.parameters import RunParameters
from flows.watch import Ended, Event
from pipeline.reports import Report

ROUNDS = 3
DAYS = 60
WORKERS = 1, 2
_BATCH = 2  # newspaper-days, each as much as five or six articles


@dataclass(frozen=True, slots=True)
class Cost:
    """Of one run, in seconds: of the wall, and of the processor in the parent and its workers.

    `reading`, `intake` and `publishing` are seconds of the parent's wall, `waiting` those it waited for
    workers, `otherwise` the rest: it starts, opens the store, ends its workers.
    """

    wall: float
    parent: float
    workers: float
    otherwise: float
    reading: float
    intake: float
    waiting: float
    publishing: float

    @property
    def used(self) -> float:
        """Of the processor, in all processes."""
        return self.parent + self.workers


def main() -> int:
    """Print the table; the exit status."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True, help="the folder of the developer sets")
    words.add_argument("--days", type=int, default=DAYS, help="newspaper-days (default: %(default)s)")
    words.add_argument("--rounds", type=int, default=ROUNDS, help="of each (default: %(default)s)")
    words.add_argument("--alone", type=int, help=argparse.SUPPRESS)
    options = words.parse_args()
    days = sorted((options.data / "text" / "news-2020").iterdir())[: options.days]
    if options.alone:
        print(json.dumps(_seconds(days, options.alone)))
        return 0
    rounds = [[_apart(options, workers) for workers in WORKERS] for _ in range(options.rounds)]
    _print(rounds, len(days))
    return 0


def _apart(options: argparse.Namespace, workers: int) -> Cost:
    command = [sys.executable, "-m", "benchmarks.workers", "--data", str(options.data)]
    command += ["--days", str(options.days), "--alone", str(workers)]
    began = time.perf_counter()
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    wall = time.perf_counter() - began
    parent, children, *stages = json.loads(done.stdout)
    return Cost(wall, parent, children, wall - sum(stages), *stages)


def _seconds(days: Sequence[Path], workers: int) -> list[float]:
    """Of a run in this process: the processor's, here and in the workers, and those of each stage."""
    total: list[Report] = []

    def heard(event: Event) -> None:
        if isinstance(event, Ended):
            total.append(event.total)

    inputs = [str(day) for day in days]
    with tempfile.TemporaryDirectory() as folder:
        parameters = RunParameters(inputs=inputs, out=Path(folder), workers=workers, batch_size=_BATCH)
        ingest(parameters, engines.directly, heard)
    stages = [total[0].seconds[stage] for stage in ("read", "intake", "wait", "publish")]
    return [_processor(resource.RUSAGE_SELF), _processor(resource.RUSAGE_CHILDREN), *stages]


def _processor(who: int) -> float:
    used = resource.getrusage(who)
    return used.ru_utime + used.ru_stime


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(*map(median, zip(*map(astuple, costs), strict=True)))


def _print(rounds: Sequence[Sequence[Cost]], days: int) -> None:
    print(f"{days} newspaper-days in batches of {_BATCH}; medians of {len(rounds)} rounds, in seconds\n")
    print(f"{'':34} {'1 worker':>10} {'2 workers':>10}")
    costs = [_median(of_one) for of_one in zip(*rounds, strict=True)]
    for field, *seconds in zip(fields(Cost), *map(astuple, costs), strict=True):
        print(f"{field.name:34} " + " ".join(f"{value:10.2f}" for value in seconds))
    print(f"{'processor in all':34} " + " ".join(f"{cost.used:10.2f}" for cost in costs))
    print(f"{'days a second':34} " + " ".join(f"{days / cost.wall:10.3f}" for cost in costs))
    by_wall = sorted(one.wall / two.wall for one, two in rounds)
    print(f"\n2 workers are {median(by_wall):.2f} times as fast by the wall", end=" ")
    print(f"(the rounds: {', '.join(f'{ratio:.2f}' for ratio in by_wall)})")
    at_best = median(2 * one.used / two.used for one, two in rounds)
    print(f"and {at_best:.2f} times at best, by the processor, on two idle cores")


if __name__ == "__main__":
    sys.exit(main())
