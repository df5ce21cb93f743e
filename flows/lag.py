"""How far behind its schedules a store is: asked of the Prefect server, if one is known, and quickly."""

from __future__ import annotations

import base64
import datetime as dt
import json
import os
import urllib.request
from dataclasses import dataclass
from typing import Any, Final

from flows import server

FLOW: Final = "news"
_SECONDS: Final = 3  # that an answer may take


@dataclass(frozen=True, slots=True)
class Served:
    """A flow that is served for a store, and when it was last due; None when it has not been yet."""

    name: str
    paused: bool
    last_due: dt.datetime | None


def served(out: str, now: dt.datetime) -> list[Served] | None:
    """What is served for the tables at `out`; None when no server is known, or it does not answer."""
    try:
        api = server.known()
        found = _asked(api, "deployments", {"flows": {"name": {"any_": [FLOW]}}})
        return [_served(api, one, now) for one in found if _out(one) == out]
    except (server.NoServer, OSError, ValueError, LookupError):
        return None


def lag(one: Served, last_completed_began: dt.datetime | None, now: dt.datetime) -> dt.timedelta:
    """How long what was due has been waited for; nothing once a run that began then or later completed."""
    if one.last_due is None or (last_completed_began and last_completed_began >= one.last_due):
        return dt.timedelta()
    return now - one.last_due


def _served(api: str, deployment: dict[str, Any], now: dt.datetime) -> Served:
    name, paused = f"{FLOW}/{deployment['name']}", bool(deployment["paused"])
    return Served(name, paused, _last_due(api, deployment["id"], now))


def _out(deployment: dict[str, Any]) -> object:
    return (deployment["parameters"].get("parameters") or {}).get("out")


def _last_due(api: str, deployment: str, now: dt.datetime) -> dt.datetime | None:
    due = {
        "deployment_id": {"any_": [deployment]},
        "expected_start_time": {"before_": now.isoformat()},
        "tags": {"all_": ["auto-scheduled"]},
    }
    newest = {"flow_runs": due, "sort": "EXPECTED_START_TIME_DESC", "limit": 1}
    times = [one["expected_start_time"] for one in _asked(api, "flow_runs", newest)]
    return dt.datetime.fromisoformat(times[0]) if times else None


def _asked(api: str, what: str, wanted: dict[str, Any]) -> list[dict[str, Any]]:
    request = urllib.request.Request(f"{api}/{what}/filter", json.dumps(wanted).encode(), _headers())
    with urllib.request.urlopen(request, timeout=_SECONDS) as answer:
        found: list[dict[str, Any]] = json.load(answer)
        return found


def _headers() -> dict[str, str]:
    """With what Prefect's own client would send to be let in."""
    plain = {"Content-Type": "application/json"}
    if key := os.environ.get("PREFECT_API_KEY"):
        return {**plain, "Authorization": f"Bearer {key}"}
    if pair := os.environ.get("PREFECT_API_AUTH_STRING"):
        return {**plain, "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    return plain
