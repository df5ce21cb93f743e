"""How long ago: `3 घंटे पहले`, `yesterday, 10:30 AM`, counted back from when the page was seen."""

from __future__ import annotations

import datetime as dt
import unicodedata
from functools import cache
from typing import Final, NamedTuple

import regex

from pipeline.reading.clock import INDIA, at_time
from pipeline.tsv import rows

_DAY: Final = 86400


class Ago(NamedTuple):
    """The day in India, the instant where the words tell it, and what else the text holds."""

    date: dt.date
    at: dt.datetime | None
    left: str


def ago(text: str, seen_at: dt.datetime) -> Ago | None:
    """What a text that begins with such words means for who read it at `seen_at`; None for another."""
    seen = seen_at.astimezone(INDIA)
    if match := _since().match(text):
        seconds = _number(match["number"]) * _table("unit")[match["unit"].lower()]
        then = seen - dt.timedelta(seconds=seconds)
        exact = _table("unit")[match["unit"].lower()] < _DAY
        return Ago(then.date(), then if exact else None, text[match.end() :])
    if match := _named().match(text):
        day = (seen - dt.timedelta(days=_table("day")[match["day"].lower()])).date()
        at, left = at_time(day, text[match.end() :])
        return Ago(day, at, left)
    return None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _table("number")[word.lower()]


@cache
def _since() -> regex.Pattern[str]:
    number = rf"(?P<number>\d{{1,3}}|(?:{_choice('number')})(?=\s))"
    return regex.compile(
        rf"[^\p{{L}}\d]*{number}\s*(?P<unit>{_choice('unit')})\s+(?:ago|पहले|पूर्व)(?![\p{{L}}\p{{M}}])", regex.I
    )


@cache
def _named() -> regex.Pattern[str]:
    return regex.compile(rf"[^\p{{L}}\d]*(?P<day>{_choice('day')})(?![\p{{L}}\p{{M}}])", regex.I)


def _choice(use: str) -> str:
    return "|".join(map(regex.escape, sorted(_table(use), key=len, reverse=True)))


@cache
def _table(use: str) -> dict[str, int]:
    found = (row for row in rows(__package__, "ago.tsv") if row[0] == use)
    return {unicodedata.normalize("NFC", word): int(number) for _, word, number in found}
