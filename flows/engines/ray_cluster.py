"""The engine `ray`: workers of a Ray cluster that is there, or of one on this machine for the run.

Ray itself and not prefect-ray, which brings Ray's dashboard and some thirty packages for it; under Prefect
a task waits for each batch, as it does for one of this machine.
"""

from __future__ import annotations

import logging
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Final

import ray
from ray.exceptions import NodeDiedError, OutOfMemoryError, WorkerCrashedError

from flows.engines import Crew
from flows.engines.pool import DEATHS, Pool
from flows.engines.suspects import one_by_one
from flows.parameters import RunParameters
from pipeline import parcels
from pipeline.batch import Worked
from pipeline.intake import Candidate

SECONDS: Final = 30
"""How long an address is waited for."""


class NoCluster(Exception):
    """There is no Ray cluster at the address."""


@contextmanager
def workers(parameters: RunParameters, staging: Path | None) -> Iterator[Crew]:
    """The workers of the cluster that a run names, or of one for it alone; NoCluster when there is none."""
    _connect(parameters)
    try:
        with parcels.marked(staging) as mark, closing(Pool(1)) as alone:
            remote = ray.remote(num_cpus=1, max_retries=DEATHS - 1)(parcels.work)
            start = partial(remote.remote, expected=parcels.versions(), mark=mark)
            yield Crew(partial(_analysed, start, alone), int(ray.cluster_resources()["CPU"]))
    finally:
        ray.shutdown()


def _connect(parameters: RunParameters) -> None:
    """Join the cluster at the address (host:port), or start one that nobody else sees."""
    quiet = {"logging_level": logging.CRITICAL, "log_to_driver": False}
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if parameters.scheduler is None:
        ray.init("local", num_cpus=parameters.workers, include_dashboard=False, **quiet)
        return
    os.environ.setdefault("RAY_gcs_server_port_wait_time_s", "1")  # else it tries for twenty minutes
    try:
        _look(parameters.scheduler)
        ray.init(parameters.scheduler, **quiet)
    except (OSError, RuntimeError, ValueError) as error:
        advice = "one that asks for a token is joined with RAY_AUTH_MODE=token in the environment"
        message = f"no Ray cluster answers at {parameters.scheduler}: {error}; {advice}"
        raise NoCluster(message) from error


def _look(address: str) -> None:
    """Raise OSError or ValueError when nobody listens there, for Ray is slow to say so."""
    host, _, port = address.rpartition(":")
    with socket.create_connection((host, int(port)), SECONDS):
        pass


def _analysed(
    start: Callable[[Sequence[Candidate]], ray.ObjectRef], alone: Pool, candidates: Sequence[Candidate]
) -> Worked:
    try:
        return parcels.unpacked(ray.get(start(candidates)))
    except (WorkerCrashedError, NodeDiedError, OutOfMemoryError):
        return one_by_one(alone, candidates)
