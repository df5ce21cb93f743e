"""A row of a table → Story, whatever the table's format."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from pipeline.article import Refusal, Story
from pipeline.reading.columns import Columns, columns_of
from pipeline.reading.dates import Published, published
from pipeline.reading.decode import decode
from pipeline.reading.detect import looks_like_html
from pipeline.reading.kept import row_line
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.record import parse_text
from pipeline.reading.streams import LARGEST_ARTICLE
from pipeline.reading.wording import SPACE, headed, names_of


def read_row(row: Mapping[str, object], uri: str, text_column: str | None) -> Story | Refusal:
    """The story of a row, or why it holds none."""
    try:
        return _story(row, uri, columns_of(tuple(row), text_column))
    except NotAnArticle as no:
        return no.refusal(uri, row_line(row))


def no_text_column(names: Iterable[str]) -> NotAnArticle:
    """The refusal of a table or row none of whose columns is known to hold text."""
    return NotAnArticle("no_text_column", f"No column is known to hold text among: {', '.join(names)[:200]}.")


def _story(row: Mapping[str, object], uri: str, columns: Columns) -> Story:
    bare = parse_text(_text(row, columns), uri)
    title = _string(row, columns.title)
    if not bare.source_text:
        raise NotAnArticle("empty", "The row has no text.")
    when = published(row.get(columns.date)) if columns.date else None
    return Story(
        source_uri=uri,
        source_text=headed(title, bare.source_text),
        url=_string(row, columns.url),
        publisher=_string(row, columns.publisher),
        title=title or bare.title,
        byline=names_of(_string(row, columns.byline) or ""),
        published_at=_moment(when, bare.published_date),
        published_date=bare.published_date or (when.date if when else None),
        date_source=bare.date_source or ("metadata" if when else None),
    )


def _moment(when: Published | None, day: dt.date | None) -> dt.datetime | None:
    """The instant of the date column, unless the text's own header names another day."""
    return when.at if when and day in (None, when.date) else None


def _text(row: Mapping[str, object], columns: Columns) -> str:
    if columns.text is None:
        raise no_text_column(row)
    value = row[columns.text]
    if isinstance(value, bytes):
        value = decode(value)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        value = "\n\n".join(value)
    if value is None:
        raise NotAnArticle("empty", "The row has no text.")
    if not isinstance(value, str):
        raise NotAnArticle("broken_row", f"The column {columns.text!r} holds no text.")
    if len(value) > LARGEST_ARTICLE:
        raise NotAnArticle("too_large", f"It is larger than {LARGEST_ARTICLE >> 20} MB.")
    return _plain(value)


def _plain(text: str) -> str:
    if not looks_like_html(text):
        return text
    from pipeline.reading.blocks import fragment_text  # late: the parser is slow to import

    return fragment_text(text)


def _string(row: Mapping[str, object], column: str | None) -> str | None:
    value = row.get(column) if column else None
    parts = [each.get("name") if isinstance(each, dict) else each for each in _listed(value)]
    joined = ", ".join(_as_text(part) for part in parts if isinstance(part, str | bytes))
    return joined.strip(SPACE) or None


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _as_text(value: str | bytes) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
