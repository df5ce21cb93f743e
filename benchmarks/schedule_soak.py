"""A schedule under fire: served for a while with a kill -9 in between; what became of each due run.

`python -m benchmarks.schedule_soak --minutes 10 --every 60 --missed every` prints each due time and exits
with 1 when one is missing, ran twice, overlapped another, or went against the policy for missed runs.
With `--beside` a second process serves the same schedule all the time, and is not killed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import itertools
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from zoneinfo import ZoneInfo

from flows import defaults
from flows.missed import Policy
from flows.parameters import RunParameters
from flows.schedule import When, serve
from flows.server import HOST, free_port
from flows.terminal import say

STORY = "पुणे की तारा टेक लिमिटेड ने करीब 3 करोड़ रुपये जुटाए. यह कंपनी तेज़ी से बढ़ रही है."
ZONE = ZoneInfo(defaults.TIMEZONE)
POLL_SLACK = dt.timedelta(seconds=5)
"""So long a run may have been chosen before it is seen to start."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the server tells of a flow run."""

    due: dt.datetime
    state: str
    began: dt.datetime | None
    ended: dt.datetime | None
    tries: int
    run_id: str


@dataclass(frozen=True, slots=True)
class Soak:
    """What is done, and where; a folder of its own holds the news, the store and the server's database."""

    folder: Path
    port: int
    every: dt.timedelta
    missed: Policy

    @property
    def store(self) -> Path:
        """The tables."""
        return self.folder / "out"

    def start(self) -> subprocess.Popen[bytes]:
        """Serve in another process."""
        command = [sys.executable, "-m", "benchmarks.schedule_soak", "--serve", str(self.folder)]
        command += [str(self.port), "--every", str(self.every.total_seconds()), "--missed", self.missed]
        bare = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(
                command, env={**bare, "KHABAR_HOME": str(self.folder / "home")}, stdout=log, stderr=log
            )

    def told(self) -> list[Told]:
        """The flow runs that were due by now, as the server knows them; OSError while it is not there."""
        now = dt.datetime.now(dt.UTC).isoformat()
        wanted = {"flow_runs": {"expected_start_time": {"before_": now}}, "sort": "EXPECTED_START_TIME_ASC"}
        request = urllib.request.Request(
            f"http://{HOST}:{self.port}/api/flow_runs/filter",
            json.dumps(wanted).encode(),
            {"Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [_told(run) for run in json.load(answer)]


def _told(run: dict[str, Any]) -> Told:
    def time_of(name: str) -> dt.datetime | None:
        return dt.datetime.fromisoformat(run[name]) if run[name] else None

    due = time_of("expected_start_time")
    assert due, "runs are asked for by their time"
    return Told(
        due, run["state_name"], time_of("start_time"), time_of("end_time"), run["run_count"], run["id"]
    )


def soak(
    folder: Path, seconds: float, every: dt.timedelta, missed: Policy, *, beside: bool = False
) -> tuple[list[Told], list[str]]:
    """Serve for so long, killed once for more than an interval; the runs, and what is wrong with them.

    With `beside` another process serves the same all the time.
    """
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "story.txt").write_text(STORY, encoding="utf-8")
    one = Soak(folder, free_port(), every, missed)
    process = one.start()
    other = one.start() if beside else None
    try:
        await_completed(one, 1)
        _while_running(one, seconds * 0.4)
        done = len(_completed(one.told()))
        process.kill()  # -9, in the middle of a run where one goes on
        process.wait()
        time.sleep(1.7 * every.total_seconds())
        process = one.start()
        await_completed(one, done + 2)
        _while_running(one, seconds * 0.6)
        runs = _settled(one)
        wrong = problems(runs, every, missed) + _store_problems(one, runs)
        return runs, wrong + _stop_problems(process)
    finally:
        for each in (process, other):
            if each:
                each.kill()
                each.wait()


def problems(runs: list[Told], every: dt.timedelta, missed: Policy) -> list[str]:
    """What is wrong: due times without a run or with two, overlaps, disorder, and needless skips."""
    wrong = []
    for before, after in itertools.pairwise(runs):
        if after.due - before.due != every:
            wrong.append(f"between {_clock(before.due)} and {_clock(after.due)} there is not one interval")
    wrong += [
        f"{_clock(run.due)} is {run.state}" for run in runs if run.state not in {"Completed", "Skipped"}
    ]
    wrong += [
        f"{_clock(run.due)} was skipped" for run in runs if missed == "every" and run.state == "Skipped"
    ]
    done = _completed(runs)
    for first, second in itertools.pairwise(done):
        if first.ended is None or second.began is None or second.began < first.ended:
            wrong.append(f"{_clock(second.due)} began before {_clock(first.due)} had ended")
    for run in done if missed == "latest" else []:
        newer = [other for other in runs if run.began and run.due < other.due <= run.began - POLL_SLACK]
        if newer and run.tries == 1:
            wrong.append(f"{_clock(run.due)} ran though {_clock(newer[-1].due)} was due")
    return wrong


def _store_problems(one: Soak, runs: list[Told]) -> list[str]:
    """What the store knows otherwise: for each run one that completed, with the day it was due.

    One that was killed may have completed before the server heard of it, and so may one that goes on now.
    """
    from pipeline.query import connect

    query = "SELECT parameters, (SELECT count(*) FROM articles) FROM runs WHERE state = 'completed'"
    rows = connect(one.store).execute(query).fetchall()
    done = len(_completed(runs))
    spare = sum(run.tries for run in _when_there(one)) - done
    wrong = [] if done <= len(rows) <= done + spare else [f"the store completed {len(rows)} runs, not {done}"]
    days = {str(run.due.astimezone(ZONE).date()) for run in _when_there(one)}
    wrong += [
        f"a run was for the day {day}" for row in rows if (day := json.loads(row[0])["date"]) not in days
    ]
    return wrong + [f"the story is there {row[1]} times" for row in rows[-1:] if row[1] != 1]


def _stop_problems(process: subprocess.Popen[bytes]) -> list[str]:
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        return ["SIGTERM did not end it within ten seconds"]
    print(f"SIGTERM ended it in {time.monotonic() - began:.1f} s")
    return []


def await_completed(one: Soak, count: int, patience: float = 600) -> None:
    """Wait until so many runs were completed; TimeoutError with what was logged."""
    deadline = time.monotonic() + patience
    while len(_completed(_when_there(one))) < count:
        if time.monotonic() > deadline:
            raise TimeoutError((one.folder / "log").read_text(encoding="utf-8"))
        time.sleep(0.5)


def _while_running(one: Soak, seconds: float) -> None:
    """Wait so long, and on until a run goes on, though not for ever."""
    time.sleep(seconds)
    deadline = time.monotonic() + 2 * one.every.total_seconds()
    while time.monotonic() < deadline and not any(run.state == "Running" for run in _when_there(one)):
        time.sleep(0.1)


def _settled(one: Soak) -> list[Told]:
    """The runs up to the newest completed one, with none before it that is still to come or going on."""
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        runs = _when_there(one)
        last = max(at for at, run in enumerate(runs) if run.state == "Completed")
        if all(run.state in {"Completed", "Skipped"} for run in runs[: last + 1]):
            return runs[: last + 1]
        time.sleep(0.5)
    return _when_there(one)


def _when_there(one: Soak) -> list[Told]:
    try:
        return one.told()
    except OSError:
        return []


def _completed(runs: list[Told]) -> list[Told]:
    return [run for run in runs if run.state == "Completed"]


def _clock(at: dt.datetime | None) -> str:
    return f"{at.astimezone(ZONE):%H:%M:%S}" if at else ""


def show(runs: list[Told], wrong: list[str], to: IO[str]) -> None:
    """Print each due time and what became of it."""
    print("due (IST)  state      began     ended     tries", file=to)
    for run in runs:
        times = f"{_clock(run.began):9} {_clock(run.ended):9}"
        print(f"{_clock(run.due):10} {run.state:10} {times} {run.tries}", file=to)
    skipped = sum(run.state == "Skipped" for run in runs)
    print(f"{len(runs)} due: {len(_completed(runs))} completed once, {skipped} skipped", file=to)
    for line in wrong:
        print(f"WRONG: {line}", file=to)


def _serve(folder: Path, port: int, every: dt.timedelta, missed: Policy) -> None:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    parameters = RunParameters(inputs=[str(folder / "raw")], out=folder / "out")
    serve(parameters, When(every=every, missed=missed), name=defaults.DEPLOYMENT, port=port, say=say)


def main() -> int:
    """Run the soak, or with --serve be what it kills."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--minutes", type=float, default=10)
    words.add_argument("--every", type=float, default=60, metavar="SECONDS")
    words.add_argument("--missed", choices=("latest", "every"), default="latest")
    words.add_argument("--beside", action="store_true", help="let a second process serve the same")
    words.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    options = words.parse_args()
    every = dt.timedelta(seconds=options.every)
    if options.serve:
        _serve(Path(options.serve[0]), int(options.serve[1]), every, options.missed)
    with tempfile.TemporaryDirectory() as folder:
        at = Path(folder) / "soak"
        runs, wrong = soak(at, options.minutes * 60, every, options.missed, beside=options.beside)
        show(runs, wrong, sys.stdout)
        print((at / "log").read_text(encoding="utf-8"))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
