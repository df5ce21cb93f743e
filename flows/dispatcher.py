"""What is due of a deployment is run, one run at a time, by the policy for missed runs.

Prefect's own runner starts all that is late, gives no order, and leaves what a killed process carried as
running for ever. Here the states of the runs on the server say who is at work, whichever process serves:
no second run begins while one is pending or running, and one whose process is gone is run again.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, NoReturn
from uuid import UUID

from flows.child import Child
from flows.deployment import Wanted, deployed
from flows.missed import Due, turn
from flows.ownership import BEAT_SECONDS, Witness, carrying, myself, owner
from flows.timetable import missed

if TYPE_CHECKING:
    from prefect.client.orchestration import SyncPrefectClient
    from prefect.client.schemas.objects import FlowRun, State
    from prefect.client.schemas.responses import DeploymentResponse

POLL_SECONDS: Final = 2.0
_SWEEP_SECONDS: Final = 30.0
_TRIES: Final = 3
"""How often a run is begun here whose process dies each time."""
_MOST_TRIES: Final = 10
"""How often one is begun at all, for it may be what kills this process, too."""
_CLOSING_SECONDS: Final = 3.0
_PAGE: Final = 200  # the server gives no more at once


class Dispatcher:
    """Serves a deployment; at most one run goes on, in a child process that outlives a lost connection."""

    def __init__(self, wanted: Wanted, say: Callable[[str], None]) -> None:
        """Nothing is served yet; `say` hears in a line of each run that begins, is skipped or run again."""
        self._wanted = wanted
        self._say = say
        self._child: Child | None = None
        self._witness = Witness()
        self._tries = Counter[UUID]()
        self._beaten, self._swept = 0.0, -_SWEEP_SECONDS
        self._unpaused = dt.datetime.min.replace(tzinfo=dt.UTC)  # what is paused on the server misses nothing

    def serve(self, served: Callable[[], None]) -> NoReturn:
        """Serve until the server fails, which raises; `served` is called when it knows the deployment."""
        from prefect.client.orchestration import get_client

        with get_client(sync_client=True) as client:
            deployment = deployed(client, self._wanted)
            served()
            self._swept = -_SWEEP_SECONDS
            while True:
                self.tick(client, deployment)
                if self._child:
                    self._child.over(POLL_SECONDS)
                else:
                    time.sleep(POLL_SECONDS)

    def close(self) -> None:
        """Stop the run that goes on, and give it back to be run again; within ten seconds."""
        if child := self._child:
            child.stop()
            giving = threading.Thread(target=self._returned, args=(child.run_id,), daemon=True)
            giving.start()
            giving.join(_CLOSING_SECONDS)

    def _returned(self, run_id: UUID) -> None:
        from prefect.client.orchestration import get_client

        with suppress(Exception), get_client(sync_client=True) as client:  # else the next start mends it
            self._ended(client, run_id)

    def tick(self, client: SyncPrefectClient, deployment: DeploymentResponse) -> None:
        """Look once: at the run that goes on, else at what was missed, has died or is due, and begin one."""
        if self._child and not self._child.over():
            self._watch(client, self._child)
            return
        if self._child:
            self._ended(client, self._child.run_id)
            self._child = None
        runs = _unfinished(client, deployment.id)
        if active := [run for run in runs if not _waits(run)]:
            for run in active:
                if owner(run) == myself() or self._witness.gone(run):  # ours would be the child
                    self._give_back(client, run)
            return
        if self._swept_up(client, deployment, runs):
            runs = _unfinished(client, deployment.id)
        self._begin(client, self._once_each(client, deployment.id, [_due(run) for run in runs]))

    def _once_each(self, client: SyncPrefectClient, deployment: UUID, due: Sequence[Due]) -> list[Due]:
        """What is due, without second runs of the schedule for one time, which are removed."""
        from prefect.exceptions import ObjectNotFound

        doubles = _doubles(client, deployment, due)
        for one in doubles:
            with suppress(ObjectNotFound):  # another process has
                client.delete_flow_run(one.run_id)
                self._say(f"removed a second run for {self._at(one)}")
        return [one for one in due if one not in doubles]

    def _begin(self, client: SyncPrefectClient, due: Sequence[Due]) -> None:
        """Start the run whose turn it is, unless another process is quicker."""
        from prefect.states import Cancelled, Pending

        chosen, skipped = turn(due, self._wanted.policy)
        for one in skipped:
            newest = max(other for other in due if other.scheduled)
            message = f"Skipped for the run that was due at {self._at(newest)}."
            client.set_flow_run_state(one.run_id, Cancelled(name="Skipped", message=message))
        if skipped:
            self._say(f"skipped {len(skipped)} missed runs, the first due at {self._at(skipped[0])}")
        if chosen and _accepted(client, chosen.run_id, Pending(message=carrying())):
            client.update_flow_run(chosen.run_id, infrastructure_pid=myself())
            self._say(f"running what was {'due' if chosen.scheduled else 'triggered'} at {self._at(chosen)}")
            self._tries[chosen.run_id] += 1
            self._child = Child(chosen.run_id)
            self._beaten = time.monotonic()

    def _watch(self, client: SyncPrefectClient, child: Child) -> None:
        """Stop the child whose run was cancelled on the server; let the server know that it lives."""
        from prefect.states import Cancelled

        run = _run(client, child.run_id)
        state = run and run.state
        if run is None or owner(run) != myself():
            self._lose(child)
        elif state and (state.is_cancelling() or state.is_cancelled()):
            child.stop()
            client.set_flow_run_state(child.run_id, Cancelled(message="Cancelled while it ran."), force=True)
        elif time.monotonic() - self._beaten > BEAT_SECONDS:
            client.update_flow_run(child.run_id, infrastructure_pid=myself())
            self._beaten = time.monotonic()

    def _lose(self, child: Child) -> None:
        """Stop the child of a run that someone removed, or took over while this process was out of touch."""
        child.stop()
        self._child = None
        self._say("the run that went on here was taken over by another process, or removed")

    def _ended(self, client: SyncPrefectClient, run_id: UUID) -> None:
        """See to it that a run whose process has ended is not left as it was, if it is still ours."""
        run = _run(client, run_id)
        if run is None or owner(run) != myself() or run.state is None:
            return
        if not run.state.is_final() or run.state.is_crashed():
            self._give_back(client, run)

    def _give_back(self, client: SyncPrefectClient, run: FlowRun) -> None:
        """Let a run whose process is gone be run again, a few times."""
        from prefect.states import AwaitingRetry, Cancelled, Crashed

        state: State[object]
        if run.state and run.state.is_cancelling():
            state = Cancelled(message="Cancelled; its process is gone.")
        elif self._tries[run.id] >= _TRIES or run.run_count >= _MOST_TRIES:
            state = Crashed(message="Its process died again and again.")
        else:
            state = AwaitingRetry(message="Its process died; it is run again.")
        client.set_flow_run_state(run.id, state, force=True)
        self._say(f"the run of {self._at(_due(run))} is without a process; it is now {state.name}")

    def _at(self, one: Due) -> str:
        return f"{one.at.astimezone(self._wanted.zone):%Y-%m-%d %H:%M:%S %Z}"

    def _swept_up(
        self, client: SyncPrefectClient, deployment: DeploymentResponse, runs: Sequence[FlowRun]
    ) -> bool:
        """Have the server make the runs that came due while it could not make them; whether there are any."""
        recently = time.monotonic() - self._swept < _SWEEP_SECONDS
        if not self._wanted.table or (recently and not runs):
            return False
        self._swept, now = time.monotonic(), dt.datetime.now(dt.UTC)
        deployment = client.read_deployment(deployment.id)
        if deployment.paused or not any(one.active for one in deployment.schedules):
            self._unpaused = now
            return False
        known = {_due(run).at for run in runs}
        handled = max(self._unpaused, _handled(client, deployment))
        times = missed(self._wanted.table, handled, now, self._wanted.policy)
        if gaps := [one for one in times if one not in known]:
            span = {"start_time": gaps[0].isoformat(), "end_time": gaps[-1].isoformat()}
            client.request(
                "POST",
                "/deployments/{id}/schedule",
                path_params={"id": deployment.id},
                json={**span, "min_runs": len(times), "max_runs": len(times)},
            )
        return bool(gaps)


def _run(client: SyncPrefectClient, run_id: UUID) -> FlowRun | None:
    """The run as the server knows it; None when someone has removed it."""
    from prefect.exceptions import ObjectNotFound

    try:
        return client.read_flow_run(run_id)
    except ObjectNotFound:
        return None


def _unfinished(client: SyncPrefectClient, deployment: UUID) -> list[FlowRun]:
    """The runs that are due or go on, the oldest first."""
    return _found(
        client,
        {
            "deployment_id": {"any_": [deployment]},
            "expected_start_time": {"before_": dt.datetime.now(dt.UTC)},
            "state": {"type": {"any_": ["SCHEDULED", "PENDING", "RUNNING", "CANCELLING"]}},
        },
    )


def _doubles(client: SyncPrefectClient, deployment: UUID, due: Sequence[Due]) -> list[Due]:
    """Runs of the schedule for a time that another run is or was for.

    There are some where two machines made the schedule at once and the server took it for two.
    """
    scheduled = sorted(one for one in due if one.scheduled)
    if not scheduled:
        return []
    wanted = {
        **_begun(deployment),
        "expected_start_time": {"after_": scheduled[0].at, "before_": scheduled[-1].at},
    }
    listed = {one.run_id for one in scheduled}  # one of these may have been taken since
    times = {_due(run).at for run in _found(client, wanted) if run.id not in listed}
    doubles = []
    for one in scheduled:
        if one.at in times:
            doubles.append(one)
        times.add(one.at)
    return doubles


def _begun(deployment: UUID) -> dict[str, Any]:
    """The filter of runs that the schedule wanted and that were begun or skipped."""
    return {
        "deployment_id": {"any_": [deployment]},
        "tags": {"all_": ["auto-scheduled"]},
        "state": {"type": {"not_any_": ["SCHEDULED"]}},
    }


def _found(client: SyncPrefectClient, wanted: dict[str, Any]) -> list[FlowRun]:
    """All runs that a filter lets through, the oldest first."""
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    found: list[FlowRun] = []
    while True:
        page = client.read_flow_runs(
            flow_run_filter=FlowRunFilter.model_validate(wanted),
            sort=FlowRunSort.EXPECTED_START_TIME_ASC,
            limit=_PAGE,
            offset=len(found),
        )
        found += page
        if len(page) < _PAGE:
            return found


def _handled(client: SyncPrefectClient, deployment: DeploymentResponse) -> dt.datetime:
    """Up to when nothing was missed: the newest due run that was begun or skipped, else the first day."""
    from prefect.client.schemas.filters import FlowRunFilter
    from prefect.client.schemas.sorting import FlowRunSort

    found = client.read_flow_runs(
        flow_run_filter=FlowRunFilter.model_validate(_begun(deployment.id)),
        sort=FlowRunSort.EXPECTED_START_TIME_DESC,
        limit=1,
    )
    began = [one.created for one in deployment.schedules if one.active and one.created]
    return max([*began, *(_due(run).at for run in found)])


def _accepted(client: SyncPrefectClient, run_id: UUID, state: State[object]) -> bool:
    from prefect.client.schemas.responses import SetStateStatus

    return client.set_flow_run_state(run_id, state).status == SetStateStatus.ACCEPT


def _waits(run: FlowRun) -> bool:
    return run.state is not None and run.state.is_scheduled()


def _due(run: FlowRun) -> Due:
    at = run.expected_start_time
    assert at, "the server is asked for runs with a time"
    return Due(at.astimezone(dt.UTC), run.id, scheduled=bool(run.auto_scheduled))
