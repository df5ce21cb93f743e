"""Prefect's task runner on Dask, for the flow."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from prefect_dask import DaskTaskRunner

from flows.engines import dask_cluster
from flows.parameters import RunParameters


@contextmanager
def runner(parameters: RunParameters) -> Iterator[DaskTaskRunner]:
    """A runner on the scheduler that a run names, or on one for it alone; NoScheduler when there is none."""
    with (
        dask_cluster.cluster(parameters) as address,
        DaskTaskRunner(address=address, client_kwargs=dask_cluster.CLIENT) as runner,
    ):
        with dask_cluster.answering(address):
            _ = runner.client  # connects
        yield runner
