"""What a page says of its article: title, when, by whom; JSON-LD first, then meta tags, then the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import regex
from bs4 import BeautifulSoup, Tag

from pipeline.article import DateSource
from pipeline.reading import jsonld
from pipeline.reading.clutter import is_clutter
from pipeline.reading.dates import Published, published
from pipeline.reading.markup import UNSEEN, WHOLE
from pipeline.reading.meta import first
from pipeline.reading.wording import names_of, solid, squeezed

_TITLES: Final = ("og:title", "twitter:title", "dc.title", "headline", "title")
_DATES: Final = (
    *("article:published_time", "og:article:published_time", "og:published_time", "article:published"),
    *("datepublished", "publish-date", "publish_date", "publishdate", "published_date", "published_time"),
    *("publication_date", "pubdate", "pub_date", "parsely-pub-date", "sailthru.date", "article.published"),
    *("cxenseparse:recs:publishtime", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date"),
    *("article_date_original", "date"),
)
_LATER: Final = ("article:modified_time", "og:updated_time", "datemodified", "last-modified", "lastmod")
_SAYS_WHEN = re.compile(r"(?:publish|updat|post|प्रकाशित|अपडेट|पब्लिश)[^\d]{0,40}\d|\bIST\b", re.I)
_IN_URL = regex.compile(
    r"/(20\d{2})[/-](\d{1,2})[/-](\d{1,2})(?=/|$)|[-/_](20\d{2})-(\d{2})-(\d{2})(?=[./_?-]|$)"
)
_SUFFIX = regex.compile(r"\s+[|\-–—:»]\s+")
_ADDRESS = regex.compile(r"https?://\S+", regex.I)


def canonical(page: BeautifulSoup, meta: Mapping[str, str]) -> str | None:
    """The address the page gives as its own."""
    link = page.find("link", rel="canonical")
    candidates = (str(link.get("href") or "").strip() if link else "", meta.get("og:url", ""))
    return next((each for each in candidates if _ADDRESS.fullmatch(each)), None)


def page_title(page: BeautifulSoup, meta: Mapping[str, str], node: jsonld.Node | None) -> str | None:
    """The headline: as the publisher states it, else as its headings and its names for the page tell it."""
    headings = [text for heading in page.find_all("h1") if (text := squeezed(heading.get_text()))]
    named = squeezed(first(meta, *_TITLES) or "")
    tab = squeezed(page.title.get_text() if page.title else "")
    candidates = (
        _uncut(squeezed(jsonld.text(node, "headline") or _microdata(page, "headline")), headings),
        _heading_in(named or tab, headings),
        # a page's one heading rather than what its browser tab says
        headings[0] if not named and len(set(headings)) == 1 else None,
        _without_site(named or tab, meta),
        squeezed(jsonld.rescued(node, "headline") or ""),
        *headings,
    )
    return next(filter(None, candidates), None)


def _uncut(stated: str, headings: list[str]) -> str:
    """A headline, from the heading that begins with it where it trails off."""
    cut = stated.rstrip(".… ")
    return stated if cut == stated else next((each for each in headings if each.startswith(cut)), stated)


def _heading_in(shown: str, headings: list[str]) -> str | None:
    """The heading that a name of the page has in it, as it is written there."""
    own = next((each for each in headings if solid(each) in solid(shown)), None)
    return _as_written(own, shown) if own else None


def _microdata(page: BeautifulSoup, name: str) -> str:
    """The text of the element that microdata marks as `name`; empty when there is none."""
    element = page.find(itemprop=name)
    return element.get_text() if element else ""


def publisher(meta: Mapping[str, str], node: jsonld.Node | None) -> str | None:
    """The name of the newspaper or site."""
    named = jsonld.names(node, "publisher")
    return named[0] if named else first(meta, "og:site_name", "publisher", "application-name")


def byline(page: BeautifulSoup, meta: Mapping[str, str], node: jsonld.Node | None) -> tuple[str, ...]:
    """The authors, people or desks."""
    stated = jsonld.names(node, "author") or jsonld.names(node, "creator")
    if not stated:
        marked = page.select("[rel~=author], [itemprop=author]")
        stated = [first(meta, "author", "article:author", "byl", "dc.creator") or ""]
        stated = stated if _is_name(stated[0]) else [squeezed(tag.get_text()) for tag in marked]
    return tuple(dict.fromkeys(name for each in stated if _is_name(each) for name in names_of(each)))


def when(
    page: BeautifulSoup, meta: Mapping[str, str], node: jsonld.Node | None, url: str | None
) -> tuple[Published | None, DateSource | None]:
    """When it was published, and whether its metadata, its visible text or its address say so."""
    for source, value in _dates(page, meta, node, url):
        if found := published(value):
            return found, source
    return None, None


def _dates(
    page: BeautifulSoup, meta: Mapping[str, str], node: jsonld.Node | None, url: str | None
) -> Iterator[tuple[DateSource, str | None]]:
    yield from (("metadata", jsonld.text(node, key)) for key in ("datePublished", "dateCreated"))
    yield from (("metadata", meta.get(key)) for key in _DATES)
    for tag in page.select("[itemprop=datePublished], time[pubdate], time[datetime]"):
        if not _is_beside(tag):
            yield "metadata", str(tag.get("datetime") or tag.get("content") or tag.get_text())
    yield "metadata", jsonld.text(node, "dateModified")
    yield from (("metadata", meta.get(key)) for key in _LATER)
    yield from (("text", line) for line in _lines_with_dates(page))
    if match := _IN_URL.search(urlsplit(url or "").path):
        yield "url", "-".join(part for part in match.groups() if part)


def _lines_with_dates(page: BeautifulSoup) -> Iterator[str]:
    """Short lines such as `Published: 25 Dec 2025, 10:30 AM IST`."""
    for line in page.find_all(string=_SAYS_WHEN):
        if len(line) < 120 and line.parent is not None and not _is_beside(line.parent):
            yield str(line)


def _is_beside(element: Tag) -> bool:
    """Whether an element stands beside the article: in what is not seen, or in clutter without a headline."""
    around = [element, *element.parents]
    return any(
        each.name in UNSEEN or (each.name not in WHOLE and is_clutter(each) and each.h1 is None)
        for each in around
        if each.name != "head"  # microdata may stand there
    )


def _as_written(heading: str, shown: str) -> str:
    """A heading as the page's title has it, where the spaces between its parts are not lost."""
    words = shown.split()
    starts = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return next((start for start in starts if solid(start) == solid(heading)), heading)


def _without_site(shown: str, meta: Mapping[str, str]) -> str | None:
    """A page title without the name of the site after it."""
    parts = _SUFFIX.split(shown)
    site = solid(publisher(meta, None) or "")
    named = len(parts) > 1 and (solid(parts[-1]) == site or len(parts[-1].split()) <= 3)
    return (shown[: shown.rindex(parts[-1])].rstrip(" |-–—:»") if named else shown) or None


def _is_name(value: str) -> bool:
    return 0 < len(value) <= 200 and not _ADDRESS.match(value)
