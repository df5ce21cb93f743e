"""What a page says of its article: title, by whom, where; JSON-LD first, then meta tags, then the page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Final

import regex

from pipeline.reading import jsonld
from pipeline.reading.blocks import Block
from pipeline.reading.clutter import is_beside
from pipeline.reading.markup import Element, marked, words
from pipeline.reading.meta import first
from pipeline.reading.opened import Page
from pipeline.reading.wording import names_after_by, names_of, solid, squeezed

_TITLES: Final = ("og:title", "twitter:title", "dc.title", "headline", "title")
_SITES: Final = ("og:site_name", "publisher", "application-name")
_INLINE = regex.compile(r"</?(?:b|i|u|em|strong|span|br)\b[^<>]*>", regex.I)
_SUFFIX = regex.compile(r"(.*\S)\s+([|\-–—:»])\s+(.*?)", regex.S)
_MOST_SITE: Final = 3  # words of the name of a site or section
_LONGEST_TITLE: Final = 1000
_MOST_AUTHORS: Final = 20
_ADDRESS = regex.compile(r"https?://\S+", regex.I)


def page_title(page: Page) -> str | None:
    """The headline: as the publisher states it, else as its headings and its names for the page tell it."""
    headings = page.headings
    named = squeezed(first(page.meta, *_TITLES) or "")[:_LONGEST_TITLE]
    tab = squeezed(page.root.findtext("head/title") or "")[:_LONGEST_TITLE]
    stated = _plain(jsonld.text(page.node, "headline") or "") or _microdata(page.root, "headline")
    candidates = (
        _uncut(squeezed(stated), headings),
        _heading_in(named or tab, headings),
        # a page's one heading rather than what its browser tab says
        headings[0] if not named and len(set(headings)) == 1 else None,
        _without_site(named or tab, page.meta),
        squeezed(jsonld.rescued(page.node, "headline") or ""),
        *headings,
    )
    return next(filter(None, candidates), None)


def _plain(stated: str) -> str:
    return _INLINE.sub("", stated)


def _uncut(stated: str, headings: list[str]) -> str:
    """A headline, from the heading that begins with it where it trails off."""
    cut = stated.rstrip(".… ")
    return stated if cut == stated else next((each for each in headings if each.startswith(cut)), stated)


def _heading_in(shown: str, headings: list[str]) -> str | None:
    """The heading that a name of the page has in it, as it is written there."""
    own = next((each for each in headings if solid(each) in solid(shown)), None)
    return _as_written(own, shown) if own else None


def _microdata(page: Element, name: str) -> str:
    """The text of the element that microdata marks as `name`; empty when there is none."""
    return next((words(element) for element in _items(page, name)), "")


def _items(page: Element, name: str) -> Iterator[Element]:
    return (element for element, value in marked(page, "itemprop") if name in value.split())


def publisher(page: Page) -> str | None:
    """The name of the newspaper or site."""
    stated = jsonld.names(page.node, "publisher")
    known = stated[0] if stated else first(page.meta, *_SITES)
    return known or next(
        (name for element in _items(page.root, "publisher") for name in _names_in(element)), None
    )


def byline(page: Page, above: Sequence[Block]) -> tuple[str, ...]:
    """The authors, people or desks; `above` are the blocks between the title and the body."""
    for stated in _bylines(page, above):
        found = [name for each in stated if _is_name(each) for name in names_of(each)]
        if found:
            return tuple(dict.fromkeys(found))
    return ()


def _bylines(page: Page, above: Sequence[Block]) -> Iterator[Sequence[str]]:
    """What says by whom, the most trusted first."""
    yield jsonld.names(page.node, "author") or jsonld.names(page.node, "creator")
    yield [first(page.meta, "author", "article:author", "byl", "dc.creator") or ""]
    yield [name for element in _authors(page.root) for name in _names_in(element)]
    yield [name for block in above for name in names_after_by(block.text.split("\n")[0])]


def _authors(page: Element) -> list[Element]:
    linked = (element for element, value in marked(page, "rel") if "author" in value.lower().split())
    found = list(islice(chain(linked, _items(page, "author")), _MOST_AUTHORS))
    return [element for element in found if not is_beside(element)] or found


def _names_in(element: Element) -> list[str]:
    """The names that microdata marks within an element, else all its text."""
    within = list(islice((each for each in _items(element, "name") if each is not element), _MOST_AUTHORS))
    found = [each.get("content") or words(each) for each in within or [element]]
    return [name for name in found if _is_name(name)]


def _as_written(heading: str, shown: str) -> str:
    """A heading as the page's title has it, where the spaces between its parts are not lost."""
    parts = shown.split()
    starts = (" ".join(parts[:count]) for count in range(1, len(parts) + 1))
    return next((start for start in starts if solid(start) == solid(heading)), heading)


def _without_site(shown: str, meta: Mapping[str, str]) -> str | None:
    """A page title without the names of the site and its sections after it."""
    site = solid(first(meta, *_SITES) or "")
    while match := _SUFFIX.fullmatch(shown):
        most = _MOST_SITE if match[2] in "|»" or not site else 0
        if solid(match[3]) != site and len(match[3].split()) > most:
            break
        shown = match[1]
    return shown or None


def _is_name(value: str) -> bool:
    return 0 < len(value) <= 200 and not _ADDRESS.match(value)
