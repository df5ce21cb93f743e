"""When a page says that its article was published and changed, and where it says so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import regex

from pipeline.article import DateSource
from pipeline.reading import jsonld
from pipeline.reading.blocks import Block
from pipeline.reading.clutter import is_beside
from pipeline.reading.dates import Published, is_only_date, published, starts_with_date
from pipeline.reading.markup import Element, words
from pipeline.reading.meta import first
from pipeline.reading.opened import Page

_DATES: Final = (
    *("article:published_time", "og:article:published_time", "og:published_time", "article:published"),
    *("datepublished", "publish-date", "publish_date", "publishdate", "published_date", "published_time"),
    *("publication_date", "pubdate", "pub_date", "parsely-pub-date", "sailthru.date", "article.published"),
    *("cxenseparse:recs:publishtime", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date"),
    *("article_date_original", "date"),
)
_LATER: Final = (
    *("article:modified_time", "og:article:modified_time", "og:updated_time", "datemodified"),
    *("last-modified", "lastmod", "last_modified", "modified_time", "dcterms.modified", "article.updated"),
)
_PUBLISHED: Final = (
    r"(?:published|publish(?:ing)? date|posted|created|first up|प्रकाशित|पब्लिश्?ड?|प्रकाशन|पोस्टेड|पोस्ट)"
)
_UPDATED: Final = r"(?:updated?|modified|edited on|अपडेटेड|अपडेट|संशोधित|अद्यतन)"
_CUE = regex.compile(
    rf"(?:^|[|•·,;/(\n])[^\p{{L}}\d]*(?:(?:last|first|date|story|article|लास्ट|अंतिम|आखिरी)\s+)?"
    rf"(?:(?P<published>{_PUBLISHED})|(?P<updated>{_UPDATED}))(?![\p{{L}}\p{{M}}])",
    regex.I,
)
_CLOCKED = regex.compile(r"\bIST\b")
_IN_URL = regex.compile(
    r"/(20\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=/|$)|[-/_](20\d{2})-(\d{2})-(\d{2})(?=[./_?-]|$)"
)
_Said = tuple[DateSource, str | None]
_SHORTEST_LINE: Final = 9  # characters
_LONGEST_LINE: Final = 160
_MOST_LINES: Final = 100


def when(
    page: Page, above: Sequence[Block], seen_at: dt.datetime | None
) -> tuple[Published | None, DateSource | None]:
    """When it was published, and whether its metadata, its visible text or its address say so.

    `above` are the blocks between the title and the body; `seen_at` is when the page was fetched.
    """
    for source, value in chain(_metadata(page), _visible(page, above, seen_at)):
        if found := published(value, seen_at):
            return found, source
    return None, None


def modified(page: Page, seen_at: dt.datetime | None = None) -> Published | None:
    """When the article was last changed, where the page says so."""
    stated = [jsonld.text(page.node, "dateModified"), first(page.meta, *_LATER)]
    values = [*stated, *_moments(page.root, "dateModified"), *_shown(page.root, (), seen_at).updated]
    return next((found for value in values if (found := published(value, seen_at))), None)


def _metadata(page: Page) -> Iterator[_Said]:
    yield from (("metadata", jsonld.text(page.node, key)) for key in ("datePublished", "dateCreated"))
    yield from (("metadata", page.meta.get(key)) for key in _DATES)
    yield from (("metadata", value) for value in _moments(page.root, "datePublished"))


def _visible(page: Page, above: Sequence[Block], seen_at: dt.datetime | None) -> Iterator[_Said]:
    """What is shown of the first day, before what is said of the last."""
    shown = _shown(page.root, above, seen_at)
    yield from (("text", value) for value in [*shown.published, *shown.alone])
    if match := _IN_URL.search(urlsplit(page.url or "").path):
        yield "url", "-".join(part for part in match.groups() if part)
    yield "metadata", jsonld.text(page.node, "dateModified")
    yield from (("metadata", page.meta.get(key)) for key in _LATER)
    yield from (("text", value) for value in [*shown.updated, *shown.clocked])


def _moments(page: Element, name: str) -> Iterator[str]:
    """The values of microdata and of `time` elements that stand in the article."""
    found = (element for element in page.iter() if _is_moment(element, name))
    for element in islice(found, _MOST_LINES):
        if not is_beside(element):
            yield element.get("datetime") or element.get("content") or words(element)


def _is_moment(element: Element, name: str) -> bool:
    marks = (element.get("itemprop") or "").split()
    if name in marks or element.tag != "time" or name != "datePublished":
        return name in marks
    dated = element.get("datetime") or element.get("pubdate") is not None
    return bool(dated) and not any(mark.startswith("date") for mark in marks)


class _Shown(NamedTuple):
    """What lines of a page say after a word for publishing or updating, and lines that are but a date."""

    published: list[str]
    updated: list[str]
    alone: list[str]
    clocked: list[str]


def _shown(page: Element, above: Sequence[Block], seen_at: dt.datetime | None) -> _Shown:
    near = [line for block in above for line in block.text.split("\n") if len(line) < _LONGEST_LINE]
    far = list(_lines(page))
    said = [each for line in near for each in _said(line)]
    said += [each for line in far for each in _said(line) if starts_with_date(each[1], seen_at)]
    return _Shown(
        [value for cue, value in said if cue == "published"],
        [value for cue, value in said if cue == "updated"],
        [line for line in near if is_only_date(line, seen_at)],
        [line for line in near if _CLOCKED.search(line)] + [line for line in far if is_only_date(line)],
    )


def _said(line: str) -> Iterator[tuple[str, str]]:
    """Each word in a line that says what a date is of, and what follows it up to the next."""
    cues = list(_CUE.finditer(line))
    for cue, end in zip(cues, [*(cue.start() for cue in cues[1:]), len(line)], strict=False):
        yield "published" if cue["published"] else "updated", line[cue.end() : end]


def _lines(page: Element) -> Iterator[str]:
    """Short lines such as `Published: 25 Dec 2025, 10:30 AM IST`, of elements that are seen."""
    return (line for line, home in islice(_cued(page), _MOST_LINES) if not is_beside(home))


def _cued(page: Element) -> Iterator[tuple[str, Element]]:
    for element in page.iter():
        for line, home in ((element.text, element), (element.tail, element.getparent())):
            if line and home is not None and _may_say_when(line):
                yield line, home


def _may_say_when(line: str) -> bool:
    fits = _SHORTEST_LINE <= len(line) < _LONGEST_LINE and not line.isspace()
    return fits and bool(_CUE.search(line) or _CLOCKED.search(line))
