"""When runs are due, and which of these times were missed."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.timetable import missed, timetable
from flows.trigger import WrongParameters

IST = ZoneInfo("Asia/Kolkata")
NOW = dt.datetime(2025, 12, 25, 12, 0, tzinfo=IST)


pytestmark = pytest.mark.usefixtures("prefect_here")


def hours(times: list[dt.datetime]) -> list[str]:
    return [f"{one.astimezone(IST):%d %H:%M}" for one in times]


def test_a_cron_is_read_in_its_zone() -> None:
    table = timetable("30 6 * * *", None, "Asia/Kolkata")
    assert table and hours(missed(table, NOW - dt.timedelta(days=2), NOW, "every")) == [
        "24 06:30",
        "25 06:30",
    ]


def test_an_interval_counts_from_midnight_so_that_a_restart_moves_nothing() -> None:
    table = timetable(None, dt.timedelta(hours=5), "Asia/Kolkata")
    again = timetable(None, dt.timedelta(hours=5), "Asia/Kolkata")
    assert table == again
    quarter = timetable(None, dt.timedelta(minutes=15), "Asia/Kolkata")
    assert quarter and hours(missed(quarter, NOW - dt.timedelta(minutes=40), NOW, "every")) == [
        "25 11:30",
        "25 11:45",
        "25 12:00",
    ]


def test_the_time_that_was_handled_is_not_missed_and_the_present_one_is_due() -> None:
    table = timetable("0 * * * *", None, "Asia/Kolkata")
    assert table and hours(missed(table, NOW - dt.timedelta(hours=1), NOW, "every")) == ["25 12:00"]
    assert missed(table, NOW, NOW, "every") == []


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 600), st.integers(0, 5000))
def test_by_latest_the_last_hundred_are_told_and_by_every_all_up_to_a_thousand(
    minutes: int, ago: int
) -> None:
    table = timetable(None, dt.timedelta(minutes=minutes), "Asia/Kolkata")
    assert table
    step, after = dt.timedelta(minutes=minutes), NOW - dt.timedelta(minutes=ago)
    anchor = dt.datetime(2024, 1, 1, tzinfo=IST)
    first = anchor + ((after - anchor) // step + 1) * step
    times = [first + number * step for number in range((NOW - first) // step + 1)] if first <= NOW else []
    assert missed(table, after, NOW, "latest") == times[-100:]
    assert missed(table, after, NOW, "every") == times[:1000]


def test_what_was_missed_more_than_a_month_ago_is_let_go() -> None:
    table = timetable("0 0 * * *", None, "Asia/Kolkata")
    assert table and len(missed(table, NOW - dt.timedelta(days=400), NOW, "every")) == 31


@pytest.mark.parametrize(
    ("cron", "zone", "complaint"),
    [("61 * * * *", "Asia/Kolkata", "cron"), ("0 * * * *", "Asia/Pune", "timezone")],
)
def test_a_cron_or_zone_that_is_none_is_refused_at_once(cron: str, zone: str, complaint: str) -> None:
    with pytest.raises(WrongParameters, match=complaint):
        timetable(cron, None, zone)
