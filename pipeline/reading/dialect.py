"""Whether text is a table of delimited fields, and in which dialect it is written.

A name in .csv or .tsv is believed where the first line has fields at all. Any other table must show
itself by its header: two columns of known parts, or names below which several rows fit.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import Final

import regex

from pipeline.reading.columns import columns_of, known_parts

_DELIMITERS: Final = ",\t;|"
_NAMED: Final = (".csv", ".tsv")
_SEPARATOR = regex.compile(r"\ufeff?sep=(.)\s*", regex.I)
_NAME = regex.compile(r"[\p{L}\p{M}\p{N}_]+(?:[ _.-][\p{L}\p{M}\p{N}_]+){0,3}")
_LONGEST_NAME: Final = 40
_SEVERAL: Final = 2  # rows that fit
_LINE_END = regex.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Dialect:
    """What separates the fields, whether quotes enclose them, and how many lines stand above the header."""

    mark: str
    quoted: bool = True
    above: int = 0


def dialect_of(text: str, name: str, text_column: str | None = None) -> Dialect | None:
    """The dialect of the table whose head is `text` and whose file is called `name`; None if it is none."""
    lines = _LINE_END.split(text.lstrip("\ufeff"))
    named = name.endswith(_NAMED)
    above, stated = _preamble(lines, named, text_column)
    if above == len(lines):
        return None
    header, below = lines[above], lines[above + 1 :]
    mark = stated or _mark(header, below, name, text_column)
    return Dialect(mark, mark != "\t" or _is_quoted(header, below), above) if mark else None


def _preamble(lines: list[str], named: bool, text_column: str | None) -> tuple[int, str | None]:
    """How many lines stand above the header, and the separator that one of them states."""
    for at, line in enumerate(lines):
        if stated := _SEPARATOR.fullmatch(line):
            return at + 1, stated[1]
        remark = named and line.startswith("#") and not _marks_with_text(line, text_column)
        if line.strip() and not remark:
            return at, None
    return len(lines), None


def _mark(header: str, below: list[str], name: str, text_column: str | None) -> str | None:
    if name.endswith(_NAMED):
        return _named_mark(header, name, text_column)
    return _shown_mark(header, below, text_column)


def _named_mark(header: str, name: str, text_column: str | None) -> str | None:
    """The separator in a file that says it is a table, which may also be of one column."""
    order = sorted(_DELIMITERS, key=lambda mark: mark != "\t") if name.endswith(".tsv") else _DELIMITERS
    if with_text := [mark for mark in order if mark in _marks_with_text(header, text_column)]:
        return with_text[0]
    most = max(order, key=lambda mark: len(_fields(header, mark)))
    return most if len(_fields(header, most)) > 1 else None


def _marks_with_text(header: str, text_column: str | None) -> list[str]:
    """The separators that make one of the fields of a header the column of text."""
    return [mark for mark in _DELIMITERS if columns_of(tuple(_fields(header, mark)), text_column).text]


def _shown_mark(header: str, below: list[str], text_column: str | None) -> str | None:
    """The separator of a table that only its content shows to be one."""
    for mark in _marks_with_text(header, text_column):
        names = _fields(header, mark)
        if len(names) > 1 and all(map(_is_name, names)) and _is_evident(names, below, mark, text_column):
            return mark
    return None


def _is_evident(names: list[str], below: list[str], mark: str, text_column: str | None) -> bool:
    rows = [line for line in below if line.strip()]
    fit = [len(_fields(row, mark)) == len(names) for row in rows]
    if known_parts(tuple(names), text_column) > 1:
        return not rows or fit[0] or rows[0].count('"') % 2 == 1  # a quoted field that goes on below
    # In prose a space follows a comma: `News, Delhi` is a dateline. The last row seen may be cut off.
    padded = any(name != name.strip() for name in names)
    return not padded and sum(fit) >= _SEVERAL and all(fit[:-1])


def _is_name(field: str) -> bool:
    bare = field.strip()
    return not bare or (len(bare) <= _LONGEST_NAME and _NAME.fullmatch(bare) is not None)


def _is_quoted(header: str, below: list[str]) -> bool:
    """Whether quotes enclose the fields of a table with tabs rather than stand in its text.

    They do where each closes in the line it opens in, or where lines are no rows without them.
    """
    rows = [line for line in below if line.strip()]
    opened = [field for row in rows for field in row.split("\t") if field.startswith('"')]
    if all(len(field) > 1 and field.endswith('"') for field in opened):
        return bool(opened) or header.startswith('"')
    width = header.count("\t") + 1
    bare = [row.count("\t") + 1 == width for row in rows]
    return not all(bare[:-1]) and _fit_enclosed(below, width)


def _fit_enclosed(below: list[str], width: int) -> bool:
    """Whether all lines are rows where quotes enclose fields; the last may be cut off, as a head is."""
    reader = csv.reader((f"{line}\n" for line in below), delimiter="\t", strict=True)
    last = len(below) - 1
    try:
        return all(len(record) in (0, width) or reader.line_num >= last for record in reader)
    except csv.Error:
        return reader.line_num >= last


def _fields(line: str, mark: str) -> list[str]:
    return next(csv.reader([line], delimiter=mark), [])
