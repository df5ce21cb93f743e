"""When runs are due: a cron or an interval in a time zone, as Prefect knows them."""

from __future__ import annotations

import asyncio
import datetime as dt
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from flows.missed import Policy
from flows.trigger import WrongParameters, complaint

if TYPE_CHECKING:
    from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule

    Timetable = CronSchedule | IntervalSchedule

_ANCHOR: Final = dt.datetime(2024, 1, 1)  # intervals count from this midnight, so that a restart moves none
_PAGE: Final = 1_000
"""How many times Prefect's schedules give at once, and its server takes."""
_MOST_SKIPPED: Final = 100
_FARTHEST: Final = dt.timedelta(days=31)


def timetable(cron: str | None, every: dt.timedelta | None, timezone: str) -> Timetable | None:
    """The schedule that was asked for; None without any. WrongParameters for what can be none."""
    from prefect.client.schemas.schedules import CronSchedule, IntervalSchedule

    try:
        found = CronSchedule(cron=cron or "* * * * *", timezone=timezone)
    except ValidationError as error:
        raise WrongParameters("; ".join(complaint(one) for one in error.errors())) from None
    if every:
        anchor = _ANCHOR.replace(tzinfo=ZoneInfo(timezone))
        return IntervalSchedule(interval=every, anchor_date=anchor, timezone=timezone)
    return found if cron else None


def missed(table: Timetable, after: dt.datetime, now: dt.datetime, policy: Policy) -> list[dt.datetime]:
    """The times after `after` and not after `now` at which runs were due, in UTC, oldest first.

    No more than a thousand at once, none from more than a month ago, and for the policy `latest` the last
    hundred: what is older than these is let go without a trace.
    """
    after = max(after, now - _FARTHEST)
    if policy == "every":
        return _times(table, after, now)
    span = dt.timedelta(minutes=5)
    while True:
        found = _times(table, max(after, now - span), now)
        if len(found) >= _MOST_SKIPPED or now - span <= after:
            return found[-_MOST_SKIPPED:]
        span *= 2


def _times(table: Timetable, after: dt.datetime, until: dt.datetime) -> list[dt.datetime]:
    from prefect.server.schemas.schedules import CronSchedule, IntervalSchedule

    kind = CronSchedule if hasattr(table, "cron") else IntervalSchedule
    schedule = kind.model_validate(table.model_dump())
    times = asyncio.run(schedule.get_dates(_PAGE + 1, after, until))  # `after` may be the first of them
    found: list[dt.datetime] = [one.astimezone(dt.UTC) for one in times if after < one <= until]
    return found[:_PAGE]
