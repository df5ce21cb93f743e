"""A run whose process is gone is told from one that goes on."""

import socket
import subprocess
import sys
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest

from flows import ownership
from flows.ownership import SILENT_SECONDS, Witness, myself


def run(owner: str | None, updated: object = 0) -> Any:
    """As much of a flow run as a witness looks at."""
    return SimpleNamespace(id=UUID(int=1), infrastructure_pid=owner, updated=updated, state=None)


def test_a_run_of_a_process_that_lives_is_not_gone() -> None:
    assert not Witness().gone(run(myself()))


def test_a_run_of_a_process_of_this_machine_that_ended_is_gone_at_once() -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    assert Witness().gone(run(f"{socket.gethostname()}:{ended.pid}:12345"))


def test_a_process_that_has_the_number_of_one_that_ended_is_not_taken_for_it() -> None:
    host, process, started = myself().split(":")
    assert Witness().gone(run(f"{host}:{process}:{int(started) - 1}"))


@pytest.mark.parametrize("owner", [None, "", "elsewhere:1:2", "a worker's own words"])
def test_a_run_of_another_machine_is_gone_only_when_it_was_silent_for_long(
    owner: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, witness = SimpleNamespace(monotonic=lambda: 0.0), Witness()
    monkeypatch.setattr(ownership, "time", clock)
    assert not witness.gone(run(owner))
    clock.monotonic = lambda: SILENT_SECONDS - 1.0
    assert not witness.gone(run(owner, updated=1))  # it was touched
    clock.monotonic = lambda: 2 * SILENT_SECONDS - 2.0
    assert not witness.gone(run(owner, updated=1))
    clock.monotonic = lambda: 2 * SILENT_SECONDS + 0.0
    assert witness.gone(run(owner, updated=1))
