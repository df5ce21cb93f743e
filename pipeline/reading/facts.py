"""What a page says of its article: title, when, by whom; JSON-LD first, then meta tags, then the page."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import urlsplit

import regex
from bs4 import BeautifulSoup

from pipeline.article import DateSource
from pipeline.reading import jsonld
from pipeline.reading.dates import Published, published
from pipeline.reading.meta import first
from pipeline.reading.rows import names_of

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
    """The headline: as the publisher states it, as a heading and the page's title agree, or that title."""
    headings = [_squeezed(heading.get_text()) for heading in page.find_all("h1")]
    stated = _squeezed(jsonld.text(node, "headline") or _microdata(page, "headline"))
    if stated:
        cut = stated.rstrip(".… ")
        return next((each for each in headings if each.startswith(cut)), stated) if cut != stated else stated
    shown = _squeezed(first(meta, *_TITLES) or (page.title.get_text() if page.title else ""))
    own = next((each for each in headings if each and _solid(each) in _solid(shown)), None)
    if not own and not first(meta, *_TITLES) and len(set(filter(None, headings))) == 1:
        return next(filter(None, headings))  # a page's one heading rather than what its browser tab says
    if own:
        return _as_written(own, shown)
    return _without_site(shown, meta) or next(filter(None, headings), None)


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
        stated = stated if _is_name(stated[0]) else [_squeezed(tag.get_text()) for tag in marked]
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
    yield "metadata", jsonld.text(node, "datePublished") or jsonld.text(node, "dateCreated")
    yield from (("metadata", meta.get(key)) for key in _DATES)
    for tag in page.select("[itemprop=datePublished], time[pubdate], time[datetime]"):
        yield "metadata", str(tag.get("datetime") or tag.get("content") or tag.get_text())
    yield "metadata", jsonld.text(node, "dateModified") or first(meta, *_LATER)
    yield from (("text", line) for line in _lines_with_dates(page))
    if match := _IN_URL.search(urlsplit(url or "").path):
        yield "url", "-".join(part for part in match.groups() if part)


def _lines_with_dates(page: BeautifulSoup) -> Iterator[str]:
    """Short lines such as `Published: 25 Dec 2025, 10:30 AM IST`."""
    for line in page.find_all(string=_SAYS_WHEN):
        if len(line) < 120 and line.parent is not None and line.parent.name not in ("script", "style"):
            yield str(line)


def _as_written(heading: str, shown: str) -> str:
    """A heading as the page's title has it, where the spaces between its parts are not lost."""
    words = shown.split()
    starts = (" ".join(words[:count]) for count in range(1, len(words) + 1))
    return next((start for start in starts if _solid(start) == _solid(heading)), heading)


def _without_site(shown: str, meta: Mapping[str, str]) -> str | None:
    """A page title without the name of the site after it."""
    parts = _SUFFIX.split(shown)
    site = _solid(publisher(meta, None) or "")
    named = len(parts) > 1 and (_solid(parts[-1]) == site or len(parts[-1].split()) <= 3)
    return (shown[: shown.rindex(parts[-1])].rstrip(" |-–—:»") if named else shown) or None


def _is_name(value: str) -> bool:
    return 0 < len(value) <= 200 and not _ADDRESS.match(value)


def _squeezed(text: str) -> str:
    return " ".join(text.split())


def _solid(text: str) -> str:
    return "".join(char for char in text.casefold() if char.isalnum())
