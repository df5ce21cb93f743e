"""How a store grows: `python -m benchmarks.growth --data ../shared/data --json benchmarks/growth.json`.

Articles are made of real sentences (growth_news). With everything the store grows to some thousands;
beyond that the names model's recorded output is replayed by sentence (recorded_names), for the model
alone would take hours. Each step adds to the store of the last and is a process of its own; then
everything is read again, which finds nothing new. Seconds of the processor say more than those of the
wall when the machine has other work.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psutil  # type: ignore[import-untyped]  # it carries no types

from benchmarks import recorded_names
from benchmarks.growth_news import OF_ARTICLE, real_sentences, write_articles
from pipeline import assembly

EVERYTHING = "1000,5000"
REPLAYED = "1000,10000,100000"
_LOOK = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Measured:
    """A run that was measured; `run` is what benchmarks.growing prints.

    `stored`: articles in the store afterwards; `memory`: the most bytes that its processes held together;
    `seconds`: from the start of its process to the end.
    """

    what: str
    names: str
    workers: int
    stored: int
    memory: int
    seconds: float
    run: Mapping[str, Any]

    @property
    def key(self) -> str:
        """What makes it comparable with the same of another time."""
        return f"{self.names}, {self.workers} workers, {self.what} to {self.stored:,}"


def main() -> int:
    """Measure, print and store; the exit status."""
    options = _options()
    before = _stored(options.json) if options.json else {}
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        found = []
        for one in _measured(options, Path(folder)):
            found.append(one)
            _print(one, found[0] if len(found) == 1 else _first(found, one), before.get(one.key))
    if options.json:
        content = {"at": f"{dt.datetime.now(dt.UTC):%Y-%m-%d}", "processors": os.cpu_count()}
        rows = before | {one.key: one for one in found}
        measured = [asdict(one) for one in rows.values()]
        options.json.write_text(json.dumps({**content, "measured": measured}, indent=1) + "\n", "utf-8")
    return 0


def _options() -> argparse.Namespace:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("--data", type=Path, required=True, help="the folder of the developer sets")
    words.add_argument("--everything", type=_sizes, default=EVERYTHING, metavar="SIZES")
    words.add_argument("--replayed", type=_sizes, default=REPLAYED, metavar="SIZES")
    words.add_argument("--workers", type=_sizes, default="1", metavar="NUMBERS", help="such as 1,2")
    words.add_argument("--json", type=Path, help="compare with the results in this file, and replace them")
    words.add_argument("--recording", type=Path, help="the file of recorded names, made if it is absent")
    words.add_argument("--folder", type=Path, help="where articles and stores are made for the time being")
    return words.parse_args()


def _sizes(text: str) -> list[int]:
    return [int(size) for size in text.split(",") if size]


def _stored(path: Path) -> dict[str, Measured]:
    if not path.exists():
        return {}
    rows = [Measured(**row) for row in json.loads(path.read_text("utf-8"))["measured"]]
    return {one.key: one for one in rows}


def _first(found: Sequence[Measured], one: Measured) -> Measured:
    """The first step of the same kind, which the others are compared with."""
    return next(
        each for each in found if (each.what, each.names, each.workers) == (one.what, one.names, one.workers)
    )


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[Measured]:
    pool = real_sentences(options.data)
    print(f"articles of {OF_ARTICLE} of {len(pool):,} real sentences, put together anew")
    if options.replayed:
        _prepare_replay(options.recording or folder / "names.jsonl", folder / "replay.cfg", pool)
        print("names replayed: the names model saw each sentence once and alone, and only its output is used")
    print()
    for workers in options.workers:
        yield from _grown(folder / f"all-{workers}", options.everything, pool, workers, None)
        yield from _grown(
            folder / f"replay-{workers}", options.replayed, pool, workers, folder / "replay.cfg"
        )


def _prepare_replay(recording: Path, config: Path, pool: Sequence[str]) -> None:
    if not recording.exists():
        began = time.perf_counter()
        recorded_names.record(pool, recording)
        print(f"names of {len(pool):,} sentences recorded in {time.perf_counter() - began:.0f} s")
    config.write_text(recorded_names.config(assembly.SHIPPED, recording.absolute()), "utf-8")


def _grown(
    folder: Path, sizes: Sequence[int], pool: Sequence[str], workers: int, config: Path | None
) -> Iterator[Measured]:
    """A store grown from size to size, all of it read again each time; and one known article: start-up."""
    names = "names replayed" if config else "everything"
    inputs: list[Path] = []
    for size, last in zip(sizes, [0, *sizes], strict=False):
        inputs.append(folder / f"news-{size}")
        write_articles(inputs[-1], range(last, size), pool)
        yield _run("grown", names, workers, size, folder / "store", inputs[-1:], config)
        yield _run("read again", names, workers, size, folder / "store", inputs, config)
    if sizes:
        one = sorted(inputs[0].rglob("*.txt"))[:1]
        yield _run("one known article", names, workers, sizes[-1], folder / "store", one, config)


def _run(
    what: str, names: str, workers: int, stored: int, out: Path, inputs: Sequence[Path], config: Path | None
) -> Measured:
    environment = {**os.environ, **({assembly.VARIABLE: str(config)} if config else {})}
    command = [sys.executable, "-m", "benchmarks.growing", str(out), str(workers), *map(str, inputs)]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        memory = _most_memory(process)
        seconds = time.perf_counter() - began
        assert process.stdout and process.returncode == 0, f"{command} failed"
        run = json.loads(process.stdout.read())
    return Measured(what, names, workers, stored, memory, round(seconds, 3), run)


def _most_memory(process: subprocess.Popen[bytes]) -> int:
    """The most bytes of memory that the process and its children held together, while it ran."""
    most = 0
    while process.poll() is None:
        most = max(most, _memory(process.pid))
        time.sleep(_LOOK)
    return most


def _memory(pid: int) -> int:
    try:
        tree = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
        return sum(one.memory_info().rss for one in tree)
    except psutil.NoSuchProcess:  # one of them ended between two looks
        return 0


def _print(one: Measured, first: Measured, before: Measured | None) -> None:
    run = one.run
    print(f"{one.key}: {run['read']:,} articles")
    print(f"  {run['wall']:.1f} s, {run['processor']:.1f} s of the processor")
    print(f"  {run['read'] / run['wall']:,.0f} articles/s; {one.seconds:.1f} s with start-up")
    stages = ", ".join(f"{stage} {1000 * each / run['read']:.2f}" for stage, each in run["stages"].items())
    print(f"  ms of an article, by the wall: {stages}")
    if first is not one:
        print(
            f"  an article takes {_processor(one) / _processor(first):.3f} of its first step's processor time"
        )
    disk = f"{run['disk_bytes'] / 2**20:,.0f} MiB in {run['disk_files']:,} files"
    print(f"  memory {one.memory / 2**20:,.0f} MiB at most; disk {disk}")
    if before:
        print(f"  {_processor(one) / _processor(before):.3f} of the last time's processor time")
    print(flush=True)


def _processor(one: Measured) -> float:
    """Seconds of the processor that an article took."""
    return float(one.run["processor"] / one.run["read"])


if __name__ == "__main__":
    sys.exit(main())
