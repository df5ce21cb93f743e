"""Whatever carries the batches, and whoever dies meanwhile, the tables are the same, byte for byte."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pandas as pd
import psutil
import pytest
from pydantic import ValidationError

from flows import engines
from flows.engines import EngineMissing, dask_cluster
from flows.ingest import ingest_directly
from flows.parameters import RunParameters
from pipeline.parcels import Parcel
from pipeline.store import opened
from pipeline.verify import problems
from tests.flows import hazard
from tests.flows.command import begun
from tests.servers import free_port
from tests.stories import ROOT, files

PATIENCE = 600  # seconds; only a broken test waits so long
WORDS = {3: hazard.HOLD, 8: hazard.POISON}
DAY_OF_SIXTH = "2025-12-16"


def sentences(number: int) -> str:
    word = WORDS.get(number, "शहर")
    return f" date 2025-12-{number + 10} पुणे की तारा टेक ने {number} करोड़ रुपये जुटाए। यह कंपनी {word} में बढ़ रही है।"


@pytest.fixture(scope="module")
def stories(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten articles; with batches of three, one is held up in the first and one kills in the third."""
    folder = tmp_path_factory.mktemp("stories")
    for number in range(1, 11):
        (folder / f"{number:02}.txt").write_text(sentences(number))
    return folder


@pytest.fixture(scope="module")
def calm(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """An environment in which nobody waits and nobody is killed."""
    model = hazard.installed(tmp_path_factory.mktemp("model"))
    return {**environment, **model}


@pytest.fixture
def wild(calm: dict[str, str], tmp_path: Path) -> dict[str, str]:
    """The same, where one story waits to be told and another kills who reads it."""
    (tmp_path / "hazard").mkdir()
    return {**calm, "HAZARD": str(tmp_path / "hazard")}


def khabar(environment: dict[str, str], stories: Path, out: Path, *words: str) -> subprocess.Popen[str]:
    return begun(environment, "run", str(stories), "--out", str(out), "--batch-size", "3", *words)


def ended(run: subprocess.Popen[str]) -> str:
    """What a run that did all it should printed."""
    said, error = run.communicate(timeout=PATIENCE)
    assert (run.returncode, error) == (0, ""), error
    return said


def held(run: subprocess.Popen[str], environment: dict[str, str]) -> int:
    """The process that has the story that waits, once one has it."""
    deadline = time.monotonic() + PATIENCE
    while not (found := list(Path(environment["HAZARD"]).glob("held-*"))):
        assert run.poll() is None, run.communicate()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return int(found[0].name.removeprefix("held-"))


def killed_once(run: subprocess.Popen[str], environment: dict[str, str]) -> str:
    """Kill the worker that has the story that waits, then let the others go on."""
    os.kill(held(run, environment), signal.SIGKILL)
    (Path(environment["HAZARD"]) / "go").touch()
    return ended(run)


@pytest.fixture(scope="module")
def tables(calm: dict[str, str], stories: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of the tables that one process makes, in which analysis only fails on the poison."""
    out = tmp_path_factory.mktemp("calm") / "out"
    assert "10 read: 9 written, 0 unchanged, 0 duplicates, 1 rejected" in ended(
        khabar(calm, stories, out, "--direct")
    )
    return files(out)


def reject_of(out: Path) -> tuple[str, str, str]:
    (row,) = pd.read_parquet(out / "rejects").itertuples()
    return row.source_uri, row.reason, row.detail  # type: ignore[no-any-return]


def check(out: Path, tables: dict[str, bytes]) -> None:
    assert files(out) == tables != {}
    assert reject_of(out) == ("08.txt", "failed", "3 worker processes died over it")
    with opened(out) as store:
        assert list(problems(store)) == []


def test_a_killed_process_is_replaced_and_a_story_that_kills_is_rejected_alone(
    wild: dict[str, str], stories: Path, tables: dict[str, bytes], tmp_path: Path
) -> None:
    run = khabar(wild, stories, tmp_path / "out", "--direct", "--workers", "2")
    killed_once(run, wild)
    check(tmp_path / "out", tables)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_workers_end_with_their_run_also_in_the_middle_of_a_batch(
    wild: dict[str, str], stories: Path, tmp_path: Path, stop: signal.Signals
) -> None:
    run = khabar(wild, two_batches(stories, tmp_path), tmp_path / "out", "--direct", "--workers", "2")
    worker = psutil.Process(held(run, wild))
    run.send_signal(stop)
    run.communicate(timeout=PATIENCE)
    worker.wait(timeout=PATIENCE)
    assert run.returncode == (130 if stop is signal.SIGINT else -stop)


@contextmanager
def cluster(environment: dict[str, str], folder: Path) -> Iterator[str]:
    """A scheduler and two workers of one thread, as a user starts them; the scheduler's address."""
    environment = {**environment, "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "1"}
    note = folder / "scheduler.json"
    common = ["--scheduler-file", str(note), "--host", "127.0.0.1", "--no-dashboard"]
    worker = ["distributed.cli.dask_worker", *common, "--nthreads", "1", "--local-directory", str(folder)]
    with ExitStack() as stack:
        for words in (["distributed.cli.dask_scheduler", *common, "--port", "0"], worker, worker):
            stack.enter_context(started(environment, folder / "log", words))
        yield str(address_in(note))


@contextmanager
def started(environment: dict[str, str], log: Path, words: Sequence[str]) -> Iterator[None]:
    command = [sys.executable, "-m", *words]
    with log.open("a") as file:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=file, stderr=file)
        try:
            yield
        finally:
            process.terminate()
            process.wait(timeout=PATIENCE)


def address_in(note: Path) -> object:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            return json.loads(note.read_text())["address"]
        except (OSError, ValueError):
            time.sleep(0.1)
    raise AssertionError("the scheduler did not start")


@pytest.mark.served
def test_dask_replaces_a_killed_worker_and_gives_the_same_bytes_by_the_flow_and_directly(
    wild: dict[str, str], stories: Path, tables: dict[str, bytes], tmp_path: Path
) -> None:
    with cluster(wild, tmp_path) as address:
        engine = ["--engine", "dask", "--scheduler", address]
        killed_once(khabar(wild, stories, tmp_path / "flow", *engine), wild)
        check(tmp_path / "flow", tables)
        ended(khabar(wild, two_batches(stories, tmp_path), tmp_path / "direct", "--direct", *engine))
        assert files(tmp_path / "direct") == of_two_batches(tables)


def test_ray_replaces_a_killed_worker_and_gives_the_same_bytes_on_this_machine_alone(
    wild: dict[str, str], stories: Path, tables: dict[str, bytes], tmp_path: Path
) -> None:
    run = khabar(wild, stories, tmp_path / "out", "--engine", "ray", "--workers", "2", "--direct")
    held(run, wild)
    assert {address.removeprefix("::ffff:") for address in listening(run.pid)} == {"127.0.0.1"}
    killed_once(run, wild)
    check(tmp_path / "out", tables)


def listening(pid: int) -> set[str]:
    """The addresses at which a process and all it started listen."""
    family = [psutil.Process(pid), *psutil.Process(pid).children(recursive=True)]
    found = [one for each in family for one in each.net_connections("tcp")]
    return {one.laddr.ip for one in found if one.status == psutil.CONN_LISTEN}


def test_a_ray_cluster_that_is_there_and_asks_for_a_token_is_joined_with_it(
    calm: dict[str, str], stories: Path, tables: dict[str, bytes], tmp_path: Path
) -> None:
    token = {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": "0" * 64}
    environment = {**calm, **token, "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}  # on the loopback address alone
    with ray_head(environment, tmp_path / "log") as address:
        engine = ["--engine", "ray", "--scheduler", address, "--direct"]
        ended(khabar(environment, two_batches(stories, tmp_path), tmp_path / "out", *engine))
        assert files(tmp_path / "out") == of_two_batches(tables)


@contextmanager
def ray_head(environment: dict[str, str], log: Path) -> Iterator[str]:
    """A Ray cluster of this machine, as a user starts it; its address."""
    port = free_port()
    words = ["start", "--head", "--block", "--port", str(port), "--num-cpus", "2"]
    words += ["--include-dashboard", "false", "--disable-usage-stats"]
    with started(environment, log, ["ray.scripts.scripts", *words]):
        deadline = time.monotonic() + PATIENCE
        while "Ray runtime started" not in log.read_text():
            assert time.monotonic() < deadline
            time.sleep(0.2)
        yield f"127.0.0.1:{port}"


def two_batches(stories: Path, folder: Path) -> Path:
    """The first two batches alone, among which nobody kills."""
    some = folder / "some"
    some.mkdir()
    for path in sorted(stories.iterdir())[:6]:
        (some / path.name).write_text(path.read_text())
    return some


def of_two_batches(tables: dict[str, bytes]) -> dict[str, bytes]:
    """What the tables hold of them: each story of ours has a day of its own."""
    last = f"published_date={DAY_OF_SIXTH}/"
    return {
        path: content
        for path, content in tables.items()
        if "published_date" not in path or path.partition("/")[2] < last + "~"
    }


@pytest.mark.parametrize("engine", ["dask", "ray"])
def test_an_engine_that_is_not_installed_is_named_with_what_brings_it(
    engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engines, "find_spec", lambda name: None)
    with pytest.raises(EngineMissing, match=rf"pip install 'khabar\[{engine}\]'"):
        ingest_directly(RunParameters(engine=engine, out=tmp_path / "out"))  # type: ignore[arg-type]
    assert not (tmp_path / "out").exists()


def test_a_scheduler_is_for_an_engine_that_has_one() -> None:
    with pytest.raises(ValidationError, match="goes with the engine dask or ray"):
        RunParameters(scheduler="tcp://127.0.0.1:8786")


def test_a_silent_address_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dask_cluster, "CLIENT", {**dask_cluster.CLIENT, "timeout": 1})
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        address = f"tcp://127.0.0.1:{silent.getsockname()[1]}"
        with pytest.raises(dask_cluster.NoScheduler, match=f"no Dask scheduler answers at {address}"):
            ingest_directly(RunParameters(engine="dask", scheduler=address, out=tmp_path / "out"))


def test_an_address_without_a_ray_cluster_is_named_at_once(
    calm: dict[str, str], stories: Path, tmp_path: Path
) -> None:
    for address in (f"127.0.0.1:{free_port()}", "nowhere"):
        engine = ["--engine", "ray", "--scheduler", address, "--direct"]
        run = khabar(calm, stories, tmp_path / "out", *engine)
        _, error = run.communicate(timeout=PATIENCE)
        assert run.returncode != 0 and f"no Ray cluster answers at {address}" in error


def test_a_scheduler_that_goes_away_is_one_sentence() -> None:
    class Gone:
        def result(self) -> Parcel:
            raise CancelledError

    with pytest.raises(dask_cluster.NoScheduler, match="run again"):
        dask_cluster.Promised(Gone(), []).result()


def test_a_local_run_loads_neither_prefect_nor_a_cluster(
    calm: dict[str, str], stories: Path, tmp_path: Path
) -> None:
    script = f"""
import sys
from flows.ingest import ingest_directly
from flows.parameters import RunParameters
ingest_directly(RunParameters(inputs=[{str(stories / "01.txt")!r}], out={str(tmp_path / "out")!r}, workers=2))
print(*sorted({{name.partition(".")[0] for name in sys.modules}}))
"""
    command = [sys.executable, "-c", script]
    loaded = subprocess.run(command, cwd=ROOT, env=calm, capture_output=True, text=True, check=True)
    assert not {"prefect", "dask", "distributed", "ray", "spacy"} & set(loaded.stdout.split())
