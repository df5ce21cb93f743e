"""The words of dates: months, days, parts of the day, zones, units of time, each with its number."""

from __future__ import annotations

import unicodedata
from functools import cache

from pipeline.tsv import rows


@cache
def numbers_of(name: str) -> dict[str, int]:
    """The words of a table beside this module, in lower case and NFC, and their numbers."""
    return {unicodedata.normalize("NFC", word): int(number) for word, number in rows(__package__, name)}
