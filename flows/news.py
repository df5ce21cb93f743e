"""The news flow: what is read goes in batches through Prefect tasks into the store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from flows import defaults, prefect_settings

prefect_settings.apply()

from prefect import flow, task  # noqa: E402  # its settings are read at import
from prefect.artifacts import create_markdown_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows.due import dated  # noqa: E402
from flows.engines import Line, ahead, crew  # noqa: E402
from flows.ingest import ingest  # noqa: E402
from flows.parameters import RunParameters  # noqa: E402
from flows.summary import markdown  # noqa: E402
from flows.watch import Ended, Event, patient  # noqa: E402
from pipeline.batch import Worked  # noqa: E402
from pipeline.parcels import Parcel  # noqa: E402
from pipeline.tables import record  # noqa: E402

FLOW = "news"
Result = TypeVar("Result", Worked, Parcel)
# Threads that wait for batches; how many are analysed at once is for the engine to say.
# Any: the runner's type is invariant in its future.
_THREADS: Any = ThreadPoolTaskRunner(max_workers=defaults.MOST_WORKERS)


@task(name="analyse-batch", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, persist_result=False)
def analyse_batch(job: Callable[[], Result]) -> Result:
    """Analyse one batch; `job` closes over it, so that Prefect neither copies nor hashes articles."""
    return job()


@flow(name=FLOW, persist_result=False, task_runner=_THREADS)
def news(parameters: RunParameters | None = None) -> dict[str, Any]:
    """Read, analyse and store once; returns the run's row, and leaves a summary as an artifact.

    A run waits for a store that another one holds; articles without a date take the day it was due.
    """
    with patient():
        return record(ingest(dated(parameters or RunParameters()), _by_tasks, _artifact))


@contextmanager
def _by_tasks(parameters: RunParameters, staging: Path | None) -> Iterator[Line]:
    """A line on which each batch is a task: on the workers of Dask, else in a thread that waits for one."""
    if parameters.engine == "dask":
        from flows.engines import dask_cluster, dask_tasks

        with (
            dask_tasks.runner(parameters) as runner,
            dask_cluster.line(
                runner.client, lambda job: runner.submit(analyse_batch, {"job": job}), staging
            ) as line,
        ):
            yield line
    else:
        with crew(parameters, staging) as (analyse, workers):
            yield Line(lambda candidates: analyse_batch.submit(partial(analyse, candidates)), ahead(workers))


def _artifact(event: Event) -> None:
    if isinstance(event, Ended) and not isinstance(event.error, KeyboardInterrupt | SystemExit):
        description = f"Run {event.run.run_id}" if event.run else "A run that could not begin"
        create_markdown_artifact(markdown(event), key="khabar-run", description=description)
