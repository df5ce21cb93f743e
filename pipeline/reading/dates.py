"""When something was published, from what publishers write: ISO 8601, RFC 2822, English and Hindi dates.

A time without a zone is Indian time; day comes before month where both could be meant.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from typing import Final

import regex

from pipeline.tsv import rows

INDIA: Final = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2100, 1, 1)
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")
_TIME = regex.compile(
    r"(?<![\d:])(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(?![\d:])\s*(a\.?m\b|p\.?m\b)?"
    r"[^\p{L}\d+\-−]*(?:(?:gmt|utc)?([+\-−])(\d{2}):?(\d{2})?(?!\d)|(\p{L}{1,4})\b)?",
    regex.I,
)
_T = regex.compile(r"(?<=\d)T(?=\d)")
_EPOCH = regex.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
_NUMBERS = regex.compile(
    r"(?<!\d)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))(?!\d)"
)
_COMPACT = regex.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?: ?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_WORDS = regex.compile(
    r"(?<!\d)(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-/,]*([\p{L}\p{M}]{3,9})\.?[\s\-/,]+(\d{4})"
    r"|([\p{L}\p{M}]{3,9})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?[\s\-/,]+(\d{4}))(?!\d)",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Published:
    """When: the day in India, and the instant in UTC when a time was given too."""

    date: dt.date
    at: dt.datetime | None = None


def published(value: object) -> Published | None:
    """When `value` (a string, a number of seconds or milliseconds, a date) says, None when it does not."""
    try:
        if isinstance(value, dt.datetime):
            return _instant(value)
        if isinstance(value, dt.date):
            return _known(Published(value))
        return _from_text(str(value)) if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None


def _from_text(text: str) -> Published | None:
    text = _T.sub(" ", text.translate(_DIGITS))
    if epoch := _EPOCH.fullmatch(text):
        return _instant(dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC))
    for shape in (_numbers, _words, _compact):
        if found := shape(text):
            day, rest = found
            return _at(day, rest)
    return None


def _numbers(text: str) -> tuple[dt.date, str] | None:
    match = _NUMBERS.search(text)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    if int(month) > 12:
        month, day = day, month
    return dt.date(int(year), int(month), int(day)), text[match.end() :]


def _words(text: str) -> tuple[dt.date, str] | None:
    for match in _WORDS.finditer(text):
        day, name, year = (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        if month := _table("months.tsv").get(name.lower()):
            return dt.date(int(year), month, int(day)), text[match.end() :] + " " + text[: match.start()]
    return None


def _compact(text: str) -> tuple[dt.date, str] | None:
    match = _COMPACT.search(text)
    if match is None:
        return None
    time = ":".join(part for part in match.groups()[3:] if part)
    return dt.date(int(match[1]), int(match[2]), int(match[3])), time + text[match.end() :]


def _at(day: dt.date, rest: str) -> Published | None:
    """The day with the time of day that `rest` holds, if it holds one."""
    match = _TIME.search(rest)
    if match is None:
        return _known(Published(day))
    hour = int(match[1]) % 12 + 12 * (match[5][0] in "pP") if match[5] else int(match[1])
    micro = int((match[4] or "0")[:6].ljust(6, "0"))
    moment = dt.datetime(day.year, day.month, day.day, hour, int(match[2]), int(match[3] or 0), micro)
    return _instant(moment.replace(tzinfo=_zone(match[6], match[7], match[8], match[9])))


def _zone(sign: str | None, hours: str | None, minutes: str | None, name: str | None) -> dt.tzinfo | None:
    if sign and hours:
        east = int(hours) * 60 + int(minutes or 0)
        return dt.timezone(dt.timedelta(minutes=east if sign == "+" else -east))
    known = _table("zones.tsv").get((name or "").lower())
    return None if known is None else dt.timezone(dt.timedelta(minutes=known))


def _instant(moment: dt.datetime) -> Published | None:
    if moment.tzinfo is None:
        if moment.time() == dt.time():  # a date that was kept as a time stamp
            return _known(Published(moment.date()))
        moment = moment.replace(tzinfo=INDIA)
    return _known(Published(moment.astimezone(INDIA).date(), moment.astimezone(dt.UTC)))


def _known(when: Published) -> Published | None:
    return when if _FIRST <= when.date < _LAST else None


@cache
def _table(name: str) -> dict[str, int]:
    return {word: int(number) for word, number in rows(__package__, name)}
