"""Files that were read before, byte for byte: their stories are remembered, and they are not read again.

What a file holds depends on its bytes, its name and the text column alone, and its key is made of these.
Only files that hold nothing but stories are remembered.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from itertools import islice
from typing import BinaryIO, Final, NamedTuple, Protocol

from pipeline.article import Repeat, Story, stable_id
from pipeline.reading.inputs import Source
from pipeline.reading.leads import Item

_TOGETHER: Final = 512  # files that are looked up at once
_HELD: Final = 16 << 20  # bytes of them that are held meanwhile
_SMALL: Final = 1 << 17  # bytes of a file that is held whole
_DIGEST: Final = 32  # letters of a digest that are kept, 128 bits
_REPEATED: Final = 1_000  # stories that are told of at once

ReadSource = Callable[[Source], Iterator[Item]]


class Memory(Protocol):
    """What reading asks of the memory of earlier runs."""

    def recall(self, keys: Sequence[str]) -> Mapping[str, Sequence[str]]:
        """By the keys of files that are remembered: the ids of their articles, every one of them stored."""

    def identity(self, story: Story) -> str:
        """The id of the article that a story makes."""

    def note(self, key: str, article_ids: Sequence[str]) -> None:
        """Remember the articles of a file."""


class _Taken(NamedTuple):
    """A source with its key, empty when it has none; its bytes are at hand when they are few."""

    source: Source
    key: str = ""
    content: bytes | None = None


def recalled(
    found: Iterator[Source], text_column: str | None, memory: Memory, read: ReadSource
) -> Iterator[Item | Repeat]:
    """What sources hold, in their order: of those that are remembered the repeats, the others read."""
    for some in _some(found, text_column):
        known = memory.recall([one.key for one in some if one.key])
        for one in some:
            if one.key in known:
                yield from _repeats(one.source.uri, known[one.key])
            else:
                yield from _noted(one, text_column, memory, read)


def _some(found: Iterator[Source], text_column: str | None) -> Iterator[list[_Taken]]:
    taken: list[_Taken] = []
    held = 0
    for source in found:
        taken.append(_taken(source, text_column))
        held += len(taken[-1].content or b"")
        if len(taken) == _TOGETHER or held > _HELD:
            yield taken
            taken, held = [], 0
    if taken:
        yield taken


def _taken(source: Source, text_column: str | None) -> _Taken:
    if not source.again:
        return _Taken(source)
    try:
        with source.open() as stream:
            content = stream.read(_SMALL + 1)
            if len(content) > _SMALL:
                return _Taken(source, _key(source, text_column, _digest(stream, content)))
    except OSError:  # it is told of when the source is read
        return _Taken(source)
    return _Taken(source, _key(source, text_column, hashlib.sha256(content).hexdigest()), content)


def _digest(stream: BinaryIO, begun: bytes) -> str:
    digest = hashlib.sha256(begun)
    while piece := stream.read(_SMALL):
        digest.update(piece)
    return digest.hexdigest()


def _key(source: Source, text_column: str | None, digest: str) -> str:
    return stable_id("file", source.uri, text_column) + digest[:_DIGEST]


def _repeats(uri: str, article_ids: Sequence[str]) -> Iterator[Repeat]:
    ids = iter(article_ids)
    while some := tuple(islice(ids, _REPEATED)):
        yield Repeat(uri, some)


def _noted(one: _Taken, text_column: str | None, memory: Memory, read: ReadSource) -> Iterator[Item]:
    """What a source holds; remembered when it was read to its end, held only stories and did not change."""
    article_ids: list[str] | None = [] if one.key else None
    for item in read(_held(one)):
        if not isinstance(item, Story):
            article_ids = None
        elif article_ids is not None:
            article_ids.append(memory.identity(item))
        yield item
    if article_ids and (one.content is not None or _taken(one.source, text_column).key == one.key):
        memory.note(one.key, article_ids)


def _held(one: _Taken) -> Source:
    """The source, not to be opened again where its bytes are at hand: they are those of the key."""
    content = one.content
    if content is None:
        return one.source
    return replace(one.source, open=lambda: nullcontext(io.BytesIO(content)))
