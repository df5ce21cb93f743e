"""Parquet → stories, a row each, in batches."""

from __future__ import annotations

import gzip
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import count
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from pipeline.article import Refusal, Story
from pipeline.reading.columns import Columns, columns_of
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import no_text_column, read_row

if TYPE_CHECKING:
    import pyarrow as pa

_BATCH: Final = 256  # rows


def read_rows(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every row, `#` and its number added to the name."""
    numbers = count(1)
    with _seekable(stream) as file:
        for row in _rows(file, text_column):
            name = f"{uri}#{next(numbers)}"
            if row is None:
                yield Refusal(name, "bad_encoding", "The row holds text that is not UTF-8.")
            else:
                yield read_row(row, name, text_column)


def _rows(file: BinaryIO, text_column: str | None) -> Iterator[Mapping[str, object] | None]:
    """The rows of a file, None for one whose strings cannot be decoded."""
    import pyarrow as pa  # late: slow to import
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(file)
        names = _wanted(tuple(table.schema_arrow.names), text_column)
        for batch in table.iter_batches(_BATCH, columns=names):
            yield from map(_decoded, (batch.slice(at, 1) for at in range(batch.num_rows)))
    except (pa.ArrowException, ValueError) as error:
        raise NotAnArticle("unreadable", f"The Parquet data are damaged: {error}.") from error


def _wanted(names: tuple[str, ...], text_column: str | None) -> list[str]:
    columns: Columns = columns_of(names, text_column)
    if columns.text is None:
        raise no_text_column(names)
    parts = (columns.text, columns.title, columns.date, columns.url, columns.byline, columns.publisher)
    return [name for name in parts if name is not None]


def _decoded(row: pa.RecordBatch) -> Mapping[str, object] | None:
    try:
        return cast(Mapping[str, object], row.to_pylist()[0])
    except UnicodeDecodeError:
        return None


def _seekable(stream: BinaryIO) -> AbstractContextManager[BinaryIO]:
    """The stream, or a temporary file with its data where it cannot be read from the end."""
    if stream.seekable() and not isinstance(stream, gzip.GzipFile):
        return nullcontext(stream)
    return _copied(stream)


@contextmanager
def _copied(stream: BinaryIO) -> Iterator[BinaryIO]:
    with tempfile.TemporaryFile() as file:
        shutil.copyfileobj(stream, file, 1 << 20)
        file.seek(0)
        yield cast(BinaryIO, file)
