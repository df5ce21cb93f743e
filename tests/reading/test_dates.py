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
        "25 दिसंबर 2025, सुबह 10:30 बजे",
        "2025-12-25 10:30:00 UTC+5:30",
        "2025-12-25 10:30 Asia/Kolkata",
        "25 Dec 2025, 12 AM America/New_York",
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


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [("तड़के 4:15 बजे", 4, 15), ("दोपहर 12:30 बजे", 12, 30), ("दोपहर 2:00", 14, 0), ("शाम 5:30 बजे", 17, 30),
     ("शाम के 6 बजे", 18, 0), ("रात 11:30 बजे", 23, 30), ("रात 2 बजे", 2, 0), ("देर रात 12:10 बजे", 0, 10), ("शाम 17:30 बजे", 17, 30)],
)  # fmt: skip
def test_the_part_of_the_day_says_which_of_two_hours_is_meant(text, hour, minute):
    at = dt.datetime(2025, 12, 25, hour, minute, tzinfo=INDIA)
    assert published(f"25 दिसंबर 2025, {text}") == Published(dt.date(2025, 12, 25), at.astimezone(dt.UTC))


@pytest.mark.parametrize(
    "text",
    ["2025-12-25 10:30 AEST", "2025-12-25 10:30 Mars/Base", "2025-12-25 24:00:00", "2025-12-25T10:30:60Z", "2025-12-25 25:10"],
)  # fmt: skip
def test_a_time_that_no_clock_or_no_known_zone_has_leaves_the_day(text):
    assert published(text) == Published(dt.date(2025, 12, 25))


@pytest.mark.parametrize(
    ("text", "month"), [("15 मई 2020", 5), ("मई 15, 2020", 5), ("15 जन 2020", 1), ("15 फर. 2020", 2), ("15 अग 2020", 8), ("15 नव 2020", 11),
                        ("15 फ\u093cरवरी 2020", 2), ("15 \u095eरवरी 2020", 2)],
)  # fmt: skip
def test_short_hindi_months_are_known(text, month):
    assert published(text) == Published(dt.date(2020, month, 15))


@pytest.mark.parametrize(
    "text",
    ["Thu Dec 25 10:30:00 IST 2025", "Thu Dec 25 10:30:00 2025", "Thu Dec 25 05:00:00 UTC 2025", "25 Dec 10:30 IST 2025",
     "25-12-2025 10.30 AM", "Published: 25 Dec 2025, 10.30 am", "25 दिसंबर 2025, 10.30 बजे", "Dec 25, 2025 10.30 IST",
     "25-12-25 10:30", "25/12/25, 10:30 AM", "25 Dec 25 10:30 IST", "25-Dec-25 10:30", "25 दिसंबर '25, सुबह 10:30 बजे",
     "25th of December, 2025 10:30 hrs", "२५/१२/२०२५ १०:३०", "12/25/2025 10:30"],
)  # fmt: skip
def test_other_orders_points_in_the_clock_and_years_of_two_digits_are_read(text):
    assert published(text) == Published(dt.date(2025, 12, 25), utc(2025, 12, 25, 5))


@pytest.mark.parametrize("text", ["05-12-25", "5/12/25", "5.12.25", "५-१२-२५"])
def test_in_short_dates_too_the_day_comes_first(text):
    assert published(text) == Published(dt.date(2025, 12, 5))


@pytest.mark.parametrize(
    "text",
    ["25-12-60", "10.30.", "1.2.3", "31-02-25", "पौष 5, 1947 शक", "पौष शुक्ल पंचमी, विक्रम संवत 2082", "Dec 25", "25 Dec 10:30 AM"],
)  # fmt: skip
def test_a_doubtful_year_or_another_calendar_gives_nothing(text):
    assert published(text) is None


SEEN = dt.datetime(2025, 12, 25, 10, 30, tzinfo=INDIA)


@pytest.mark.parametrize(
    ("text", "at"),
    [("3 घंटे पहले", SEEN - dt.timedelta(hours=3)), ("2 hours ago", SEEN - dt.timedelta(hours=2)), ("an hour ago", SEEN - dt.timedelta(hours=1)),
     ("१५ मिनट पहले", SEEN - dt.timedelta(minutes=15)), ("दो घंटे पहले", SEEN - dt.timedelta(hours=2)), ("11 hours ago", dt.datetime(2025, 12, 24, 23, 30, tzinfo=INDIA)),
     ("आज, 9:15 AM", dt.datetime(2025, 12, 25, 9, 15, tzinfo=INDIA)), ("कल रात 11 बजे", dt.datetime(2025, 12, 24, 23, tzinfo=INDIA)),
     ("Yesterday, 6:00 PM IST", dt.datetime(2025, 12, 24, 18, tzinfo=INDIA))],
)  # fmt: skip
def test_how_long_ago_is_counted_from_when_the_page_was_seen(text, at):
    found = published(text, SEEN)
    assert found.at == at
    assert found.date == at.date()
    assert published(text) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [("आज", 25), ("कल", 24), ("yesterday", 24), ("परसों", 23), ("2 दिन पहले", 23), ("1 day ago", 24)],
)
def test_days_ago_tell_the_day_alone(text, day):
    assert published(text, SEEN) == Published(dt.date(2025, 12, day))


@pytest.mark.parametrize(
    "text", ["2 weeks ago", "एक महीने पहले", "कल की बड़ी खबर", "आज का दिन", "3 hours", "hours ago"]
)
def test_what_is_rounded_or_says_something_else_is_no_date(text):
    assert published(text, SEEN) is None


def test_what_lies_more_than_a_day_after_the_page_was_seen_is_refused():
    assert published("2025-12-27", SEEN) is None
    assert published("2025-12-26T10:31:00+05:30", SEEN) is None
    assert published("2025-12-26T10:29:00+05:30", SEEN) is not None
    assert published("2025-12-26", SEEN) == Published(dt.date(2025, 12, 26))
    assert published("2025-12-27") == Published(dt.date(2025, 12, 27))


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
    assert isinstance(published(value, SEEN), Published | None)
