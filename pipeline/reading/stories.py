"""The way from an input to its stories: open, unpack, detect, hand to the reader of the format."""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable, Iterator, Sequence
from itertools import chain, islice
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from pipeline.article import Refusal, Story
from pipeline.reading import delimited, json_rows, parquet
from pipeline.reading.decode import decode
from pipeline.reading.detect import HEAD, Format, detect
from pipeline.reading.inputs import Source, sources
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.record import parse_text
from pipeline.reading.streams import read_whole, rejoined, unpacked

Reader = Callable[[BinaryIO, str, str | None], Iterator[Story | Refusal]]

_READERS: Final[dict[Format, Reader]] = {
    "text": lambda stream, uri, column: iter([_text(read_whole(stream), uri)]),
    "html": lambda stream, uri, column: iter([_page(read_whole(stream), uri)]),
    "csv": delimited.read_rows,
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
    if not found:
        raise NotAnArticle("empty", "This is a table without rows.")
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
        kind = detect(head, name, text_column)
        yield from _READERS[kind](rejoined(head, plain), uri, text_column)
    except NotAnArticle as no:
        yield no.refusal(uri)
    except (OSError, EOFError, zlib.error) as error:
        yield Refusal(uri, "unreadable", f"The data are damaged or end early: {error}.")


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
