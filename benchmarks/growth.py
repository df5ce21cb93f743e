"""How a store grows: `python -m benchmarks.growth --data ../shared/data --json benchmarks/growth.json`.

Articles are made of real sentences (growth_news). With everything the store grows to some thousands;
beyond that the names model's recorded output is replayed by sentence (recorded_names), for the model
alone would take hours. Each step adds to the store of the last and is a process of its own; then
everything is read again, which finds nothing new. What growth costs is told by the last articles: they go
into an empty store, into the grown one and into an empty one again, run after run, for these machines change
their pace within minutes. Seconds of the processor say more than those of the wall.
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
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil  # type: ignore[import-untyped]  # it carries no types

from benchmarks import recorded_names
from benchmarks.growth_news import OF_ARTICLE, real_sentences, write_articles
from pipeline import assembly

EVERYTHING = "1000,5000"
REPLAYED = "1000,10000,100000"
ROUNDS = 3
_LOOK = 0.2  # seconds between two looks at the memory


@dataclass(frozen=True, slots=True)
class Measured:
    """A run that was measured; `run` is what benchmarks.growing prints.

    `stored`: articles in the store afterwards; `memory`: the most bytes that its processes held together;
    `seconds`: from the start of its process to the end; `growth`: processor time of an article by that of
    the same in an empty store, the median of ROUNDS runs of which this is the last.
    """

    what: str
    names: str
    workers: int
    stored: int
    memory: int
    seconds: float
    run: Mapping[str, Any]
    growth: float | None = None

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
            _print(one, before.get(one.key))
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


def _measured(options: argparse.Namespace, folder: Path) -> Iterator[Measured]:
    pool = real_sentences(options.data)
    print(f"articles of {OF_ARTICLE} of {len(pool):,} real sentences, put together anew")
    if options.replayed:
        _prepare_replay(options.recording or folder / "names.jsonl", folder / "replay.cfg", pool)
        print("names replayed: the names model saw each sentence once and alone, and only its output is used")
    print()
    for workers in options.workers:
        everything = _Way(folder / f"all-{workers}", pool, "everything", workers, None)
        yield from _grown(everything, options.everything)
        replay = folder / "replay.cfg"
        replayed = _Way(folder / f"replay-{workers}", pool, "names replayed", workers, replay)
        yield from _grown(replayed, options.replayed)


def _prepare_replay(recording: Path, config: Path, pool: Sequence[str]) -> None:
    if not recording.exists():
        began = time.perf_counter()
        recorded_names.record(pool, recording)
        print(f"names of {len(pool):,} sentences recorded in {time.perf_counter() - began:.0f} s")
    config.write_text(recorded_names.config(assembly.SHIPPED, recording.absolute()), "utf-8")


@dataclass(frozen=True, slots=True)
class _Way:
    """How runs are made: in a folder, of which sentences, with which names, workers and config."""

    folder: Path
    pool: Sequence[str]
    names: str
    workers: int
    config: Path | None

    def written(self, numbers: range) -> Path:
        """The articles with these numbers, in a folder of their own."""
        folder = self.folder / f"news-{numbers.start}"
        write_articles(folder, numbers, self.pool)
        return folder

    def run(self, what: str, stored: int, inputs: Sequence[Path], store: str = "store") -> Measured:
        """A run in a process of its own."""
        return _run(what, self, stored, self.folder / store, inputs)


def _grown(way: _Way, sizes: Sequence[int]) -> Iterator[Measured]:
    """A store grown from size to size, all of it read again each time; and one known article: start-up."""
    if not sizes:
        return
    inputs: list[Path] = []
    for size, last in zip(sizes, [0, *sizes], strict=False):
        bulk = size - ROUNDS * sizes[0] if last else size
        if bulk > last:
            inputs.append(way.written(range(last, bulk)))
            yield way.run("grown", bulk, inputs[-1:])
        if last:
            ends = range(bulk + sizes[0], size + 1, sizes[0])
            parts = [way.written(range(end - sizes[0], end)) for end in ends]
            inputs += parts
            yield _paired(way, list(zip(ends, parts, strict=True)))
        yield way.run("read again", size, inputs)
    yield way.run("one known article", sizes[-1], sorted(inputs[0].rglob("*.txt"))[:1])


def _paired(way: _Way, parts: Sequence[tuple[int, Path]]) -> Measured:
    """The last of runs that grow the store, each between two that bring the same into an empty store."""
    ratios = []
    for end, part in parts:
        before = way.run("alone", 0, [part], f"before-{end}")
        grown = way.run("the last of those that grew", end, [part])
        after = way.run("alone", 0, [part], f"after-{end}")
        ratios.append(2 * _processor(grown) / (_processor(before) + _processor(after)))
    return replace(grown, growth=round(median(ratios), 3))


def _run(what: str, way: _Way, stored: int, out: Path, inputs: Sequence[Path]) -> Measured:
    environment = {**os.environ, **({assembly.VARIABLE: str(way.config)} if way.config else {})}
    command = [sys.executable, "-m", "benchmarks.growing", str(out), str(way.workers), *map(str, inputs)]
    began = time.perf_counter()
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE) as process:
        memory = _most_memory(process)
        seconds = time.perf_counter() - began
        assert process.stdout and process.returncode == 0, f"{command} failed"
        run = json.loads(process.stdout.read())
    return Measured(what, way.names, way.workers, stored, memory, round(seconds, 3), run)


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


def _print(one: Measured, before: Measured | None) -> None:
    run = one.run
    print(f"{one.key}: {run['read']:,} articles")
    print(f"  {run['wall']:.1f} s, {run['processor']:.1f} s of the processor")
    print(f"  {run['read'] / run['wall']:,.0f} articles/s; {one.seconds:.1f} s with start-up")
    stages = ", ".join(f"{stage} {1000 * each / run['read']:.2f}" for stage, each in run["stages"].items())
    print(f"  ms of an article, by the wall: {stages}")
    if one.growth:
        print(f"  an article takes {one.growth:.3f} of what it takes in an empty store (median of {ROUNDS})")
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
