"""Sitemaps, also of news, and indexes of sitemaps → the pages and sitemaps that they name."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Final

from lxml import etree

from pipeline.article import Refusal
from pipeline.reading.dates import published
from pipeline.reading.elements import elements, local, text_of
from pipeline.reading.entries import plain_title
from pipeline.reading.leads import Item, Lead, Listing, address
from pipeline.reading.reasons import NotAnArticle

_NAMED: Final = frozenset(("url", "sitemap"))


def read_sitemap(stream: BinaryIO, uri: str, base: str) -> Iterator[Item]:
    """A lead for every page, a listing for every sitemap that is named; a refusal where no address is.

    NotAnArticle as `elements` says, and `empty` where nothing is named.
    """
    number = 0
    for number, element in enumerate(elements(stream, _NAMED), 1):
        yield _named(element, f"{uri}#{number}", base)
    if not number:
        raise NotAnArticle("empty", "The sitemap names no pages.")


def _named(element: etree._Element, uri: str, base: str) -> Lead | Listing | Refusal:
    written, changed = _text(element, "loc"), _text(element, "lastmod")
    url = address(written, base)
    if url is None:
        named = b"<urlset>%s</urlset>" % etree.tostring(element, with_tail=False)
        return Refusal(uri, "bad_url", f"The sitemap names {written[:200]!r}, which is no address.", named)
    if local(element) == "sitemap":
        return Listing(url, changed or None)
    news = next((child for child in element if local(child) == "news"), element)
    day = _text(news, "publication_date")
    paper = next((child for child in news if local(child) == "publication"), news)
    return Lead(
        url=url,
        stamp=changed or day,
        title=plain_title(_text(news, "title")),
        when=published(day),
        publisher=plain_title(_text(paper, "name")),
    )


def _text(element: etree._Element, name: str) -> str:
    """The text of the first child of a name; empty where there is none."""
    return next((text_of(child) for child in element if local(child) == name), "")
