"""CSV and TSV with a header → stories, a row each."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain, dropwhile
from pathlib import PurePosixPath
from typing import BinaryIO

from pipeline.article import Refusal, Story
from pipeline.reading.columns import columns_of
from pipeline.reading.detect import delimiter
from pipeline.reading.lines import lines, misencoded
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import no_text_column, read_row
from pipeline.reading.streams import LARGEST_ARTICLE


def read_rows(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every row below the header, `#` and its number added to the name."""
    records = _records(stream, uri, text_column)
    names = next(records, [])
    if isinstance(names, csv.Error):
        raise NotAnArticle("broken_row", f"The header cannot be parsed: {names}.")
    if columns_of(tuple(names), text_column).text is None:
        raise no_text_column(names)
    for number, fields in enumerate((record for record in records if record), 1):
        yield _read_fields(names, fields, f"{uri}#{number}", text_column)


def _records(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[list[str] | csv.Error]:
    """The fields of every record; the error in the place of one that cannot be parsed."""
    csv.field_size_limit(LARGEST_ARTICLE)
    rest = dropwhile(lambda line: not line.strip("\ufeff \t\r\n"), lines(stream))
    first = next(rest, "")
    mark = delimiter(first, PurePosixPath(uri).name.removesuffix(".gz"), text_column) or ","
    reader = csv.reader(chain([first.lstrip("\ufeff")], rest), delimiter=mark, strict=True)
    while True:
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield error


def _read_fields(
    names: list[str], fields: list[str] | csv.Error, uri: str, text_column: str | None
) -> Story | Refusal:
    if isinstance(fields, csv.Error):
        return Refusal(uri, "broken_row", f"The row cannot be parsed: {fields}.")
    if sum(map(len, fields)) >= LARGEST_ARTICLE:
        return Refusal(uri, "too_large", f"It is larger than {LARGEST_ARTICLE >> 20} million characters.")
    if any(map(misencoded, fields)):
        return Refusal(uri, "bad_encoding", "The row is not in the encoding of the file.")
    if len(fields) < len(names) or any(fields[len(names) :]):
        return Refusal(uri, "broken_row", f"The row has {len(fields)} fields, the header {len(names)}.")
    return read_row(dict(zip(names, fields, strict=False)), uri, text_column)
