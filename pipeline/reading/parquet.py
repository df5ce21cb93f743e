"""Parquet → stories, a row each, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from pipeline.article import Refusal, Story
from pipeline.reading.columns import Columns, columns_of
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import no_text_column, read_row
from pipeline.reading.streams import seekable

if TYPE_CHECKING:
    import pyarrow as pa

Row = Mapping[str, object]

_BATCH: Final = 256  # rows
_BUFFER: Final = 1 << 20  # bytes of a column
# What conversion to Python raises: strings that are not UTF-8, times out of range, unknown zones.
_UNTOLD: Final = (ValueError, OverflowError, KeyError)
_UNDECODED: Final = object()


def read_rows(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every row, `#` and its number added to the name."""
    with seekable(stream) as file:
        for number, row in enumerate(_rows(file, text_column), 1):
            name = f"{uri}#{number}"
            if row is None:
                yield Refusal(name, "bad_encoding", "The row holds text that is not UTF-8.")
            else:
                yield read_row(row, name, text_column)


def _rows(file: BinaryIO, text_column: str | None) -> Iterator[Row | None]:
    """The rows of a file, None for one whose text cannot be decoded."""
    import pyarrow as pa  # late: slow to import
    import pyarrow.parquet as pq

    try:
        # Piece by piece: a whole file may be one group of rows.
        table = pq.ParquetFile(file, buffer_size=_BUFFER, pre_buffer=False)
        names = _wanted(tuple(table.schema_arrow.names), text_column)
        for batch in table.iter_batches(_BATCH, columns=names):
            yield from _decoded(batch, names[0])
    except pa.ArrowException as error:
        raise NotAnArticle("unreadable", f"The Parquet data are damaged: {error}.") from error


def _wanted(names: tuple[str, ...], text_column: str | None) -> list[str]:
    columns: Columns = columns_of(names, text_column)
    if columns.text is None:
        raise no_text_column(names)
    parts = (columns.text, columns.title, columns.date, columns.url, columns.byline, columns.publisher)
    return [name for name in parts if name is not None]


def _decoded(batch: pa.RecordBatch, text: str) -> list[Row | None]:
    """The rows of a batch; a value that Python cannot hold, such as a day in the year 9999999, is None."""
    try:
        return cast(list[Row | None], batch.to_pylist())
    except _UNTOLD:
        columns = [_values(column) for column in batch.columns]
        rows = [dict(zip(batch.schema.names, values, strict=True)) for values in zip(*columns, strict=True)]
        return [None if row[text] is _UNDECODED else row for row in rows]


def _values(column: pa.Array) -> list[object]:
    return [_value(column.slice(at, 1)) for at in range(len(column))]


def _value(cell: pa.Array) -> object:
    try:
        return cell.to_pylist()[0]
    except UnicodeDecodeError:
        return _UNDECODED
    except _UNTOLD:
        return None
