"""Where a run's batches are analysed: in this process, in others of this machine, or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from flows import defaults
from flows.parameters import RunParameters
from pipeline.batch import Worked
from pipeline.intake import Candidate
from pipeline.run import Submit

Analyser = Callable[[Sequence[Candidate]], Worked]
"""Called from several threads at once; returns when the batch is analysed."""

_RAY_FOR_OTHERS: Final = "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
"""Ray looks at it as it is imported: 0 makes a cluster of ours listen on the loopback address alone."""
_NEEDED: Final = {"local": (), "dask": ("distributed", "prefect_dask"), "ray": ("ray",)}


class EngineMissing(Exception):
    """The packages of an engine are not installed; the message says how to bring them."""


class Crew(NamedTuple):
    """An analyser, and how many batches it works on at once."""

    analyse: Analyser
    workers: int


class Line(NamedTuple):
    """Where a run's batches go: `submit` does not wait; so many are there while one is read."""

    submit: Submit
    ahead: int


Carrier = Callable[[RunParameters, Path | None], AbstractContextManager[Line]]
"""Opens a line for a run; the folder is where its store, if on a disk, keeps what is not yet promised."""


def ahead(workers: int) -> int:
    """How many batches keep so many workers busy while one is read and another published."""
    return 2 * workers - 1


def check(parameters: RunParameters) -> None:
    """Raise EngineMissing when the engine of a run is not installed; nothing is imported."""
    name = parameters.engine
    if not all(find_spec(package) for package in _NEEDED[name]):
        raise EngineMissing(f"the engine {name} is not installed; pip install 'khabar[{name}]' brings it")


@contextmanager
def crew(parameters: RunParameters, staging: Path | None) -> Iterator[Crew]:
    """The workers of the engine `local` or `ray`."""
    if parameters.engine == "ray":
        if parameters.scheduler is None:
            os.environ.setdefault(_RAY_FOR_OTHERS, "0")
        from flows.engines import ray_cluster

        with ray_cluster.workers(parameters, staging) as those:
            yield those
    else:
        from flows.engines import local

        with local.workers(parameters.workers) as those:
            yield those


@contextmanager
def directly(parameters: RunParameters, staging: Path | None) -> Iterator[Line]:
    """A line without Prefect."""
    if parameters.engine == "dask":
        from flows.engines import dask_cluster

        with (
            dask_cluster.client(parameters) as client,
            dask_cluster.line(client, partial(client.submit, pure=False), staging) as line,
        ):
            yield line
    else:
        with _threads() as threads, crew(parameters, staging) as (analyse, workers):
            yield Line(lambda candidates: threads.submit(analyse, candidates), ahead(workers))


@contextmanager
def _threads() -> Iterator[ThreadPoolExecutor]:
    """Threads that wait for batches; what has not begun when the run ends does not begin."""
    threads = ThreadPoolExecutor(defaults.MOST_WORKERS)
    try:
        yield threads
    finally:
        threads.shutdown(cancel_futures=True)
