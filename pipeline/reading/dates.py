"""When something was published, from what publishers write: ISO 8601, RFC 2822, English and Hindi dates.

A time without a zone is Indian time; day comes before month where both could be meant.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import regex

from pipeline.tsv import rows

INDIA: Final = dt.timezone(dt.timedelta(hours=5, minutes=30), "IST")
_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")
_CLOCK: Final = (
    r"(?<![\d:])(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<micro>\d{1,9}))?)?(?![\d:])"
    r"|(?=\s*(?:बजे|[ap]\.?m\b)))"  # a bare hour says that it is one
)
_OFFSET: Final = r"(?:gmt|utc)?(?P<sign>[+\-−])(?P<east>\d{1,2})(?::?(?P<more>\d{2}))?(?!\d)"
_ZONE: Final = r"(?P<zone>\p{L}+/[\p{L}_/]+|\p{L}{1,5}(?![\p{L}\p{M}]))"
_T = regex.compile(r"(?<=\d)T(?=\d)")
_EPOCH = regex.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
_NUMBERS = regex.compile(
    r"(?<!\d)(?:(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}))(?!\d)"
)
_COMPACT = regex.compile(r"(?<!\d)((?:19|20)\d{2})(\d{2})(\d{2})(?: ?(\d{2})(\d{2})(\d{2})?)?(?!\d)")
_WORDS = regex.compile(
    r"(?<!\d)(?:(\d{1,2})(?:st|nd|rd|th)?[\s\-/,]*([\p{L}\p{M}]{2,9})\.?[\s\-/,]+(\d{4})"
    r"|([\p{L}\p{M}]{2,9})\.?[\s\-/]*(\d{1,2})(?:st|nd|rd|th)?[\s\-/,]+(\d{4}))(?!\d)",
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
    text = _T.sub(" ", unicodedata.normalize("NFC", text).translate(_DIGITS))
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
        if month := _numbers_of("months.tsv").get(name.lower()):
            return dt.date(int(year), month, int(day)), text[match.end() :] + " " + text[: match.start()]
    return None


def _compact(text: str) -> tuple[dt.date, str] | None:
    match = _COMPACT.search(text)
    if match is None:
        return None
    time = ":".join(part for part in match.groups()[3:] if part)
    return dt.date(int(match[1]), int(match[2]), int(match[3])), time + text[match.end() :]


def _at(day: dt.date, rest: str) -> Published | None:
    """The day with the time that `rest` holds; the day alone where that is no time or in no known zone."""
    match = _time().search(rest)
    if match is None:
        return _known(Published(day))
    micro = int((match["micro"] or "0")[:6].ljust(6, "0"))
    clock = (_hour(match), int(match["minute"] or 0), int(match["second"] or 0), micro)
    try:
        return _instant(dt.datetime(day.year, day.month, day.day, *clock, _zone(match)))
    except (ValueError, KeyError, OSError):  # the last for a zone that is a folder of zones
        return _known(Published(day))


def _hour(match: regex.Match[str]) -> int:
    """The hour of the day; one of the twelve-hour clock is the one that lies in its part of the day."""
    hour, part = int(match["hour"]), (match["before"] or match["after"] or "").lower().replace(".", "")
    if not part or hour > 12:
        return hour
    start = _numbers_of("day_parts.tsv")[part]
    return (start + (hour - start) % 12) % 24


def _zone(match: regex.Match[str]) -> dt.tzinfo | None:
    """The zone of a time, None where none is named; KeyError for a name that is not known."""
    if match["sign"]:
        east = int(match["east"]) * 60 + int(match["more"] or 0)
        return dt.timezone(dt.timedelta(minutes=-east if match["sign"] in "-−" else east))
    name = match["zone"] or ""
    if "/" in name:
        return ZoneInfo(name)
    known = _numbers_of("zones.tsv").get(name.lower())
    if known is None and len(name) > 1 and name.isupper():
        raise KeyError(name)
    return None if known is None else dt.timezone(dt.timedelta(minutes=known))


def _instant(moment: dt.datetime) -> Published | None:
    if moment.tzinfo is None:
        if moment.time() == dt.time():  # a date that was kept as a time stamp
            return _known(Published(moment.date()))
        moment = moment.replace(tzinfo=INDIA)
    return _known(Published(moment.astimezone(INDIA).date(), moment.astimezone(dt.UTC)))


def plausible(day: dt.date) -> bool:
    """Whether news can be of that day: from 1900 up to the end of 2099."""
    return _FIRST <= day <= _LAST


def _known(when: Published) -> Published | None:
    return when if plausible(when.date) else None


@cache
def _time() -> regex.Pattern[str]:
    """A time of day, with the words for its part of the day on either side and its zone after it."""
    parts = "|".join(sorted(_numbers_of("day_parts.tsv"), key=len, reverse=True))
    before, after = rf"(?:(?P<before>{parts})\s*(?:के\s*)?)?", r"\s*(?:बजे|(?P<after>[ap]\.?m)\b\.?)?"
    return regex.compile(rf"{before}{_CLOCK}{after}[^\p{{L}}\d+\-−]*(?:{_OFFSET}|{_ZONE})?", regex.I)


@cache
def _numbers_of(name: str) -> dict[str, int]:
    return {unicodedata.normalize("NFC", word): int(number) for word, number in rows(__package__, name)}
