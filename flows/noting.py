"""Where a run is noted, as its parameters say: a log, a file of metrics."""

from __future__ import annotations

from collections.abc import Iterator

from flows.parameters import RunParameters
from flows.watch import Listener


def noted(parameters: RunParameters) -> Iterator[Listener]:
    """Those who note the run; OSError when a file that was named cannot be written."""
    if parameters.log:
        from flows.logs import log

        yield log(parameters.log)
    if parameters.metrics:
        from flows.metrics import metrics

        yield metrics(parameters.metrics, parameters.out)
