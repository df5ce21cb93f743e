"""Rows as commands show them: for programs by column, for people in short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

_SHORT: Final = {
    "started_at": "started_utc",
    "last_due": "last_due_utc",
    "articles_per_second": "per_second",
    **{f"n_{name}": name for name in ("read", "written", "unchanged", "duplicates", "rejected")},
}
_LEFT_OUT: Final = "ended_at"  # the seconds say it, and the width of a terminal is dear


class Rows(NamedTuple):
    """The answer to a question about the store."""

    columns: list[str]
    rows: list[tuple[Any, ...]]

    def records(self) -> list[dict[str, Any]]:
        """The rows by column."""
        return [dict(zip(self.columns, row, strict=True)) for row in self.rows]

    def for_people(self) -> Rows:
        """The same with short names, and instants in UTC without fractions."""
        kept = [place for place, column in enumerate(self.columns) if column != _LEFT_OUT]
        names = [_SHORT.get(self.columns[place], self.columns[place]) for place in kept]
        return Rows(names, [tuple(_short(row[place]) for place in kept) for row in self.rows])


def of_records(columns: Sequence[str], records: Sequence[dict[str, Any]]) -> Rows:
    """The rows that have these columns."""
    return Rows(list(columns), [tuple(one[column] for column in columns) for one in records])


def _short(value: object) -> object:
    return f"{value.astimezone(dt.UTC):%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else value
