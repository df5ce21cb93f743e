"""A range of days, such as that of a backfill."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Final

OUTSIDE: Final = "outside_dates"
"""The reason of what is not stored because its day is in no range that was asked for."""
_ZONES: Final = dt.timedelta(days=1)  # how far two accounts of one moment may lie apart


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `since` to `until`, both included; None is without bound."""

    since: dt.date | None = None
    until: dt.date | None = None

    def __contains__(self, day: dt.date) -> bool:
        """Whether the day is one of them."""
        return (self.since is None or self.since <= day) and (self.until is None or day <= self.until)

    def begins_after(self, listed: dt.date) -> bool:
        """Whether what a feed or sitemap dates so is surely older than all of them.

        Of what is dated later nothing is sure: many feeds give the day of the last change.
        """
        return self.since is not None and listed < self.since - _ZONES

    def __str__(self) -> str:
        """Such as `2025-12-01 to 2025-12-31`."""
        if self.since and self.until:
            return f"{self.since} to {self.until}"
        return f"{self.since} or later" if self.since else f"{self.until} or earlier"


ALWAYS: Final = Period()
