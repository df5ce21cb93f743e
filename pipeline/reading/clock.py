"""The time of day beside a date: clock, part of the day, zone; without a zone it is Indian time."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import regex

from pipeline.reading.calendar_words import numbers_of

INDIA: Final = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
_CLOCK: Final = (
    r"(?<![\d:.])(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<micro>\d{1,9}))?)?(?![\d:])"
    r"|\.(?P<dotted>\d{2})(?=\s*(?:बजे|[ap]\.?m\b|ist\b|hrs\b))"  # here the point is no decimal one
    r"|(?=\s*(?:बजे|[ap]\.?m\b)))"  # a bare hour says that it is one
)
_OFFSET: Final = r"(?:gmt|utc)?(?P<sign>[+\-−])(?P<east>\d{1,2})(?::?(?P<more>\d{2}))?(?!\d)"
_ZONE: Final = r"(?P<zone>\p{L}+/[\p{L}_/]+|\p{L}{1,5}(?![\p{L}\p{M}]))"


def at_time(day: dt.date, rest: str) -> tuple[dt.datetime | None, str]:
    """The instant on that day that `rest` tells, and what else it holds.

    None where it tells no time that a clock has, or in a zone that is not known.
    """
    match = _time().search(rest)
    if match is None:
        return None, rest
    left = f"{rest[: match.start()]} {rest[match.end() :]}"
    micro = int((match["micro"] or "0")[:6].ljust(6, "0"))
    clock = (_hour(match), int(match["minute"] or match["dotted"] or 0), int(match["second"] or 0), micro)
    try:
        return dt.datetime(day.year, day.month, day.day, *clock, _zone(match)), left
    except (ValueError, KeyError, OSError):  # the last for a zone that is a folder of zones
        return None, left


def _hour(match: regex.Match[str]) -> int:
    """The hour of the day; one of the twelve-hour clock is the one that lies in its part of the day."""
    hour, part = int(match["hour"]), (match["before"] or match["after"] or "").lower().replace(".", "")
    if not part or hour > 12:
        return hour
    start = numbers_of("day_parts.tsv")[part]
    return (start + (hour - start) % 12) % 24


def _zone(match: regex.Match[str]) -> dt.tzinfo | None:
    """The zone of a time, None where none is named; KeyError for a name that is not known."""
    if match["sign"]:
        east = int(match["east"]) * 60 + int(match["more"] or 0)
        return dt.timezone(dt.timedelta(minutes=-east if match["sign"] in "-−" else east))
    name = match["zone"] or ""
    if "/" in name:
        return ZoneInfo(name)
    known = numbers_of("zones.tsv").get(name.lower())
    if known is None and len(name) > 1 and name.isupper():
        raise KeyError(name)
    return None if known is None else dt.timezone(dt.timedelta(minutes=known))


@cache
def _time() -> regex.Pattern[str]:
    """A time of day, with the words for its part of the day on either side and its zone after it."""
    parts = "|".join(sorted(numbers_of("day_parts.tsv"), key=len, reverse=True))
    before = rf"(?:(?P<before>{parts})\s*(?:के\s*)?)?"
    after = r"\s*(?:बजे|hrs\b|(?P<after>[ap]\.?m)\b\.?)?"
    return regex.compile(rf"{before}{_CLOCK}{after}[^\p{{L}}\d+\-−]*(?:{_OFFSET}|{_ZONE})?", regex.I)
