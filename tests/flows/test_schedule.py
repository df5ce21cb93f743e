"""A schedule that is killed, and the files by which Khabar is deployed."""

import configparser
import datetime as dt
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from benchmarks.schedule_soak import Told, problems, soak
from flows.parameters import RunParameters
from flows.timetable import timetable
from tests.stories import ROOT

pytestmark = pytest.mark.usefixtures("prefect_here")

EVERY = dt.timedelta(minutes=1)
NOON = dt.datetime(2025, 12, 25, 12, tzinfo=dt.UTC)


@pytest.mark.served
def test_each_due_run_happened_once_and_in_order_though_all_was_killed_in_between(tmp_path: Path) -> None:
    runs, wrong = soak(tmp_path / "soak", 4, dt.timedelta(seconds=4), "every")
    assert wrong == []
    assert len(runs) >= 3


@pytest.mark.served
def test_two_processes_that_serve_one_schedule_take_turns_and_one_goes_on_when_the_other_dies(
    tmp_path: Path,
) -> None:
    runs, wrong = soak(tmp_path / "soak", 4, dt.timedelta(seconds=4), "every", beside=True)
    assert wrong == []
    assert len(runs) >= 3


def told(
    minute: int, state: str = "Completed", began: float | None = None, ended: float | None = None
) -> Told:
    def at(minutes: float | None) -> dt.datetime | None:
        return None if minutes is None else NOON + dt.timedelta(minutes=minutes)

    due = at(minute)
    assert due
    return Told(due, state, at(began), at(ended), 1, str(minute))


def test_the_soak_sees_what_is_wrong() -> None:
    good = [told(1, began=1.1, ended=1.9), told(2, "Skipped"), told(3, began=3.1, ended=3.5)]
    assert problems(good, EVERY, "latest") == []
    assert "was skipped" in problems(good, EVERY, "every")[0]
    missing = [told(1, began=1.1, ended=1.9), told(3, began=3.1, ended=3.5)]
    assert "not one interval" in problems(missing, EVERY, "latest")[0]
    twice = [told(1, began=1.1, ended=1.9), told(1, began=1.9, ended=2.0)]
    assert "not one interval" in problems(twice, EVERY, "every")[0]
    both = [told(1, began=1.1, ended=2.4), told(2, began=2.1, ended=2.9)]
    assert "began before" in problems(both, EVERY, "every")[0]
    old = [told(1, began=3.2, ended=3.3), told(2, "Skipped"), told(3, began=3.3, ended=3.5)]
    assert "was due" in problems(old, EVERY, "latest")[0]


def test_the_deployments_of_work_pools_are_what_the_flow_takes() -> None:
    written = YAML(typ="safe").load(ROOT / "prefect.yaml")
    for one in written["deployments"]:
        module, _, name = one["entrypoint"].rpartition(".")
        assert getattr(import_module(module), name).name == "news"
        RunParameters.model_validate(one["parameters"]["parameters"])
        assert all(timetable(each["cron"], None, each["timezone"]) for each in one["schedules"])
        assert one["concurrency_limit"] == {"limit": 1, "collision_strategy": "ENQUEUE"}
        assert one["work_pool"]["name"] == "khabar"


def test_the_container_takes_what_the_package_is_made_of_and_runs_commands_that_exist() -> None:
    written = (ROOT / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    copied = [
        word for line in re.findall(r"^COPY (?!--from)(.*) \S+$", written, re.M) for word in line.split()
    ]
    kept = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), re.M)
    assert sorted(copied) == sorted(kept)
    assert all((ROOT / name).exists() for name in copied)
    words = [re.findall(r'"([^"]+)"', line) for line in re.findall(r"CMD (\[.*\])", written)]
    assert [each[each[0] == "khabar"] for each in words] == ["status", "schedule"]
    for each in words:
        parsed(each[each[0] == "khabar" :])


def parsed(words: list[str]) -> None:
    """The command line takes the words."""
    from flows.cli import parser

    parser().parse_args(words)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
def test_the_units_are_what_systemd_takes(tmp_path: Path) -> None:
    units = [*sorted((ROOT / "deploy").glob("*.service")), *sorted((ROOT / "deploy").glob("*.timer"))]
    for unit in units:
        here = unit.read_text(encoding="utf-8").replace("/opt/khabar/bin/khabar", sys.executable)
        (tmp_path / unit.name).write_text(here, encoding="utf-8")
    command = ["systemd-analyze", "verify", *(str(tmp_path / unit.name) for unit in units)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_units_run_commands_that_exist() -> None:
    for unit in (ROOT / "deploy").glob("*.service"):
        read = configparser.ConfigParser(strict=False, interpolation=None, comment_prefixes="#")
        read.optionxform = str  # type: ignore[assignment,method-assign]  # names keep their case
        read.read(unit, encoding="utf-8")
        program, *words = read["Service"]["ExecStart"].split()
        assert program == "/opt/khabar/bin/khabar"
        parsed([word for word in words if not word.startswith("$")])
