"""Starting a served flow now, with other parameters than those it is served with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError

from flows import defaults, server
from flows.parameters import RunParameters

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient

_RIGHT: Final = {
    "inputs": 'a path or an address, or a list of them: ["a", "b"]',
    "out": "a folder",
    "date": "a day of the form YYYY-MM-DD",
    "since": "a day of the form YYYY-MM-DD",
    "until": "a day of the form YYYY-MM-DD",
    "languages": "language codes such as hi,en",
    "workers": f"a whole number from 1 to {defaults.MOST_WORKERS}",
    "batch_size": f"a whole number from 1 to {defaults.LARGEST_BATCH}",
    "retry_rejects": "true or false",
    "allow_private": "true or false",
}
"""What a parameter takes, where that can be said better than by the type."""
_LISTS: Final = {"inputs": None, "languages": ","}
"""Parameters that are lists, and what parts their items where that is no part of an item."""


class WrongParameters(Exception):
    """The parameters of a flow are not as they should be; the message says which."""


class NoDeployment(Exception):
    """No flow is served under the name that was given."""


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
            served = ", ".join(_served(client)) or "none"
            raise NoDeployment(f"no flow is served as {name}; served: {served}") from None
        parameters = changed(deployment.parameters.get("parameters") or {}, changes)
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters={"parameters": parameters.absolute().model_dump(mode="json")}
        )
    return str(run.id)


def _served(client: SyncPrefectClient) -> list[str]:
    return [f"{client.read_flow(one.flow_id).name}/{one.name}" for one in client.read_deployments()]


def changed(parameters: dict[str, Any], changes: dict[str, Any]) -> RunParameters:
    """The run parameters with some of them changed; raises WrongParameters with all that is wrong."""
    try:
        return unattended(RunParameters.model_validate({**parameters, **changes}))
    except ValidationError as error:
        raise WrongParameters("; ".join(complaint(one) for one in error.errors())) from None


def unattended(parameters: RunParameters) -> RunParameters:
    """The parameters, for a run that nobody sits beside; WrongParameters when it asks for standard input."""
    if "-" in parameters.inputs:
        raise WrongParameters("inputs: a run that is served has no standard input; name files or addresses")
    return parameters


def assignments(words: Sequence[str]) -> dict[str, Any]:
    """`key=value` words as a dict; values are JSON where they read as such, else text.

    `inputs` may be one plain path, `languages` codes with commas. Raises WrongParameters for a word
    without `=`.
    """
    found: dict[str, Any] = {}
    for word in words:
        key, equals, value = word.partition("=")
        if not equals:
            raise WrongParameters(f"'{word}' is not key=value")
        found[key] = _listed(key, _value(value))
    return found


def _value(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _listed(key: str, value: object) -> object:
    if key not in _LISTS or not isinstance(value, str):
        return value
    comma = _LISTS[key]
    return [part.strip() for part in value.split(comma)] if comma else [value]


def complaint(error: Any) -> str:  # pydantic's ErrorDetails
    """What is wrong with one parameter, and what would be right."""
    name = ".".join(str(step) for step in error["loc"])
    if error["type"] == "extra_forbidden":
        near = get_close_matches(name, RunParameters.model_fields, n=1)
        meant = f"; did you mean {near[0]}?" if near else ""
        return f"there is no parameter {name}{meant}; there are {', '.join(RunParameters.model_fields)}"
    right = _RIGHT.get(str(error["loc"][0])) if error["loc"] else None
    if right and error["type"] != "value_error":
        return f"{name}: {json.dumps(error['input'], ensure_ascii=False, default=str)} is not {right}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{name}: {message}" if name else message
