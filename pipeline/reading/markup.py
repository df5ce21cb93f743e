"""HTML → the tree of a page, and the walk through what a reader sees of it."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Final

import regex
from bs4 import BeautifulSoup, Tag
from bs4.element import NavigableString, PageElement

_MACHINERY: Final = ("head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg")
_CONTROLS: Final = ("button", "select", "textarea", "input", "label", "dialog", "menu", "map")
_BESIDE: Final = ("nav", "aside", "footer", "figcaption", "video", "audio", "canvas", "math")
UNSEEN: Final = frozenset((*_MACHINERY, *_CONTROLS, *_BESIDE))
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TEXTS: Final = frozenset(("p", "li", "dd", "dt", "blockquote", "pre", "tr"))
WHOLE: Final = frozenset(("html", "body", "main", "article"))
_AREAS: Final = (*WHOLE, "section", "form", "header", "address", "div", "center")
_GROUPS: Final = ("ul", "ol", "dl", "table", "caption", "thead", "tbody", "tfoot", "figure", "details")
BLOCKS: Final = frozenset((*HEADINGS, *TEXTS, *_AREAS, *_GROUPS, "fieldset", "hr", "summary"))
_HIDDEN = regex.compile(r"display\s*:\s*none", regex.I)


def parse(markup: str) -> BeautifulSoup:
    """The tree of a page or fragment, however broken."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return BeautifulSoup(markup, "lxml")


def walk(root: Tag) -> Iterator[tuple[bool, NavigableString | Tag]]:
    """Every element that is seen, twice (True where it opens), and every text between, in order."""
    stack: list[tuple[bool, PageElement]] = [(True, child) for child in reversed(root.contents)]
    while stack:
        opening, node = stack.pop()
        if type(node) is NavigableString:
            yield True, node
        elif isinstance(node, Tag) and not opening:
            yield False, node
        elif isinstance(node, Tag) and _seen(node):
            yield True, node
            stack.append((False, node))
            stack.extend((True, child) for child in reversed(node.contents))


def _seen(element: Tag) -> bool:
    hidden = element.has_attr("hidden") or _HIDDEN.search(str(element.get("style") or ""))
    return element.name not in UNSEEN and not hidden
