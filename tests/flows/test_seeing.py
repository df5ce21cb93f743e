"""A run as its operators see it: the log, the metrics, the artifact, and what `khabar status` tells a monitor."""

import datetime as dt
import json
import os
import re
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from prometheus_client.parser import text_string_to_metric_families

from flows import lag, server
from flows.ingest import ingest_directly
from flows.lag import Served
from flows.parameters import RunParameters
from flows.status import complaint, status_of
from flows.summary import markdown
from flows.watch import Ended, Watch, watched
from pipeline.holding import StoreBusy
from pipeline.reports import nothing
from pipeline.store import opened
from tests.flows.command import khabar
from tests.stories import ROOT

STAGES = {"read", "intake", "wait", "publish", "analyse"}


def lines(log: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]


def samples(path: Path) -> dict[tuple[str, ...], float]:
    """The values of a file of metrics, by name and labels, as another program reads them."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(path.read_text(encoding="utf-8"))
        for one in family.samples
    }


def row(root: Path) -> Any:
    """The last run, as a plain reader sees it."""
    return pd.read_parquet(root / "runs").sort_values("started_at").iloc[-1]


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run over the sample articles in batches of four; beside its tables `log` and `metrics`."""
    folder = tmp_path_factory.mktemp("seen")
    ingest_directly(
        RunParameters(
            inputs=[str(ROOT / "data/raw")],
            out=folder / "out",
            batch_size=4,
            log=folder / "log",
            metrics=folder / "metrics",
        )
    )
    return folder


def test_the_log_has_a_line_for_the_start_each_batch_and_the_end_of_a_run(seen: Path) -> None:
    first, *batches, last = lines(seen / "log")
    assert (first["event"], last["event"]) == ("run_began", "run_ended")
    assert [one["batch"] for one in batches] == list(range(1, len(batches) + 1))
    assert {one["event"] for one in batches} == {"batch"}
    assert len({one["run_id"] for one in (first, *batches, last)}) == 1
    for one in (first, *batches, last):
        assert dt.datetime.fromisoformat(one["time"]).utcoffset() == dt.timedelta()
        assert one["level"] == "info"


def test_the_lines_of_the_batches_add_up_to_that_of_the_end_and_to_the_row_of_the_run(seen: Path) -> None:
    _, *batches, last = lines(seen / "log")
    run = row(seen / "out")
    for name in ("n_read", "n_written", "n_unchanged", "n_duplicates", "n_rejected"):
        assert sum(one[name] for one in batches) == last[name] == run[name]
    assert sum(one["characters"] for one in batches) == last["characters"] > 0
    assert last["rejects"] == pd.read_parquet(seen / "out" / "rejects")["reason"].value_counts().to_dict()
    assert set(last["seconds"]) == STAGES and last["seconds"]["analyse"] > 0
    assert last["state"] == "completed"


def test_no_sentence_title_or_source_of_an_article_is_in_the_log(seen: Path) -> None:
    log = "\n".join(json.dumps(one, ensure_ascii=False) for one in lines(seen / "log"))
    articles = pd.read_parquet(seen / "out" / "articles")
    rejects = pd.read_parquet(seen / "out" / "rejects")
    texts = [*articles["text"], *articles["source_text"], *articles["title"].dropna(), *rejects["detail"]]
    pieces = {piece.strip() for text in texts for piece in re.split(r"[।.?!\n]", text)}
    said = [piece for piece in pieces if len(piece) > 8 and piece in log]
    assert len(pieces) > 200 and said == []
    sources = [*articles["source_uri"], *rejects["source_uri"]]
    assert [one for one in sources if one in log] == []


def test_the_metrics_tell_of_the_last_run_and_of_the_disk(seen: Path) -> None:
    told, run = samples(seen / "metrics"), row(seen / "out")
    assert told["khabar_run_state", "completed"] == 1 and told["khabar_run_state", "failed"] == 0
    for name in ("written", "unchanged", "duplicates", "rejected"):
        assert told["khabar_run_articles", name] == run[f"n_{name}"]
    assert told["khabar_run_rejects", "home_page"] == 1
    assert {key[1] for key in told if key[0] == "khabar_run_stage_seconds"} == STAGES
    took = (run["ended_at"] - run["started_at"]).total_seconds()
    assert told[("khabar_run_seconds",)] == pytest.approx(took, abs=1e-6)
    assert told[("khabar_run_articles_per_second",)] == pytest.approx(run["n_read"] / took)
    assert told[("khabar_last_success_timestamp_seconds",)] == pytest.approx(run["ended_at"].timestamp())
    files = list((seen / "out" / "mentions").rglob("*.parquet"))
    assert told["khabar_store_files", "mentions"] == len(files)
    assert told["khabar_store_bytes", "mentions"] == sum(path.stat().st_size for path in files)


def falling_silent(*_: object) -> Iterator[Any]:
    raise RuntimeError("मीरा कुलकर्णी ने कहा कि पैसा लगेगा")
    yield


def test_a_failed_run_is_noted_with_its_error_but_none_of_its_words(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    parameters = RunParameters(inputs=[str(raw)], out=out, log=tmp_path / "log", metrics=tmp_path / "metrics")
    done = ingest_directly(parameters)
    monkeypatch.setattr("flows.ingest.read_each", falling_silent)
    with pytest.raises(RuntimeError):
        ingest_directly(parameters)
    last = lines(tmp_path / "log")[-1]
    assert (last["event"], last["level"], last["state"]) == ("run_ended", "error", "failed")
    assert (last["error"], last["message"]) == ("RuntimeError", None)
    assert last["at"].startswith("flows/test_seeing.py:")
    assert "मीरा" not in json.dumps(lines(tmp_path / "log"), ensure_ascii=False)
    told = samples(tmp_path / "metrics")
    assert told["khabar_run_state", "failed"] == 1 and told["khabar_run_articles", "written"] == 0
    assert done.ended_at
    assert told[("khabar_last_success_timestamp_seconds",)] == pytest.approx(done.ended_at.timestamp())
    assert complaint(status_of(out)) == f"the last run, {row(out)['run_id']}, has failed"


def test_a_run_that_could_not_begin_is_noted_too(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    with opened(out), pytest.raises(StoreBusy):
        ingest_directly(
            RunParameters(inputs=[str(raw)], out=out, log=tmp_path / "log", metrics=tmp_path / "metrics")
        )
    told = samples(tmp_path / "metrics")
    assert told["khabar_run_state", "failed"] == 1
    assert ("khabar_last_success_timestamp_seconds",) not in told
    (only,) = lines(tmp_path / "log")
    assert (only["event"], only["run_id"], only["error"]) == ("run_ended", None, "StoreBusy")
    assert only["message"] == f"another run is writing to {out}"


def test_a_log_or_metrics_that_cannot_be_written_stop_a_run_before_it_begins(
    raw: Path, tmp_path: Path
) -> None:
    for name in ("log", "metrics"):
        with pytest.raises(OSError):
            ingest_directly(
                RunParameters(inputs=[str(raw)], out=tmp_path / "out", **{name: tmp_path / "none" / name})
            )
    assert not (tmp_path / "out").exists()


def test_a_log_that_fails_later_costs_a_sentence_and_not_the_run(raw: Path, tmp_path: Path) -> None:
    said: list[str] = []
    with watched(Watch(say=said.append)):
        run = ingest_directly(RunParameters(inputs=[str(raw)], out=tmp_path / "out", log=Path("/dev/full")))
    assert (run.state, run.n_written) == ("completed", 3)
    assert len(said) == 3 and all("No space left" in one for one in said)


def test_runs_append_to_one_log_that_may_be_moved_away_between_them(raw: Path, tmp_path: Path) -> None:
    parameters = RunParameters(inputs=[str(raw)], out=tmp_path / "out", log=tmp_path / "log")
    ingest_directly(parameters)
    ingest_directly(parameters)
    assert [one["event"] for one in lines(tmp_path / "log")] == ["run_began", "batch", "run_ended"] * 2
    (tmp_path / "log").rename(tmp_path / "log.1")
    ingest_directly(parameters)
    assert len(lines(tmp_path / "log")) == 3


def test_the_page_of_a_run_has_its_row_its_rejects_its_stages_and_its_error(seen: Path, raw: Path) -> None:
    run = ingest_directly(RunParameters(inputs=[str(raw)], out=seen / "page"))
    page = markdown(Ended(run, nothing(), StoreBusy("another run | is writing")))
    assert "| n_written | 3 |" in page and "| state | completed |" in page
    assert "| publish | 0.000 |" in page
    assert "| error | StoreBusy |" in page and "another run \\| is writing" in page


def finished(root: Path, state: Any) -> str:
    """A run of the store that ended so; its id."""
    with opened(root) as store:
        run_id = store.begin("{}", "m1").run_id
        if state != "running":
            store.end(run_id, state)
        return run_id


def states(root: Path) -> list[str]:
    return [one["state"] for one in status_of(root).runs.records()]


def test_all_is_well_when_the_last_run_that_is_over_completed(tmp_path: Path) -> None:
    finished(tmp_path, "failed")
    finished(tmp_path, "completed")
    assert complaint(status_of(tmp_path)) is None
    finished(tmp_path, "failed")
    assert "has failed" in str(complaint(status_of(tmp_path)))


def test_a_run_that_goes_on_is_looked_at_without_waiting_and_judged_when_it_is_over(tmp_path: Path) -> None:
    finished(tmp_path, "completed")
    with opened(tmp_path) as store:
        store.begin("{}", "m1")
        assert states(tmp_path) == ["running", "completed"]
        assert complaint(status_of(tmp_path)) is None


def test_a_run_that_was_killed_shows_as_crashed_before_the_next_one_says_so(tmp_path: Path) -> None:
    killed = finished(tmp_path, "running")
    assert states(tmp_path) == ["crashed"]
    assert complaint(status_of(tmp_path)) == f"the last run, {killed}, has crashed"


def test_a_monitor_can_ask_for_a_run_that_completed_of_late(tmp_path: Path) -> None:
    finished(tmp_path, "completed")
    status = status_of(tmp_path)
    assert complaint(status, dt.timedelta(minutes=1)) is None
    assert status.last_completed is not None
    later = replace(status, now=status.last_completed + dt.timedelta(minutes=61))
    assert complaint(later, dt.timedelta(minutes=60)) == "no run has completed for 61 min; 60 min are allowed"
    assert complaint(later) is None


def test_a_store_in_which_no_run_completed_is_not_well_to_a_monitor_that_asks_for_one(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.begin("{}", "m1")
        assert complaint(status_of(tmp_path)) is None
        assert complaint(status_of(tmp_path), dt.timedelta(minutes=1)) == "no run has completed yet"


def test_status_exits_1_with_one_sentence_when_something_is_wrong(
    environment: dict[str, str], tmp_path: Path
) -> None:
    finished(tmp_path, "completed")
    well = khabar(environment, "status", "--out", str(tmp_path), "--max-age", "5", "--format", "json")
    assert (well.returncode, well.stderr) == (0, "")
    assert json.loads(well.stdout)["well"] is True
    run_id = finished(tmp_path, "failed")
    ill = khabar(environment, "status", "--out", str(tmp_path), "--format", "json")
    assert (ill.returncode, ill.stderr) == (1, f"khabar: the last run, {run_id}, has failed\n")
    assert json.loads(ill.stdout)["runs"][0]["run_id"] == run_id
    assert json.loads(ill.stdout)["reason"] == f"the last run, {run_id}, has failed"


INSTANTS = st.datetimes(dt.datetime(2025, 1, 1), dt.datetime(2026, 1, 1), timezones=st.just(dt.UTC))


@given(INSTANTS, INSTANTS, INSTANTS)
def test_a_schedule_is_behind_until_a_run_that_began_when_it_was_due_or_later_completed(
    due: dt.datetime, began: dt.datetime, now: dt.datetime
) -> None:
    one = Served("news/khabar", False, due)
    expected = dt.timedelta() if began >= due else now - due
    assert lag.lag(one, began, now) == expected
    assert lag.lag(one, None, now) == now - due
    assert lag.lag(Served("news/khabar", False, None), None, now) == dt.timedelta()


@pytest.fixture(scope="module")
def api(environment: dict[str, str]) -> Iterator[str]:
    """The address of a Prefect server."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHABAR_HOME", environment["KHABAR_HOME"])
        for name in [name for name in os.environ if name.startswith("PREFECT_")]:
            patch.delenv(name)
        with server.connected():
            yield os.environ["PREFECT_API_URL"]


def post(api: str, path: str, body: object) -> Any:
    """What the server answers; it asks to be asked again while its database is busy (503)."""
    request = urllib.request.Request(
        f"{api}/{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
    )
    for _ in range(30):
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            if error.code != 503:
                raise
            time.sleep(1)
    raise AssertionError(f"{path} was never answered")


def due_run(api: str, out: Path, at: dt.datetime) -> None:
    """A deployment of the flow news that writes to `out`, and a run of it that its schedule wanted then."""
    flow = post(api, "flows/", {"name": "news"})["id"]
    parameters = {"parameters": {"out": str(out)}}
    deployment = post(api, "deployments/", {"name": "hourly", "flow_id": flow, "parameters": parameters})[
        "id"
    ]
    state = {"type": "SCHEDULED", "state_details": {"scheduled_time": at.isoformat()}}
    wanted = {"flow_id": flow, "deployment_id": deployment, "state": state, "tags": ["auto-scheduled"]}
    post(api, "flow_runs/", wanted)


@pytest.mark.served
def test_the_lag_behind_a_schedule_is_asked_of_the_server(
    api: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(tmp_path, "completed")
    due = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    due_run(api, tmp_path, due)
    monkeypatch.setenv("PREFECT_API_URL", api)
    schedules = status_of(tmp_path).schedules
    assert schedules
    (one,) = schedules.records()
    assert (one["name"], one["paused"], one["behind_seconds"]) == ("news/hourly", False, 0)
    assert abs(one["last_due"] - due) < dt.timedelta(seconds=1)
    (other,) = lag.served(str(tmp_path), dt.datetime.now(dt.UTC)) or []
    assert (
        7_200 <= lag.lag(other, due - dt.timedelta(hours=1), dt.datetime.now(dt.UTC)).total_seconds() < 7_300
    )
    assert lag.served(str(tmp_path / "other"), dt.datetime.now(dt.UTC)) == []


def test_a_server_that_does_not_answer_is_no_hindrance(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    finished(tmp_path, "completed")
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")
    assert status_of(tmp_path).schedules is None


@pytest.mark.served
def test_a_run_that_fails_leaves_an_artifact_with_its_error(
    api: str, environment: dict[str, str], raw: Path, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    failed = khabar(
        {**environment, "PREFECT_API_URL": api}, "run", str(raw), "--out", str(tmp_path / "file" / "out")
    )
    assert failed.returncode == 1
    said = [line for line in failed.stderr.splitlines() if "EventsWorker" not in line]  # on a busy machine
    assert said == [f"khabar: cannot write the store at {tmp_path / 'file' / 'out'}: Not a directory"]
    artifacts = post(api, "artifacts/filter", {"artifacts": {"key": {"any_": ["khabar-run"]}}})
    assert any("| error | StoreUnusable |" in str(one["data"]) for one in artifacts)
