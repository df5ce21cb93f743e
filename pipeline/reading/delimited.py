"""CSV and TSV with a header → stories, a row each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import islice
from typing import BinaryIO, Literal

from pipeline.article import Refusal, Story
from pipeline.reading.columns import columns_of
from pipeline.reading.dialect import Dialect
from pipeline.reading.kept import row_line
from pipeline.reading.lines import lines, misencoded
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import no_text_column, read_row
from pipeline.reading.streams import LARGEST_ARTICLE


def read_rows(
    stream: BinaryIO, uri: str, text_column: str | None, dialect: Dialect
) -> Iterator[Story | Refusal]:
    """A story or refusal for every row below the header, `#` and its number added to the name."""
    records = _records(stream, dialect)
    names = next(records, [])
    if isinstance(names, NotAnArticle):
        raise names
    while names and not names[-1].strip():  # a separator at the end of the header names no column
        names.pop()
    if columns_of(tuple(names), text_column).text is None:
        raise no_text_column(names)
    for number, fields in enumerate((record for record in records if record), 1):
        yield _read_fields(names, fields, f"{uri}#{number}", text_column)


def _records(stream: BinaryIO, dialect: Dialect) -> Iterator[list[str] | NotAnArticle]:
    """The fields of every record; in the place of one that cannot be parsed, the lines it has taken in."""
    csv.field_size_limit(LARGEST_ARTICLE)
    rest = islice(lines(stream), dialect.above, None)
    quoting: Literal[0, 3] = csv.QUOTE_MINIMAL if dialect.quoted else csv.QUOTE_NONE
    reader = csv.reader(rest, delimiter=dialect.mark, quoting=quoting, strict=True)
    while True:
        above = dialect.above + reader.line_num
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _broken(error, above + 1, dialect.above + reader.line_num)


def _broken(error: csv.Error, first: int, last: int) -> NotAnArticle:
    where = f"line {first}" if first == last else f"lines {first} to {last}"
    return NotAnArticle("broken_row", f"The row, {where} of the file, cannot be parsed: {error}.")


def _read_fields(
    names: list[str], fields: list[str] | NotAnArticle, uri: str, text_column: str | None
) -> Story | Refusal:
    if isinstance(fields, NotAnArticle):
        return fields.refusal(uri)
    if sum(map(len, fields)) >= LARGEST_ARTICLE:
        return Refusal(uri, "too_large", f"It is larger than {LARGEST_ARTICLE >> 20} million characters.")
    if no := _fault(names, fields):
        return no.refusal(uri, row_line({"columns": names, "fields": fields}))
    return read_row(dict(zip(names, fields, strict=False)), uri, text_column)


def _fault(names: list[str], fields: list[str]) -> NotAnArticle | None:
    if any(map(misencoded, fields)):
        return NotAnArticle("bad_encoding", "The row is not in the encoding of the file.")
    if len(fields) < len(names) or any(fields[len(names) :]):
        return NotAnArticle("broken_row", f"The row has {len(fields)} fields, the header {len(names)}.")
    return None
