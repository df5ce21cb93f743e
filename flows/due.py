"""The day for which a flow run was started, which is that of the articles without a date."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows import defaults
from flows.parameters import RunParameters


def dated(parameters: RunParameters) -> RunParameters:
    """The parameters with a `date`: their own, else the day on which the flow run that is going on was due.

    That is a day in the zone of its schedule, also when the run is late or is run again. Outside of
    deployments there is no such day, and nothing changes.
    """
    day = None if parameters.date else _due_day()
    return parameters.model_copy(update={"date": day}) if day else parameters


def _due_day() -> dt.date | None:
    from prefect.client.orchestration import get_client
    from prefect.context import FlowRunContext

    context = FlowRunContext.get()
    run = context.flow_run if context else None
    if run is None or run.deployment_id is None or run.expected_start_time is None:
        return None
    with get_client(sync_client=True) as client:
        schedules = client.read_deployment(run.deployment_id).schedules
    zones = [zone for one in schedules if (zone := getattr(one.schedule, "timezone", None))]
    return run.expected_start_time.astimezone(ZoneInfo(zones[0] if zones else defaults.TIMEZONE)).date()
