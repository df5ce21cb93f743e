"""The Prefect flow, in this process and served by a real server on loopback."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from flows.ingest import ingest_directly
from flows.parameters import RunParameters
from flows.server import free_port
from tests.flows.command import khabar
from tests.stories import ROOT, files

pytestmark = pytest.mark.served

PORT = free_port()
API = f"http://127.0.0.1:{PORT}/api"


STARTED = {"start_time": {"is_null_": False}}
UNDATED = "पुणे की तारा टेक लिमिटेड ने करीब 3 करोड़ रुपये जुटाए. यह कंपनी तेज़ी से बढ़ रही है."


def post(path: str, body: object) -> Any:
    """What the Prefect server answers."""
    request = urllib.request.Request(
        f"{API}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


@pytest.fixture(scope="module")
def served(environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """`khabar schedule` serving an empty folder on a cron that never fires here; the folder of its tables."""
    folder = tmp_path_factory.mktemp("served")
    (folder / "raw").mkdir()
    command = [sys.executable, "-m", "flows", "schedule", str(folder / "raw"), "--out", str(folder / "out")]
    command += ["--cron", "0 3 29 2 *", "--port", str(PORT)]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
        try:
            await_deployment(process, folder / "log")
            yield folder
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)


def await_deployment(process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        assert process.poll() is None, log.read_text()
        try:
            if post("deployments/filter", {}):
                return
        except OSError:
            time.sleep(0.5)
    raise AssertionError(log.read_text())


def await_run(run_id: str) -> dict[str, object]:
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        (run,) = post("flow_runs/filter", {"flow_runs": {"id": {"any_": [run_id]}}})
        if run["state_type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}:
            return run
        time.sleep(0.5)
    raise AssertionError(f"{run_id} did not end")


def test_a_triggered_run_reads_stores_and_leaves_an_artifact(
    served: Path, environment: dict[str, str], raw: Path
) -> None:
    started = khabar(environment, "trigger", "news", f"inputs={raw}", "batch_size=2")
    assert started.returncode == 0, started.stderr
    run = await_run(started.stdout.strip())
    assert run["state_type"] == "COMPLETED", (served / "log").read_text()
    assert len(pd.read_parquet(served / "out" / "articles")) == 3
    assert list(pd.read_parquet(served / "out" / "runs")["state"]) == ["completed"]
    its_own = {"key": {"any_": ["khabar-run"]}, "flow_run_id": {"any_": [run["id"]]}}
    (artifact,) = post("artifacts/filter", {"artifacts": its_own})
    assert "| n_written | 3 |" in str(artifact["data"])
    tasks = post("task_runs/filter", {"flow_runs": {"id": {"any_": [str(run["id"])]}}})
    assert len(tasks) == 2


def test_rejects_are_tried_again_by_a_trigger(
    served: Path, environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    ingest_directly(RunParameters(inputs=[str(raw)], out=tmp_path / "out"))
    words = [f"out={tmp_path / 'out'}", "inputs=[]", "retry_rejects=true", "reason=binary"]
    started = khabar(environment, "trigger", "news", *words)
    assert started.returncode == 0, started.stderr
    assert await_run(started.stdout.strip())["state_type"] == "COMPLETED", (served / "log").read_text()
    last = pd.read_parquet(tmp_path / "out" / "runs").sort_values("started_at").iloc[-1]
    assert (last["n_read"], last["n_rejected"]) == (1, 1)
    refused = khabar(environment, "trigger", "news", "retry_rejects=true", "reason=because")
    assert refused.returncode == 2 and "there is no reason because" in refused.stderr


def test_the_schedule_stands_on_the_server_in_indian_time(served: Path) -> None:
    (deployment,) = post("deployments/filter", {})
    (schedule,) = deployment["schedules"]
    assert schedule["schedule"] == {"cron": "0 3 29 2 *", "timezone": "Asia/Kolkata", "day_or": True}


@pytest.mark.parametrize(
    ("word", "complaint"),
    [
        ("speed=9", "there is no parameter speed; there are inputs, out"),
        ("workers=many", "workers:"),
        ("workers", "is not key=value"),
    ],
)
def test_wrong_parameters_are_refused_before_anything_starts(
    served: Path, environment: dict[str, str], word: str, complaint: str
) -> None:
    refused = khabar(environment, "trigger", "news", word)
    assert refused.returncode == 2 and complaint in refused.stderr


def test_a_flow_that_is_not_served_is_named_with_those_that_are(
    served: Path, environment: dict[str, str]
) -> None:
    refused = khabar(environment, "trigger", "weather")
    assert refused.returncode == 1
    assert "no flow is served as weather/khabar; served: news/khabar" in refused.stderr


def test_a_late_run_goes_first_with_the_day_in_india_on_which_it_was_due_and_a_trigger_waits_for_it(
    served: Path, environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    (tmp_path / "undated.txt").write_text(UNDATED, encoding="utf-8")
    (deployment,) = post("deployments/filter", {})
    due = {"type": "SCHEDULED", "state_details": {"scheduled_time": "2025-12-24T20:00:00Z"}}
    values = {"inputs": [str(tmp_path / "undated.txt")], "out": str(tmp_path / "out")}
    late = post(
        f"deployments/{deployment['id']}/create_flow_run",
        {"state": due, "parameters": {"parameters": values}},
    )
    asked = khabar(environment, "trigger", "news", f"inputs={raw}")
    assert asked.returncode == 0, asked.stderr
    first, second = await_run(late["id"]), await_run(asked.stdout.strip())
    assert first["state_type"] == second["state_type"] == "COMPLETED", (served / "log").read_text()
    assert str(first["end_time"]) <= str(second["start_time"])
    (article,) = pd.read_parquet(tmp_path / "out" / "articles").to_dict("records")
    assert (str(article["published_date"]), article["date_source"]) == ("2025-12-25", "given")
    (row,) = pd.read_parquet(tmp_path / "out" / "runs").to_dict("records")
    assert json.loads(row["parameters"])["date"] == "2025-12-25"


def test_a_server_that_dies_is_started_again_and_goes_on(
    served: Path, environment: dict[str, str], khabar_home: Path, raw: Path
) -> None:
    note = khabar_home / "server.json"
    noted = note.read_text()
    os.kill(json.loads(noted)["pid"], signal.SIGKILL)
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline and (not note.exists() or note.read_text() == noted):
        time.sleep(0.5)
    started = khabar(environment, "trigger", "news", f"inputs={raw}")
    assert started.returncode == 0, started.stderr
    assert await_run(started.stdout.strip())["state_type"] == "COMPLETED", (served / "log").read_text()


def test_a_run_by_the_flow_is_byte_identical_to_a_direct_one(
    served: Path, environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    by_flow = khabar(environment, "run", str(raw), "--out", str(tmp_path / "flow"), "--workers", "2")
    assert by_flow.returncode == 0, by_flow.stderr
    assert by_flow.stderr == ""
    khabar(environment, "run", str(raw), "--out", str(tmp_path / "direct"), "--direct")
    assert files(tmp_path / "flow") == files(tmp_path / "direct") != {}


def test_without_any_server_a_run_starts_its_own_and_is_quiet(
    environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    alone = {**environment, "KHABAR_HOME": str(tmp_path / "home")}
    done = khabar(alone, "run", str(raw), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "3 written" in done.stdout
    assert (tmp_path / "home" / "prefect").is_dir()


def test_trigger_without_a_server_says_what_to_start(environment: dict[str, str], tmp_path: Path) -> None:
    refused = khabar({**environment, "KHABAR_HOME": str(tmp_path)}, "trigger", "news")
    assert refused.returncode == 1 and "khabar schedule" in refused.stderr


def test_a_work_pool_runs_the_flow_by_prefects_own_commands(
    served: Path, environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    own = {**environment, "PREFECT_API_URL": API, "PREFECT_HOME": str(tmp_path / "prefect")}

    def prefect(*words: str) -> None:
        command = [sys.executable, "-m", "prefect", "--no-prompt", *words]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=own, timeout=300)
        assert done.returncode == 0, done.stdout + done.stderr

    values = {"inputs": [str(raw)], "out": str(tmp_path / "out")}
    prefect("work-pool", "create", "khabar", "--type", "process")
    prefect("deploy", "--all")
    prefect("deployment", "run", "news/hourly", "--params", json.dumps({"parameters": values}))
    prefect("worker", "start", "--pool", "khabar", "--run-once")
    assert len(pd.read_parquet(tmp_path / "out" / "articles")) == 3
    (run,) = post("flow_runs/filter", {"work_pools": {"name": {"any_": ["khabar"]}}, "flow_runs": STARTED})
    assert run["state_type"] == "COMPLETED"
