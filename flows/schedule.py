"""Serving the news flow on a schedule, and starting it now."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from flows import defaults, prefect_settings, server
from flows.parameters import RunParameters

if TYPE_CHECKING:
    from prefect.schedules import Schedule


class WrongParameters(Exception):
    """The parameters of a flow are not as they should be; the message says which."""


class NoDeployment(Exception):
    """No flow is served under the name that was given."""


def serve(
    parameters: RunParameters,
    *,
    cron: str | None,
    every: dt.timedelta | None,
    timezone: str,
    name: str,
    port: int,
    ready: Callable[[], None],
) -> None:
    """Serve the flow `news` as `news/NAME` until interrupted, each run with `parameters`.

    With neither `cron` nor `every` it runs only when triggered. Runs never overlap: a run waits for
    the one before. `ready` is called once all that was asked for is known to be right.
    """
    prefect_settings.apply()
    schedules = _schedules(cron, every, timezone)
    ready()
    with server.connected(port):
        from prefect.types.entrypoint import EntrypointType

        from flows.news import news

        news.serve(
            name=name,
            schedules=schedules,
            parameters={"parameters": parameters.absolute().model_dump(mode="json")},
            limit=1,
            entrypoint_type=EntrypointType.MODULE_PATH,
            print_starting_message=False,
        )


def _schedules(cron: str | None, every: dt.timedelta | None, timezone: str) -> list[Schedule]:
    """What was asked for as Prefect knows it; WrongParameters for what Prefect would refuse only later."""
    from prefect.client.schemas.schedules import CronSchedule
    from prefect.schedules import Cron, Interval

    try:
        CronSchedule(cron=cron or "* * * * *", timezone=timezone)
    except ValidationError as error:
        raise WrongParameters("; ".join(complaint(one) for one in error.errors())) from None
    if cron:
        return [Cron(cron, timezone=timezone)]
    return [Interval(every, timezone=timezone)] if every else []


def trigger(flow: str, changes: dict[str, Any]) -> str:
    """Start a served flow now, its parameters changed by `changes`; the id of the flow run.

    `flow` is `news` or `news/NAME`. Raises WrongParameters, NoDeployment or server.NoServer.
    """
    server.connect()
    from prefect.client.orchestration import get_client
    from prefect.exceptions import ObjectNotFound

    name = flow if "/" in flow else f"{flow}/{defaults.DEPLOYMENT}"
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(name)
        except ObjectNotFound:
            deployments = client.read_deployments()
            served = [f"{client.read_flow(one.flow_id).name}/{one.name}" for one in deployments]
            listed = ", ".join(served) or "none"
            raise NoDeployment(f"no flow is served as {name}; served: {listed}") from None
        parameters = changed(deployment.parameters.get("parameters") or {}, changes)
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters={"parameters": parameters.absolute().model_dump(mode="json")}
        )
    return str(run.id)


def changed(parameters: dict[str, Any], changes: dict[str, Any]) -> RunParameters:
    """The run parameters with some of them changed; raises WrongParameters with all that is wrong."""
    try:
        return RunParameters.model_validate({**parameters, **changes})
    except ValidationError as error:
        raise WrongParameters("; ".join(complaint(one) for one in error.errors())) from None


def assignments(words: Sequence[str]) -> dict[str, Any]:
    """`key=value` words as a dict; values are JSON where they read as such, else text.

    `inputs` may be one plain path. Raises WrongParameters for a word without `=`.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise WrongParameters(f"'{word}' is not key=value")
        found[key] = _value(value)
    if isinstance(found.get("inputs"), str):
        found["inputs"] = [found["inputs"]]
    return found


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def complaint(error: Any) -> str:  # pydantic's ErrorDetails
    """What is wrong with one parameter."""
    name = ".".join(str(step) for step in error["loc"])
    if error["type"] == "extra_forbidden":
        return f"there is no parameter {name}; there are {', '.join(RunParameters.model_fields)}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
