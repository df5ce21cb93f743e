"""JSON lines, or one JSON object or array of objects → stories, a row each."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from pipeline.article import Refusal, Story
from pipeline.reading.decode import decode
from pipeline.reading.kept import row_line
from pipeline.reading.lines import lines, misencoded
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import read_row
from pipeline.reading.streams import LARGEST_ARTICLE, read_whole


def read_lines(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every line that is not blank, `#` and its number added to the name."""
    for number, line in enumerate(lines(stream), 1):
        if line.strip("\ufeff \t\r\n"):
            yield _read_line(line, f"{uri}#{number}", text_column)


def read_document(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every object of one JSON document."""
    try:
        document = json.loads(decode(read_whole(stream)), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAnArticle("broken_row", f"The JSON cannot be parsed: {error}.") from error
    rows = document if isinstance(document, list) else [document]
    for number, row in enumerate(rows, 1):
        yield _read_object(row, f"{uri}#{number}", text_column)


def read_row_alone(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """The story or refusal of one row that was a line of something larger, under the name it had there."""
    yield _read_line("".join(lines(stream)), uri, text_column)


def _read_line(line: str, uri: str, text_column: str | None) -> Story | Refusal:
    if len(line) > LARGEST_ARTICLE:
        return Refusal(uri, "too_large", f"It is longer than {LARGEST_ARTICLE >> 20} million characters.")
    if misencoded(line):
        return Refusal(uri, "bad_encoding", "The line is not in the encoding of the file.", _bytes_of(line))
    try:
        return _read_object(json.loads(line.lstrip("\ufeff"), strict=False), uri, text_column)
    except (ValueError, RecursionError) as error:
        return Refusal(uri, "broken_row", f"The line is not JSON: {error}.", _bytes_of(line))


def _bytes_of(line: str) -> bytes:
    return line.rstrip("\r\n").encode("utf-8", "surrogateescape")


def _read_object(row: object, uri: str, text_column: str | None) -> Story | Refusal:
    if not isinstance(row, dict):
        return Refusal(uri, "broken_row", "The row is not a JSON object.", row_line(row))
    return read_row(row, uri, text_column)
