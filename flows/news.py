"""The news flow: what is read goes in batches through Prefect tasks into the store."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from flows import prefect_settings

prefect_settings.apply()

from prefect import flow, task  # noqa: E402  # its settings are read at import
from prefect.artifacts import create_markdown_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402
from prefect.futures import PrefectFuture  # noqa: E402
from prefect.task_runners import ThreadPoolTaskRunner  # noqa: E402

from flows.engines import Analyser  # noqa: E402
from flows.ingest import ingest  # noqa: E402
from flows.parameters import RunParameters  # noqa: E402
from pipeline.batch import Worked  # noqa: E402
from pipeline.intake import Candidate  # noqa: E402
from pipeline.tables import record  # noqa: E402

FLOW = "news"
# Threads that wait for batches; how many are analysed at once is for the engine to say.
_THREADS: Any = ThreadPoolTaskRunner(max_workers=32)  # Any: the runner's type is invariant in its future


@task(name="analyse-batch", cache_policy=NO_CACHE, retries=2, retry_delay_seconds=1, persist_result=False)
def analyse_batch(job: Callable[[], Worked]) -> Worked:
    """Analyse one batch; `job` closes over it, so that Prefect neither copies nor hashes articles."""
    return job()


@flow(name=FLOW, persist_result=False, task_runner=_THREADS)
def news(parameters: RunParameters | None = None) -> dict[str, Any]:
    """Read, analyse and store once; returns the run's row, which is also left as an artifact."""
    row = record(ingest(parameters or RunParameters(), _carrier))
    create_markdown_artifact(_summary(row), key="khabar-run", description=f"Run {row['run_id']}")
    return row


def _carrier(analyser: Analyser) -> Callable[[Sequence[Candidate]], PrefectFuture[Worked]]:
    return lambda candidates: analyse_batch.submit(partial(analyser, candidates))


def _summary(row: dict[str, object]) -> str:
    lines = "\n".join(f"| {name} | {value} |" for name, value in row.items() if name != "parameters")
    return f"# Khabar run\n\n| | |\n| --- | --- |\n{lines}\n"
