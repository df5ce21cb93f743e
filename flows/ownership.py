"""Which process carries a flow run, and whether it still does."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import datetime as dt
    from uuid import UUID

    from prefect.client.schemas.objects import FlowRun

BEAT_SECONDS: Final = 60
"""How often the carrier of a run touches it on the server."""
_CARRIED: Final = "Carried by "
SILENT_SECONDS: Final = 300
"""After so long without that, a carrier on another machine is taken for dead."""


def myself() -> str:
    """This process, told from all others on all machines: host, process id and when it started."""
    return f"{socket.gethostname()}:{os.getpid()}:{_started(os.getpid())}"


def carrying() -> str:
    """What the state of a run says that is about to begin here."""
    return f"{_CARRIED}{myself()}"


def owner(run: FlowRun) -> str:
    """The process that carries a run, as `myself` tells it; empty where nobody says."""
    message = (run.state and run.state.is_pending() and run.state.message) or ""
    if message.startswith(_CARRIED):  # said as it was taken; what is noted beside may be the one before
        return message.removeprefix(_CARRIED)
    return run.infrastructure_pid or ""


class Witness:
    """Tells runs whose carrier is gone, from what it has seen of them so far."""

    def __init__(self) -> None:
        """Nothing was seen yet."""
        self._seen: dict[UUID, tuple[dt.datetime | None, float]] = {}

    def gone(self, run: FlowRun) -> bool:
        """Whether nobody carries the run: its process here has died, or it was silent for long."""
        host, _, process = owner(run).rpartition(":")[0].rpartition(":")
        if host == socket.gethostname() and process.isdigit():
            return owner(run) != f"{host}:{process}:{_started(int(process))}"
        return self._silent(run)

    def _silent(self, run: FlowRun) -> bool:
        now = time.monotonic()  # of our clock alone, for that of the server may differ
        touched, since = self._seen.get(run.id, (None, now))
        if touched != run.updated:
            since = now
        self._seen[run.id] = run.updated, since
        return now - since > SILENT_SECONDS


def _started(process: int) -> str:
    """When a process of this machine started, in ticks since the boot; empty when there is none."""
    try:
        status = Path(f"/proc/{process}/stat").read_text()
    except OSError:
        return "" if Path("/proc/self/stat").exists() else _lives(process)
    fields = status.rpartition(")")[2].split()
    return "" if fields[0] == "Z" else fields[19]


def _lives(process: int) -> str:
    """As `_started`, where the system does not tell when a process started."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return ""
    except PermissionError:
        pass
    return "?"
