"""Of the runs that are due, which goes next and which are skipped."""

import datetime as dt
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from flows.missed import Due, turn

NOON = dt.datetime(2025, 12, 25, 12, tzinfo=dt.UTC)
DUE = st.builds(
    lambda minute, number, scheduled: Due(NOON + dt.timedelta(minutes=minute), UUID(int=number), scheduled),
    st.integers(0, 50),
    st.integers(0, 10**6),
    st.booleans(),
)
MANY = st.lists(DUE, max_size=12, unique_by=lambda one: one.run_id)


def at(minute: int, *, scheduled: bool = True) -> Due:
    return Due(NOON + dt.timedelta(minutes=minute), UUID(int=minute), scheduled)


def test_by_latest_the_newest_run_of_a_schedule_goes_and_the_others_are_skipped() -> None:
    assert turn([at(2), at(3), at(1)], "latest") == (at(3), [at(1), at(2)])


def test_by_every_the_oldest_goes_first_and_none_is_skipped() -> None:
    assert turn([at(2), at(3), at(1)], "every") == (at(1), [])


def test_what_was_triggered_is_never_skipped_and_waits_for_what_was_due_before() -> None:
    asked = at(2, scheduled=False)
    assert turn([at(1), asked, at(3)], "latest") == (asked, [at(1)])
    assert turn([at(1), asked, at(3)], "every") == (at(1), [])


def test_when_nothing_is_due_nothing_goes() -> None:
    assert turn([], "latest") == turn([], "every") == (None, [])


@given(MANY, st.sampled_from(["latest", "every"]))
def test_turn_by_turn_each_run_goes_or_is_skipped_once_in_the_order_of_its_time(
    due: list[Due], policy: str
) -> None:
    waiting, ran, skipped = list(due), [], []
    while (step := turn(waiting, policy)).run:  # type: ignore[arg-type]  # one of the policies
        ran.append(step.run)
        skipped += step.skipped
        waiting = [one for one in waiting if one != step.run and one not in step.skipped]
    assert sorted(ran + skipped) == sorted(due)
    assert ran == sorted(ran)
    scheduled = [one for one in sorted(due) if one.scheduled]
    assert [one for one in ran if one.scheduled] == (scheduled[-1:] if policy == "latest" else scheduled)


@given(MANY, st.randoms())
def test_two_that_serve_choose_the_same_run_whatever_order_the_server_tells_them(
    due: list[Due], random: object
) -> None:
    shuffled = list(due)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # a Random
    assert turn(due, "latest") == turn(shuffled, "latest")
