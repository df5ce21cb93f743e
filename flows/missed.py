"""Which of the runs that are due goes next, and which it makes needless: the policy for missed runs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple
from uuid import UUID

Policy = Literal["latest", "every"]
"""Of several due runs of a schedule only the newest is run, or each, the oldest first."""


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """A flow run that waits: since when, and whether the schedule wants it (`scheduled`) or a trigger."""

    at: dt.datetime
    run_id: UUID
    scheduled: bool = True


class Turn(NamedTuple):
    """What is done next: the run that goes, None when none is due, and those that are marked as skipped."""

    run: Due | None
    skipped: list[Due]


def turn(due: Iterable[Due], policy: Policy) -> Turn:
    """The turn among all that is due. What was triggered is never skipped; the oldest that is left goes."""
    waiting = sorted(due)
    scheduled = [one for one in waiting if one.scheduled]
    skipped = scheduled[:-1] if policy == "latest" else []
    left = [one for one in waiting if one not in skipped]
    return Turn(left[0] if left else None, skipped)
