"""The way from an input to its stories: open, unpack, detect, hand to the reader of the format."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields, replace
from functools import partial
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final

from pipeline.article import Refusal, Story
from pipeline.reading import delimited, json_rows, parquet
from pipeline.reading.decode import decode
from pipeline.reading.detect import HEAD, Format, detect
from pipeline.reading.dialect import Dialect
from pipeline.reading.inputs import Source, sources
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.record import parse_text
from pipeline.reading.streams import read_whole, rejoined, unpacked

Reader = Callable[[BinaryIO, str, str | None], Iterator[Story | Refusal]]

_SURROGATE: Final = re.compile("[\ud800-\udfff]")

_READERS: Final[dict[Format, Reader]] = {
    "text": lambda stream, uri, column: iter([_text(read_whole(stream), uri)]),
    "html": lambda stream, uri, column: iter([_page(read_whole(stream), uri)]),
    "jsonl": json_rows.read_lines,
    "json": json_rows.read_document,
    "parquet": parquet.read_rows,
}


def read(inputs: Sequence[str], *, text_column: str | None = None) -> Iterator[Story | Refusal]:
    """All stories and refusals of files, folders, globs or `-`, lazily; within an input sorted by path.

    Raises InputNotFound at once when an input names nothing.
    """
    found = [sources(name) for name in inputs]
    return chain.from_iterable(_read_source(source, text_column) for source in chain.from_iterable(found))


def read_bytes(content: bytes, source_uri: str) -> Iterator[Story | Refusal]:
    """The stories and refusals of one file's content, of any format."""
    return _read_stream(io.BytesIO(content), source_uri, None)


def read_article(content: bytes, source_uri: str) -> Story:
    """The one article that `content` holds, of any format; NotAnArticle when it holds none or several."""
    found = list(islice(read_bytes(content, source_uri), 2))
    if len(found) > 1:
        raise NotAnArticle("many_articles", "This is a table of several rows, where one article is wanted.")
    if isinstance(found[0], Refusal):
        raise NotAnArticle(found[0].reason, found[0].detail)
    return found[0]


def _read_source(source: Source, text_column: str | None) -> Iterator[Story | Refusal]:
    try:
        with source.open() as stream:
            yield from _read_stream(stream, source.uri, text_column)
    except OSError as error:
        yield Refusal(source.uri, "unreadable", f"The file cannot be read: {error.strerror or error}.")


def _read_stream(stream: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """What `stream` holds; damage met on the way becomes the last refusal, after what was read before."""
    try:
        plain, name = unpacked(stream, PurePosixPath(uri).name)
        head = plain.read(HEAD)
        read_format = _reader(detect(head, name, text_column))
        found = map(_storable, read_format(rejoined(head, plain), uri, text_column))
        first = next(found, Refusal(uri, "empty", "The table has no rows."))
        yield first
        yield from found
    except NotAnArticle as no:
        yield no.refusal(uri)
    except (OSError, EOFError, zlib.error) as error:
        yield NotAnArticle("unreadable", f"The data are damaged or end early: {error}.").refusal(uri)
    # The boundary of "one bad file never ends a run": whatever a library raises on strange bytes stops here.
    except Exception as error:
        yield NotAnArticle("unreadable", f"It cannot be read ({type(error).__name__}: {error}).").refusal(uri)


def _reader(found: Format | Dialect) -> Reader:
    if isinstance(found, Dialect):
        return partial(delimited.read_rows, dialect=found)
    return _READERS[found]


def _storable(found: Story | Refusal) -> Story | Refusal:
    """What was read, with U+FFFD for halves of surrogate pairs, which no file can hold."""
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    whole: dict[str, Any] = {name: _whole(value) for name, value in values.items()}
    return found if whole == values else replace(found, **whole)


def _whole(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    if not isinstance(value, str) or not _SURROGATE.search(value):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _page(content: bytes, uri: str) -> Story:
    from pipeline.reading.page import read_page  # late: the HTML parser is slow to import

    return read_page(content, uri)


def _text(content: bytes, uri: str) -> Story:
    story = parse_text(decode(content), uri)
    if not story.source_text:
        raise NotAnArticle("empty", "There is no text.")
    if not any(char.isalpha() for char in story.source_text):
        raise NotAnArticle("not_text", "The text has not a single letter.")
    return story
