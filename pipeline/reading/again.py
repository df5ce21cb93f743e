"""What was refused before → what it holds now, read once more by what was kept of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final, NamedTuple

from pipeline.article import Refusal, Story
from pipeline.reading.formats import Place, items_of
from pipeline.reading.kept import DAMAGE
from pipeline.reading.leads import Item, Listing, Origin, is_address
from pipeline.reading.reasons import NotAnArticle
from pipeline.story_lines import told

# The number of a row or entry, also of a sheet (`#Sheet!1`), or the address that an entry or record names.
_PART: Final = re.compile(r"#(?:(?:[^#/]*!)?\d+$|https?://)")


_KEPT_AS_STORIES: Final = frozenset(("language", "failed"))
"""Refused after they were read; a payload of the web is never taken for a story, whatever it looks like."""


class Refused(NamedTuple):
    """Something that was refused: its name, why, and how its payload is had; without one it is an address."""

    source_uri: str
    reason: str
    payload: Callable[[], bytes] | None = None


def read_again(refused: Refused, text_column: str | None) -> Iterator[Item]:
    """What it holds, under the name it had; what has no payload is to be fetched."""
    uri = refused.source_uri
    if refused.payload is None:
        yield Listing(uri)
        return
    try:
        content = refused.payload()
    except DAMAGE as error:
        yield NotAnArticle("unreadable", f"What was kept of it is damaged: {error}.").refusal(uri)
        return
    story = told(content) if refused.reason in _KEPT_AS_STORIES else None
    found = iter([story]) if story else items_of(content, _place(refused, text_column))
    for item in found:
        yield _named(item, uri)


def _place(refused: Refused, text_column: str | None) -> Place:
    uri = refused.source_uri
    part = _PART.search(uri) is not None
    origin = Origin(uri) if is_address(uri) and not part else None
    return Place(uri, text_column, refused.reason == "nested_archive", origin, part)


def _named(item: Item, uri: str) -> Item:
    """The item by its old name, where it is the only part of a document of its own."""
    if isinstance(item, Story | Refusal) and item.source_uri == f"{uri}#1" and _PART.search(uri):
        return replace(item, source_uri=uri)
    return item
