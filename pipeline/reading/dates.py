"""When something was published, from what publishers write: ISO 8601, RFC 2822, English and Hindi dates.

A time without a zone is Indian time; day comes before month where both could be meant.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass
from typing import Final, NamedTuple

import regex

from pipeline.reading.ago import ago
from pipeline.reading.calendar_words import numbers_of
from pipeline.reading.clock import INDIA, at_time

__all__ = ["INDIA", "Published", "is_only_date", "plausible", "published", "starts_with_date"]

_FIRST, _LAST = dt.date(1900, 1, 1), dt.date(2099, 12, 31)
_TOLERANCE: Final = dt.timedelta(days=1)  # clocks are set wrong, and zones left out
_DIGITS: Final = str.maketrans("०१२३४५६७८९", "0123456789")
_T = regex.compile(r"(?<=\d)T(?=\d)")
_EPOCH = regex.compile(r"\s*(\d{10})(\d{3})?(?:\.\d+)?\s*")
_WORD = regex.compile(r"[\p{L}\p{M}]+")
_ISO = regex.compile(r"(?<!\d)(?P<year>\d{4})[-/.](?P<month>\d{1,2})[-/.](?P<day>\d{1,2})(?!\d)")
_DAY_FIRST = regex.compile(
    r"(?<!\d)(?P<day>\d{1,2}) ?[-/.] ?(?P<month>\d{1,2}) ?[-/.] ?(?P<year>\d{4})(?!\d)"
)
_NAME: Final = r"(?P<month>[\p{L}\p{M}]{2,9})\.?"
_TH: Final = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_NO_TIME: Final = r"(?!\d|[:.]\d|\s*(?:[ap]\.?m\b|बजे))"
_DAY_MONTH = regex.compile(
    rf"(?<!\d){_TH}[\s\-/,]*(?:of\s+)?{_NAME}[\s\-/,]+(?P<year>\d{{4}})(?!\d)", regex.I
)
_MONTH_DAY = regex.compile(rf"{_NAME}[\s\-/]*{_TH}[\s\-/,]+(?P<year>\d{{4}})(?!\d)", regex.I)
_UNIX = regex.compile(
    rf"(?:{_NAME}[\s]+(?P<day>\d{{1,2}})|(?P<day>\d{{1,2}})\s+{_NAME}),?\s+"
    r"(?P<time>\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?:\s*[ap]\.?m\.?)?(?:\s+[\p{L}\d+\-:/]{1,20})?),?\s+"
    r"(?P<year>\d{4})(?!\d)",
    regex.I,
)
_COMPACT = regex.compile(
    r"(?<!\d)(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})(?: ?(?P<time>\d{4}(?:\d{2})?))?(?!\d)"
)
_SHORT = regex.compile(
    r"(?<![\d./\-])(?P<day>\d{1,2}) ?(?P<mark>[-/.]) ?(?P<month>\d{1,2}) ?(?P=mark) ?"
    rf"(?P<year>\d{{2}}){_NO_TIME}"
)
_SHORT_NAMED = regex.compile(
    rf"(?<!\d){_TH}[\s\-/,]*{_NAME}[\s\-/,]+['’‘]?(?P<year>\d{{2}}){_NO_TIME}", regex.I
)
_SHAPES: Final = (_ISO, _DAY_FIRST, _DAY_MONTH, _MONTH_DAY, _UNIX, _COMPACT, _SHORT, _SHORT_NAMED)
_OF_THIS_CENTURY: Final = range(50)  # two-digit years; from 90 on they are of the last one, between is doubt
_OF_THE_LAST: Final = range(90, 100)


@dataclass(frozen=True, slots=True)
class Published:
    """When: the day in India, and the instant in UTC when a time was given too."""

    date: dt.date
    at: dt.datetime | None = None


class _Read(NamedTuple):
    """What a text says, the words before the date, and those around it that are neither date nor time."""

    when: Published | None
    before: str
    left: str


def published(value: object, seen_at: dt.datetime | None = None) -> Published | None:
    """When `value` (a string, a number of seconds or milliseconds, a date) says, None when it does not.

    `seen_at` is when it was fetched: what lies later is refused, and only with it `2 hours ago` is a date.
    """
    try:
        if isinstance(value, dt.datetime):
            found = _instant(value)
        elif isinstance(value, dt.date):
            found = _known(Published(value))
        else:
            found = _read(str(value), seen_at).when if isinstance(value, str | int | float) else None
    except (ValueError, OverflowError):
        return None
    return None if found and seen_at and _is_later(found, _aware(seen_at)) else found


def is_only_date(text: str, seen_at: dt.datetime | None = None) -> bool:
    """Whether a text is a date, with or without a time, and nothing else."""
    read = _tried(text, seen_at)
    return read is not None and not _words_of(read.left)


def starts_with_date(text: str, seen_at: dt.datetime | None = None) -> bool:
    """Whether no word but the name of a day stands before the date in a text."""
    read = _tried(text, seen_at)
    return read is not None and not _words_of(read.before)


def plausible(day: dt.date) -> bool:
    """Whether news can be of that day: from 1900 up to the end of 2099."""
    return _FIRST <= day <= _LAST


def _tried(text: str, seen_at: dt.datetime | None) -> _Read | None:
    try:
        read = _read(text, seen_at)
    except (ValueError, OverflowError):
        return None
    return read if read.when else None


def _words_of(text: str) -> list[str]:
    """The words that say something beside a date."""
    beside = numbers_of("weekdays.tsv")
    return [word for word in _WORD.findall(text) if word.lower() not in beside]


def _read(text: str, seen_at: dt.datetime | None) -> _Read:
    text = _T.sub(" ", unicodedata.normalize("NFC", text).translate(_DIGITS))
    if epoch := _EPOCH.fullmatch(text):
        return _Read(_instant(dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC)), "", "")
    for shape in _SHAPES:
        for match in shape.finditer(text):
            if day := _day(match):
                return _with_time(day, text, match)
    past = ago(text, _aware(seen_at)) if seen_at else None
    if past is None or _words_of(past.left):
        return _Read(None, "", text)
    return _Read(_instant(past.at) if past.at else _known(Published(past.date)), "", past.left)


def _with_time(day: dt.date, text: str, match: regex.Match[str]) -> _Read:
    time = match["time"] if "time" in match.re.groupindex else None
    if time and time.isdigit():
        time = ":".join((time[:2], time[2:4], time[4:])).rstrip(":")
    at, left = at_time(day, f"{time or ''} {text[match.end() :]} {text[: match.start()]}")
    return _Read(_instant(at) if at else _known(Published(day)), text[: match.start()], left)


def _day(match: regex.Match[str]) -> dt.date | None:
    """The day a match names, None where its word is no month; ValueError where there is no such day."""
    named = match["month"]
    month = int(named) if named.isdigit() else numbers_of("months.tsv").get(named.lower())
    year, day = _year(match["year"]), int(match["day"])
    if month is None or year is None:
        return None
    return dt.date(year, day, month) if month > 12 else dt.date(year, month, day)


def _year(digits: str) -> int | None:
    year = int(digits)
    if len(digits) > 2:
        return year
    return 2000 + year if year in _OF_THIS_CENTURY else 1900 + year if year in _OF_THE_LAST else None


def _instant(moment: dt.datetime) -> Published | None:
    if moment.tzinfo is None:
        if moment.time() == dt.time():  # a date that was kept as a time stamp
            return _known(Published(moment.date()))
        moment = moment.replace(tzinfo=INDIA)
    return _known(Published(moment.astimezone(INDIA).date(), moment.astimezone(dt.UTC)))


def _known(when: Published) -> Published | None:
    return when if plausible(when.date) else None


def _is_later(found: Published, seen_at: dt.datetime) -> bool:
    last = seen_at + _TOLERANCE
    return found.at > last if found.at else found.date > last.astimezone(INDIA).date()


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)
