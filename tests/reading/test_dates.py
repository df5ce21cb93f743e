"""When something was published, as publishers write it."""

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.dates import INDIA, Published, published


def utc(*parts: int) -> dt.datetime:
    return dt.datetime(*parts, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2025-12-25T10:30:00+05:30",
        "2025-12-25T10:30:00+0530",
        "2025-12-25T10:30:00 +05:30",
        "2025-12-25T05:00:00Z",
        "2025-12-25T05:00:00.000Z",
        "2025-12-25 05:00:00 UTC",
        "2025-12-25 10:30:00",
        "20251225T103000+0530",
        "Thu, 25 Dec 2025 10:30:00 +0530",
        "Thu, 25 Dec 2025 05:00:00 GMT",
        "Thu Dec 25 2025 10:30:00 GMT+0530 (India Standard Time)",
        "Dec 25, 2025 10:30 IST",
        "December 25, 2025, 10:30 AM IST",
        "Published: 25 Dec 2025, 10:30 am (IST)",
        "Last Updated: Thursday, 25th December, 2025 10:30 A.M. IST",
        "10:30 AM IST, December 25, 2025",
        "25/12/2025 10:30",
        "25-12-2025 10:30:00 IST",
        "25 दिसंबर 2025, 10:30 IST",
        "२५ दिसम्बर २०२५ १०:३०",
        "Updated Thu, 25 Dec 2025 10:30 AM IST",
        "1766638800",
        "1766638800000",
        1766638800,
    ],
)
def test_an_instant_is_read_in_its_zone_and_in_india_where_none_is_named(text):
    assert published(text) == Published(dt.date(2025, 12, 25), utc(2025, 12, 25, 5))


@pytest.mark.parametrize(
    "text",
    ["2025-12-05", "2025/12/5", "05-12-2025", "5.12.2025", "20251205", "5 December 2025", "Dec 5, 2025", "5 दिसंबर, 2025",
     "2025-12-05 00:00:00", "Friday, 05 Dec 2025"],
)  # fmt: skip
def test_a_day_alone_stays_that_day_and_comes_before_the_month(text):
    assert published(text) == Published(dt.date(2025, 12, 5))


def test_noon_and_midnight_of_the_twelve_hour_clock():
    assert published("25 Dec 2025 12:15 AM IST").at == utc(2025, 12, 24, 18, 45)
    assert published("25 Dec 2025 12:15 PM IST").at == utc(2025, 12, 25, 6, 45)


def test_the_day_is_the_day_in_india():
    assert published("2025-12-24T20:00:00Z") == Published(dt.date(2025, 12, 25), utc(2025, 12, 24, 20))
    assert published("2025-12-24T23:00:00-05:00").date == dt.date(2025, 12, 25)


def test_dates_and_times_of_tables_are_read():
    assert published(dt.date(2025, 12, 25)) == Published(dt.date(2025, 12, 25))
    assert published(utc(2025, 12, 25, 5)) == Published(dt.date(2025, 12, 25), utc(2025, 12, 25, 5))
    assert published(dt.datetime(2025, 12, 25, 10, 30)).at == utc(2025, 12, 25, 5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "कल",
        "2025-02-31",
        "2025-13-45T10:00:00",
        "25:99",
        "December",
        "9999999999999",
        None,
        True,
        [],
        "1",
        "NaN",
    ],
)
def test_what_names_no_day_is_none(text):
    assert published(text) is None


@settings(max_examples=60, deadline=None)
@given(st.datetimes(dt.datetime(1950, 1, 1), dt.datetime(2099, 12, 30)), st.integers(-12 * 60, 14 * 60))
def test_every_iso_time_comes_back(moment, east):
    moment = moment.replace(microsecond=0, tzinfo=dt.timezone(dt.timedelta(minutes=east)))
    found = published(moment.isoformat())
    assert found.at == moment
    assert found.date == moment.astimezone(INDIA).date()


@settings(max_examples=60, deadline=None)
@given(st.text() | st.floats() | st.integers())
def test_nothing_raises(value):
    assert isinstance(published(value), Published | None)
