"""The news flow as a deployment on the Prefect server: its schedule, its parameters, its policy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flows import defaults
from flows.alone import alone
from flows.missed import Policy
from flows.parameters import RunParameters

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.responses import DeploymentResponse

    from flows.timetable import Timetable


@dataclass(frozen=True, slots=True)
class Wanted:
    """What `khabar schedule` was asked to serve, as `news/NAME`; without a table, only when triggered."""

    name: str
    table: Timetable | None
    parameters: RunParameters
    policy: Policy

    @property
    def zone(self) -> ZoneInfo:
        """Where its days begin."""
        return ZoneInfo((self.table and self.table.timezone) or defaults.TIMEZONE)

    @property
    def values(self) -> dict[str, Any]:
        """The flow's arguments."""
        return {"parameters": self.parameters.absolute().model_dump(mode="json")}

    @property
    def description(self) -> str:
        """What a person reads on the server."""
        return f"Reads, analyses and stores news. Missed runs: {self.policy}."


def deployed(client: SyncPrefectClient, wanted: Wanted) -> DeploymentResponse:
    """The deployment as it is wanted, made or changed where it is not so yet.

    A schedule that stays the same is left alone, paused or not, with all its runs: its age and its runs
    tell which were missed.
    """
    from prefect.client.schemas.actions import DeploymentUpdate
    from prefect.exceptions import ObjectNotFound

    from flows.news import FLOW

    with alone("deployment"):  # else two that start at once would each make a schedule
        try:
            there = client.read_deployment_by_name(f"{FLOW}/{wanted.name}")
        except ObjectNotFound:
            return client.read_deployment(_applied(wanted))
        if [one.schedule for one in there.schedules] != ([wanted.table] if wanted.table else []):
            return client.read_deployment(_applied(wanted))
        if (there.parameters, there.description) != (wanted.values, wanted.description):
            update = DeploymentUpdate(parameters=wanted.values, description=wanted.description)
            client.update_deployment(there.id, update)
        return client.read_deployment(there.id)


def _applied(wanted: Wanted) -> UUID:
    from prefect.client.schemas.actions import DeploymentScheduleCreate
    from prefect.deployments.runner import RunnerDeployment
    from prefect.types.entrypoint import EntrypointType

    from flows.news import news

    schedules = [DeploymentScheduleCreate(schedule=wanted.table, active=True)] if wanted.table else []
    deployment = RunnerDeployment.from_flow(
        news,
        wanted.name,
        schedules=schedules,
        parameters=wanted.values,
        description=wanted.description,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    made = deployment.apply()
    assert isinstance(made, UUID), "outside of an event loop there is nothing to await"
    return made
