"""The engine `dask`: workers of a scheduler that is there, or of one on this machine for the run."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final, Protocol

import dask
from distributed import Client, KilledWorker, LocalCluster

from flows.engines import Line, ahead
from flows.engines.pool import DEATHS, Pool
from flows.engines.suspects import one_by_one
from flows.parameters import RunParameters
from pipeline import parcels
from pipeline.batch import Worked
from pipeline.intake import Candidate
from pipeline.parcels import Parcel

SECONDS: Final = 30
"""How long a scheduler and its first worker are waited for."""

CLIENT: Final = {"timeout": SECONDS, "set_as_default": False}

Job = Callable[[], Parcel]

_SETTINGS: Final = {
    "distributed.scheduler.allowed-failures": DEATHS - 1,  # of a scheduler of ours
    "distributed.admin.large-graph-warning-threshold": "1GB",  # a batch is its articles
}

_LOGGERS: Final = "distributed", "distributed.client"  # the second has a level of its own


class NoScheduler(Exception):
    """There is no Dask scheduler at the address, or it has no workers; or it went away."""


class Delivery(Protocol):
    """A parcel to come."""

    def result(self) -> Parcel:
        """The parcel, when it is there."""


@dataclass(frozen=True, slots=True)
class Promised:
    """The work on a batch that a cluster does; one that kills its workers is tried here, story by story."""

    delivery: Delivery
    candidates: Sequence[Candidate]

    def result(self) -> Worked:
        """The work, when it is done."""
        try:
            return parcels.unpacked(self.delivery.result())
        except KilledWorker:
            with closing(Pool(1)) as alone:
                return one_by_one(alone, self.candidates)
        except CancelledError as error:
            raise NoScheduler("the Dask scheduler went away; what is stored is whole, run again") from error


@contextmanager
def cluster(parameters: RunParameters) -> Iterator[str]:
    """The address of the scheduler that a run names, or of one on this machine for it alone."""
    for name in _LOGGERS:
        logging.getLogger(name).setLevel(logging.CRITICAL)  # what a user should know is an error of ours
    with dask.config.set(_SETTINGS):
        if parameters.scheduler:
            yield parameters.scheduler
        else:
            with LocalCluster(**_of_this_machine(parameters.workers)) as ours:
                yield ours.scheduler_address


@contextmanager
def client(parameters: RunParameters) -> Iterator[Client]:
    """A client of that scheduler; NoScheduler when there is none."""
    with cluster(parameters) as address:
        with answering(address):
            ours = Client(address, **CLIENT)
        with ours:
            yield ours


@contextmanager
def answering(address: str) -> Iterator[None]:
    """Turns the errors of connecting into NoScheduler."""
    try:
        yield
    except (OSError, ValueError) as error:
        raise NoScheduler(f"no Dask scheduler answers at {address}: {error}") from error


def _of_this_machine(workers: int) -> dict[str, Any]:  # Any: as LocalCluster takes them
    """What makes a cluster for one run: each worker a process with its own models, seen by nobody else."""
    return {
        "n_workers": workers,
        "threads_per_worker": 1,
        "host": "127.0.0.1",
        "dashboard_address": None,
        "silence_logs": logging.CRITICAL,
    }


@contextmanager
def line(client: Client, submit: Callable[[Job], Delivery], staging: Path | None) -> Iterator[Line]:
    """A line to the workers of a client's scheduler, by whatever submits a job to it."""
    with parcels.marked(staging) as mark:
        job = partial(parcels.work, expected=parcels.versions(), mark=mark)
        yield Line(
            lambda candidates: Promised(submit(partial(job, candidates)), candidates), ahead(_threads(client))
        )


def _threads(client: Client) -> int:
    """How many batches the workers that are there do at once; NoScheduler when none comes."""
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError as error:
        address = client.scheduler.address
        advice = f"start some with: dask worker --nthreads 1 {address}"
        raise NoScheduler(f"the Dask scheduler at {address} has no workers; {advice}") from error
    return int(sum(client.nthreads().values()))
