"""The metrics of the last run in Prometheus text form, for the textfile collector of a node exporter."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import Final

import duckdb
from prometheus_client import CollectorRegistry, Gauge, write_to_textfile

from flows.watch import Ended, Event, Listener
from pipeline.home import Root
from pipeline.places import NoPlace, placed
from pipeline.query import NoStore, asked
from pipeline.reports import Report
from pipeline.sizes import Size, sizes
from pipeline.tables import Run

_STATES: Final = ("completed", "failed")
_OUTCOMES: Final = ("written", "unchanged", "duplicates", "rejected")


def metrics(target: Path, root: Root) -> Listener:
    """A listener that writes `target` whole as a run of the store at `root` ends; OSError when it cannot."""
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise PermissionError(f"cannot write {target}: its folder is absent or closed to us")
    return partial(_write, target, root)


def _write(target: Path, root: Root, event: Event) -> None:
    if isinstance(event, Ended):
        write_to_textfile(str(target), _registry(event, _last_success(root), _sizes(root)))


def _sizes(root: Root) -> list[Size]:
    """What the store takes; nothing where it cannot be reached, for then too a monitor hears of the run."""
    try:
        return sizes(placed(root))
    except (NoPlace, OSError):
        return []


def _last_success(root: Root) -> float | None:
    """When the last run that completed ended, in seconds since 1970 UTC; None when none did."""
    try:
        sql = "SELECT epoch(max(ended_at)) FROM runs WHERE state = 'completed'"
        row = asked(root, sql).fetchone()
    except (NoStore, NoPlace, OSError, duckdb.Error):  # all the more should a monitor hear of the run
        return None
    return row[0] if row else None


def _registry(ended: Ended, last_success: float | None, disk: list[Size]) -> CollectorRegistry:
    registry = CollectorRegistry()
    state = {**dict.fromkeys(_STATES, 0), ended.run.state if ended.run else "failed": 1}
    _labelled(registry, "khabar_run_state", "Whether the last run ended so", "state", state.items())
    if ended.run:
        _add_times(registry, ended.run)
    _add_report(registry, ended.total)
    if last_success is not None:
        text = "When the last completed run ended, since 1970"
        _single(registry, "khabar_last_success_timestamp_seconds", text, last_success)
    _add_sizes(registry, disk)
    return registry


def _add_times(registry: CollectorRegistry, run: Run) -> None:
    began = run.started_at.timestamp()
    _single(registry, "khabar_run_start_timestamp_seconds", "When the last run began, since 1970", began)
    if run.ended_at:
        took = (run.ended_at - run.started_at).total_seconds()
        _single(registry, "khabar_run_seconds", "How long the last run took", took)
        rate = run.n_read / took if took > 0 else 0.0
        _single(registry, "khabar_run_articles_per_second", "Articles read in a second of the last run", rate)


def _add_report(registry: CollectorRegistry, total: Report) -> None:
    outcomes = [(name, getattr(total, f"n_{name}")) for name in _OUTCOMES]
    _labelled(registry, "khabar_run_articles", "What became of what the last run read", "outcome", outcomes)
    _labelled(registry, "khabar_run_rejects", "Rejects of the last run", "reason", total.rejects.items())
    text, stages = "Where the last run's time went; analyse is processor time", total.seconds.items()
    _labelled(registry, "khabar_run_stage_seconds", text, "stage", stages)
    _single(registry, "khabar_run_characters", "Code points that the last run analysed", total.characters)


def _add_sizes(registry: CollectorRegistry, disk: list[Size]) -> None:
    taken, files = [(one.folder, one.bytes) for one in disk], [(one.folder, one.files) for one in disk]
    _labelled(registry, "khabar_store_bytes", "Bytes on disk", "folder", taken)
    _labelled(registry, "khabar_store_files", "Files on disk", "folder", files)


def _single(registry: CollectorRegistry, name: str, text: str, value: float) -> None:
    Gauge(name, text, registry=registry).set(value)


def _labelled(
    registry: CollectorRegistry, name: str, text: str, label: str, values: Iterable[tuple[str, float]]
) -> None:
    gauge = Gauge(name, text, [label], registry=registry)
    for key, value in values:
        gauge.labels(key).set(value)
