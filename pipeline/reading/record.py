"""The record form (` date YYYY-MM-DD article text`) and plain text → Story.

A date that no calendar has (2025-02-31), or of which there is no news (0025-12-25), is no header: the
line then stays in the text, so that nothing is lost.
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import regex

from pipeline.article import Story
from pipeline.reading.dates import plausible

_BLANK: Final = "\ufeff\u200b" + "".join(filter(str.isspace, map(chr, range(0x3001))))
_HEADER = regex.compile(
    rf"[{_BLANK}]*date[ \t\xa0]+([0-9०-९]{{4}})-([0-9०-९]{{2}})-([0-9०-९]{{2}})(?![\p{{L}}\p{{M}}\p{{N}}])",
    regex.I,
)
_SENTENCE_END: Final = ("।", "॥", ".", "|", ":", ",", ";", "-", "–", "—")
_CLOSING: Final = "\"'”’)]» "
_LONGEST_TITLE: Final = 160
_FEWEST_TITLE_WORDS: Final = 3


def parse_text(text: str, source_uri: str) -> Story:
    """The story of any text, in record form or plain; never raises."""
    day, start = header(text)
    source_text = text[start:].strip(_BLANK)
    title = title_line(source_text)
    return Story(
        source_uri, source_text, title=title, published_date=day, date_source="header" if day else None
    )


def header(text: str) -> tuple[dt.date | None, int]:
    """The date of a record header and the offset where it ends; (None, 0) when there is none."""
    match = _HEADER.match(text)
    if match is None:
        return None, 0
    try:
        day = dt.date(*map(int, match.groups()))
    except ValueError:
        return None, 0
    return (day, match.end()) if plausible(day) else (None, 0)


def title_line(text: str) -> str | None:
    """The first line where it reads as a headline: short, no end of a sentence, more text below."""
    lines = [line.strip(_BLANK) for line in text.splitlines()]
    if not lines or not _headline_like(lines[0]):
        return None
    below = [line for line in lines[1:] if line]
    apart = len(lines) > 1 and not lines[1]
    # The lines of a text broken to one width are alike; below a headline a paragraph is longer.
    longer = any(len(line) > 1.5 * len(lines[0]) for line in below)
    return lines[0] if below and (apart or longer) else None


def _headline_like(line: str) -> bool:
    short = len(line) <= _LONGEST_TITLE and len(line.split()) >= _FEWEST_TITLE_WORDS
    bare = line.rstrip(_CLOSING)
    return short and (bare.endswith("...") or not bare.endswith(_SENTENCE_END))
