"""A page's bytes → its tree, with what its machinery says of it."""

from __future__ import annotations

from typing import Final, NamedTuple

from bs4.dammit import EncodingDetector

from pipeline.reading import jsonld
from pipeline.reading.decode import decode, holds_utf8
from pipeline.reading.markup import Element, is_vast, is_whole, parse, words
from pipeline.reading.meta import address, metadata
from pipeline.reading.reasons import NotAnArticle

_HEAD: Final = 1 << 14
_MOST_BROKEN: Final = 1e-3  # of the characters of a page
_LONGEST_HEADING: Final = 1000


class Page(NamedTuple):
    """A page: its tree, its meta tags by name, the address it gives as its own, its main headings,

    all nodes of its JSON-LD, and the one among them that is its own article.
    """

    root: Element
    meta: dict[str, str]
    url: str | None
    headings: list[str]
    nodes: list[jsonld.Node]
    node: jsonld.Node | None


def opened(content: bytes) -> Page:
    """The page; NotAnArticle `bad_encoding`, `unreadable` or `too_large` when it is none that can be read."""
    root = parse(_decoded(content))
    if not is_whole(root):
        raise NotAnArticle("unreadable", "The elements of the page are nested too deep.")
    if is_vast(root):
        raise NotAnArticle("too_large", "The page has more elements than any article.")
    meta, headings, nodes = metadata(root), _headings(root), jsonld.nodes_of(root)
    url = address(root, meta)
    return Page(root, meta, url, headings, nodes, jsonld.article_node(nodes, [url] if url else [], headings))


def _headings(root: Element) -> list[str]:
    """The main headings of a page, those that have words."""
    outer = (each for each in root.iter("h1") if next(each.iterancestors("h1"), None) is None)
    return [text for heading in outer if 0 < len(text := words(heading)) <= _LONGEST_HEADING]


def _decoded(content: bytes) -> str:
    """The page's text, by the encoding policy; in UTF-8 a few broken characters do not cost the page."""
    declared = EncodingDetector.find_declared_encoding(content[:_HEAD], is_html=True)
    try:
        return decode(content, declared)
    except NotAnArticle:
        text = content.decode("utf-8", "replace")
        if not holds_utf8(content) or text.count("\ufffd") > max(3, _MOST_BROKEN * len(text)):
            raise
        return text
