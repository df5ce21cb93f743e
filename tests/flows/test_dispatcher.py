"""Several processes that serve one deployment, killed and raced: each due run happens by the policy."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.responses import SetStateStatus
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from prefect.states import Cancelling, Completed, Running, Scheduled

from flows import dispatcher, ownership
from flows.deployment import Wanted
from flows.dispatcher import Dispatcher
from flows.missed import Policy
from flows.ownership import owner
from flows.parameters import RunParameters
from flows.timetable import timetable

pytestmark = pytest.mark.usefixtures("prefect_here")

START = dt.datetime(2025, 12, 25, 6, tzinfo=dt.UTC)


def passes(run: FlowRun, wanted: FlowRunFilter) -> bool:
    """Whether a server would give the run out, so far as a dispatcher's filters say."""
    assert run.state and run.expected_start_time and wanted.state and wanted.state.type
    times, tags, types = wanted.expected_start_time, wanted.tags, wanted.state.type
    return (
        (times is None or times.before_ is None or run.expected_start_time <= times.before_)
        and (times is None or times.after_ is None or run.expected_start_time >= times.after_)
        and (tags is None or set(tags.all_ or []) <= set(run.tags))
        and (types.any_ is None or run.state.type in types.any_)
        and (types.not_any_ is None or run.state.type not in types.not_any_)
    )


class Server:
    """As much of a Prefect server as a dispatcher asks for.

    `between` happens just before a run is given away, `after` just after, and `listed` when a dispatcher
    knows which runs are due.
    """

    def __init__(self) -> None:
        self.runs: dict[UUID, FlowRun] = {}
        self.made = 0
        self.between: Callable[[], None] = lambda: None
        self.after: Callable[[], None] = lambda: None
        self.listed: Callable[[], None] = lambda: None
        self.deployment = SimpleNamespace(id=UUID(int=99), schedules=[], paused=False)

    def due(self, minute: int, *, scheduled: bool = True) -> UUID:
        at = START + dt.timedelta(minutes=minute)
        self.made += 1
        run_id = UUID(int=self.made)
        self.runs[run_id] = FlowRun(
            id=run_id,
            flow_id=UUID(int=0),
            expected_start_time=at,
            auto_scheduled=scheduled,
            tags=["auto-scheduled"] if scheduled else [],
            state=Scheduled(scheduled_time=at),
        )
        return run_id

    def read_flow_runs(
        self, *, flow_run_filter: FlowRunFilter, sort: FlowRunSort, limit: int, offset: int = 0
    ) -> list[FlowRun]:
        if flow_run_filter.expected_start_time and flow_run_filter.expected_start_time.after_:
            listed, self.listed = self.listed, lambda: None  # it asks what was begun of the runs it knows
            listed()
        newest_first = sort is FlowRunSort.EXPECTED_START_TIME_DESC
        found = [run for run in self.runs.values() if passes(run, flow_run_filter)]
        found.sort(key=lambda run: str(run.expected_start_time), reverse=newest_first)
        return [run.model_copy() for run in found[offset : offset + limit]]

    def delete_flow_run(self, run_id: UUID) -> None:
        if self.runs.pop(run_id, None) is None:
            raise ObjectNotFound(None)

    def request(self, method: str, path: str, *, json: dict[str, Any], **_: object) -> None:
        """Runs for each minute of a time, as a server makes them for a schedule that it has."""
        assert (method, path) == ("POST", "/deployments/{id}/schedule")
        at, end = (dt.datetime.fromisoformat(json[name]) for name in ("start_time", "end_time"))
        known = {run.expected_start_time for run in self.runs.values()}
        while at <= end:
            if at not in known:
                self.due((at - START) // dt.timedelta(minutes=1))
            at += dt.timedelta(minutes=1)

    def read_deployment(self, _: UUID) -> SimpleNamespace:
        return self.deployment

    def read_flow_run(self, run_id: UUID) -> FlowRun:
        if run_id not in self.runs:
            raise ObjectNotFound(None)
        return self.runs[run_id].model_copy()

    def update_flow_run(self, run_id: UUID, infrastructure_pid: str) -> None:
        self.runs[run_id].infrastructure_pid = infrastructure_pid

    def set_flow_run_state(self, run_id: UUID, state: State, force: bool = False) -> Any:
        if state.is_pending():
            between, self.between = self.between, lambda: None
            between()
        run = self.runs[run_id]
        assert run.state
        if state.is_pending() and not run.state.is_scheduled():
            return SimpleNamespace(status=SetStateStatus.ABORT)
        run.state = state
        if state.is_pending():
            after, self.after = self.after, lambda: None
            after()
        return SimpleNamespace(status=SetStateStatus.ACCEPT)

    def states(self) -> list[str]:
        return [run.state.name or "" for run in self.runs.values() if run.state]


@dataclass
class World:
    """The server and the processes that serve; `order` is which runs were carried to their end."""

    server: Server = field(default_factory=Server)
    policy: Policy = "latest"
    serving: dict[str, Dispatcher] = field(default_factory=dict)
    children: dict[UUID, str] = field(default_factory=dict)
    dead: set[str] = field(default_factory=set)
    order: list[UUID] = field(default_factory=list)
    actor: str = ""
    fatal: bool = False

    def start(self, name: str, cron: str | None = None) -> None:
        wanted = Wanted("khabar", timetable(cron, None, "Asia/Kolkata"), RunParameters(), self.policy)
        self.serving[name] = Dispatcher(wanted, lambda text: None)

    def tick(self, name: str) -> None:
        before, self.actor = self.actor, name
        self.serving[name].tick(self.server, self.server.deployment)  # type: ignore[arg-type]  # what it needs of them
        self.actor = before

    def kill(self, name: str) -> None:
        """-9: with its child, and without a word to the server."""
        del self.serving[name]
        self.dead.add(name)
        self.children = {run: owner for run, owner in self.children.items() if owner != name}

    def child(self, run_id: UUID) -> "Child":
        assert not self.children, "two runs at once"
        run = self.server.runs[run_id]
        run.state, run.run_count = Running(), run.run_count + 1
        self.children[run_id] = self.actor
        return Child(self, run_id)


@dataclass
class Child:
    """A run that is over at the second look at it."""

    world: World
    run_id: UUID
    looks: int = 0

    def over(self, seconds: float = 0) -> bool:
        self.looks += 1
        if self.looks < 2:
            return False
        stopped = self.world.children.pop(self.run_id, None) is None
        if not self.world.fatal and not stopped:
            self.world.server.runs[self.run_id].state = Completed()
            self.world.order.append(self.run_id)
        return True

    def stop(self) -> None:
        self.looks = 9
        self.world.children.pop(self.run_id, None)


@pytest.fixture(scope="module")
def make_world() -> Any:
    with pytest.MonkeyPatch.context() as patch:

        def made(policy: Policy = "latest") -> World:
            world = World(policy=policy)
            patch.setattr(dispatcher, "Child", world.child)
            for module in (dispatcher, ownership):
                patch.setattr(module, "myself", lambda: world.actor)
            patch.setattr(dispatcher.Witness, "gone", lambda _, run: owner(run) in world.dead)
            return world

        yield made


STEPS = st.lists(
    st.sampled_from(["a", "b", "race", "window", "late", "kill", "due", "double", "trigger"]),
    min_size=5,
    max_size=60,
)


@settings(deadline=None, max_examples=100)
@given(STEPS, st.sampled_from(["latest", "every"]))
def test_whatever_happens_no_two_runs_overlap_and_each_due_run_is_done_or_skipped_by_the_policy(
    make_world: Any, steps: list[str], policy: Policy
) -> None:
    world: World = make_world(policy)
    world.start("a0")
    world.start("b0")
    minute = -1
    for number, step in enumerate([*steps, *["a", "b"] * (8 + 3 * len(steps))]):
        first, second = sorted(world.serving)
        match step:
            case "a":
                world.tick(first)
            case "b":
                world.tick(second)
            case "race":  # the second looks just when the first takes a run
                world.server.between = lambda second=second: world.tick(second)
                world.tick(first)
            case "window":  # or when it has just taken it
                world.server.after = lambda second=second: world.tick(second)
                world.tick(first)
            case "late":  # or between its first look and its second
                world.server.listed = lambda second=second: world.tick(second)
                world.tick(first)
            case "kill":
                world.kill(first)
                world.start(f"{first[0]}{number + 1}")  # a name that none had before
            case "due" | "trigger":
                world.server.due(number, scheduled=step == "due")
                minute = number if step == "due" else minute
            case "double" if minute >= 0:  # as when two made the schedule at once
                world.server.due(minute)
    assert set(world.server.states()) <= {"Completed", "Skipped"}
    times = [run.expected_start_time for run in world.server.runs.values() if run.auto_scheduled]
    assert len(set(times)) == len(times)
    assert len(set(world.order)) == len(world.order)
    if policy == "every":
        assert world.order == sorted(world.order)
    done = [run for run in world.server.runs.values() if run.state and run.state.is_completed()]
    assert len(done) == len(world.order)
    newest = max((run.id for run in world.server.runs.values() if run.auto_scheduled), default=None)
    assert newest is None or newest in world.order
    for run in world.server.runs.values():
        assert run.id in world.order or (run.auto_scheduled and policy == "latest")


def test_a_run_whose_process_dies_each_time_is_given_up_and_the_next_is_begun(make_world: Any) -> None:
    world: World = make_world("every")
    world.start("a")
    poison = world.server.due(1)
    world.fatal = True
    for _ in range(12):
        world.tick("a")
    assert world.server.runs[poison].state.name == "Crashed" and world.server.runs[poison].run_count == 3
    world.fatal = False
    good = world.server.due(2)
    for _ in range(4):
        world.tick("a")
    assert world.order == [good]


def test_a_run_that_is_cancelled_on_the_server_is_stopped_and_the_next_is_begun(make_world: Any) -> None:
    world: World = make_world("every")
    world.start("a")
    first, second = world.server.due(1), world.server.due(2)
    world.tick("a")
    world.server.runs[first].state = Cancelling()
    for _ in range(4):
        world.tick("a")
    assert world.server.runs[first].state.name == "Cancelled"
    assert world.order == [second]


def test_a_run_whose_owner_died_is_not_taken_from_the_next_before_that_is_noted(make_world: Any) -> None:
    world: World = make_world("every")
    for name in ("a", "b", "c"):
        world.start(name)
    due = world.server.due(1)
    world.tick("a")
    world.kill("a")
    world.tick("b")  # gives it back
    world.server.after = lambda: world.tick("c")
    world.tick("b")
    assert world.children == {due: "b"}


def test_a_run_that_is_removed_while_it_goes_on_is_stopped_and_the_next_is_begun(make_world: Any) -> None:
    world: World = make_world("every")
    world.start("a")
    first, second = world.server.due(1), world.server.due(2)
    world.tick("a")
    world.server.delete_flow_run(first)
    for _ in range(4):
        world.tick("a")
    assert world.order == [second]


def test_a_run_that_another_process_took_over_is_stopped_here_and_left_to_it(make_world: Any) -> None:
    world: World = make_world("every")
    world.start("a")
    due = world.server.due(1)
    world.tick("a")
    world.server.runs[due].infrastructure_pid = "b"
    world.tick("a")
    assert world.children == {}
    assert world.server.runs[due].infrastructure_pid == "b" and world.server.states() == ["Running"]


def test_a_run_that_another_machine_carries_is_waited_for(make_world: Any) -> None:
    world: World = make_world("every")
    world.start("a")
    world.server.due(1)
    elsewhere = world.server.due(0)
    world.server.runs[elsewhere].state = Running()
    world.server.runs[elsewhere].infrastructure_pid = "elsewhere:1:1"
    for _ in range(4):
        world.tick("a")
    assert world.server.states() == ["Scheduled", "Running"]


@pytest.mark.parametrize("policy", ["latest", "every"])
def test_what_came_due_while_no_server_could_note_it_is_made_up_for_by_the_policy(
    make_world: Any, policy: Policy
) -> None:
    world: World = make_world(policy)
    now = dt.datetime.now(dt.UTC)
    world.server.deployment.schedules = [SimpleNamespace(active=True, created=now - dt.timedelta(minutes=6))]
    early = world.server.due((now - START) // dt.timedelta(minutes=1) - 4)  # was noted before the server died
    world.start("a", "* * * * *")
    for _ in range(40):
        world.tick("a")
    runs = sorted(world.server.runs.values(), key=lambda run: str(run.expected_start_time))
    times = [run.expected_start_time for run in runs]
    assert times == [times[0] + dt.timedelta(minutes=number) for number in range(len(times))]
    assert len(times) in {6, 7}  # the minute may change meanwhile
    if policy == "every":
        assert world.order == [run.id for run in runs]
    else:
        assert early not in world.order and world.order[0] in {run.id for run in runs[-2:]}


@pytest.mark.parametrize("way", ["deployment", "schedule"])
def test_what_comes_due_while_the_deployment_or_its_schedule_is_paused_is_not_missed(
    make_world: Any, way: str
) -> None:
    world: World = make_world("every")
    now = dt.datetime.now(dt.UTC)
    world.server.deployment.schedules = [SimpleNamespace(active=True, created=now - dt.timedelta(minutes=6))]
    (schedule,) = world.server.deployment.schedules
    world.server.deployment.paused, schedule.active = way == "deployment", way != "schedule"
    world.start("a", "* * * * *")
    world.tick("a")
    world.server.deployment.paused, schedule.active = False, True
    asked = world.server.due(1, scheduled=False)
    for _ in range(9):
        world.tick("a")
    assert world.order[0] == asked and len(world.order) <= 2  # the minute may change meanwhile
