"""HTML → the tree of a page, and the walk through what a reader sees of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import dropwhile
from typing import Final, Literal, cast

import regex
from lxml import etree

Element = etree._Element  # lxml's only name for it

_MACHINERY: Final = ("head", "script", "style", "noscript", "template", "iframe", "object", "embed", "svg")
_CONTROLS: Final = ("button", "select", "textarea", "input", "label", "dialog", "menu", "map")
_BESIDE: Final = ("nav", "aside", "footer", "figcaption", "video", "audio", "canvas", "math")
_AMP_MACHINERY: Final = ("amp-analytics", "amp-state", "amp-iframe", "amp-video", "amp-embed", "amp-ad")
_AMP_BESIDE: Final = (
    *("amp-sidebar", "amp-consent", "amp-user-notification", "amp-social-share", "amp-sticky-ad"),
    *(
        "amp-lightbox",
        "amp-image-lightbox",
        "amp-web-push-widget",
        "amp-next-page",
        "amp-list",
        "amp-selector",
    ),
)
UNSEEN: Final = frozenset((*_MACHINERY, *_CONTROLS, *_BESIDE, *_AMP_MACHINERY, *_AMP_BESIDE))
HEADINGS: Final = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
TEXTS: Final = frozenset(("p", "li", "dd", "dt", "blockquote", "pre", "table"))
WHOLE: Final = frozenset(("html", "body", "main", "article"))
_AREAS: Final = (*WHOLE, "section", "form", "header", "address", "div", "center", "amp-accordion")
_TABULAR: Final = ("caption", "thead", "tbody", "tfoot", "tr", "td", "th")
_GROUPS: Final = ("ul", "ol", "dl", *_TABULAR, "figure", "details")
BLOCKS: Final = frozenset((*HEADINGS, *TEXTS, *_AREAS, *_GROUPS, "fieldset", "hr", "summary"))
_BODILY: Final = frozenset(("main", "article", "section", "header", "nav", "aside", "footer", "figure"))
_HIDDEN = regex.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", regex.I)
_MARKED: Final = {name: etree.XPath(f"descendant-or-self::*[@{name}]") for name in ("itemprop", "rel")}
_COUNT: Final = etree.XPath("count(descendant::*)")
_MOST_ELEMENTS: Final = 200_000  # a large front page has some 10,000
_WHITE: Final = " \t\r\n\f"


def parse(markup: str) -> Element:
    """The tree of a page or fragment, however broken; what is nested too deep for the parser is cut off."""
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root: Element | None = etree.fromstring(markup.encode("utf-8", "replace") or b" ", parser)
    return etree.Element("html") if root is None else _mended(root)


def _mended(root: Element) -> Element:
    """The page with its body begun where HTML 5 begins it: the parser leaves newer elements in the head."""
    head, body = root.find("head"), root.find("body")
    strays = [] if head is None else list(dropwhile(lambda each: each.tag not in _BODILY, head))
    if strays:
        body = etree.SubElement(root, "body") if body is None else body
        body.text, text = None, body.text
        strays[-1].tail = (strays[-1].tail or "") + (text or "") or None
        body[:0] = strays
    return root


def is_whole(root: Element) -> bool:
    """Whether the parser came to the end of the page, and did not stop where it is nested too deep."""
    parser = root.getroottree().parser
    return parser is None or not any(error.level == etree.ErrorLevels.FATAL for error in parser.error_log)


def is_vast(root: Element) -> bool:
    """Whether a page has more elements than any page of an article."""
    return cast(float, _COUNT(root)) > _MOST_ELEMENTS


def body_of(root: Element) -> Element:
    """The body of a page; of a fragment without one the whole."""
    body = root.find("body")
    return root if body is None else body


def walk(root: Element, leaf: Callable[[Element], bool]) -> Iterator[tuple[bool, Element | str]]:
    """Every element that is seen, twice (True where it opens), and every text between, in order.

    Of an element that is a `leaf` the inside is left out.
    """
    if root.text:
        yield True, root.text
    todo = [(root, iter(root))]
    while todo:
        parent, children = todo[-1]
        child = next(children, None)
        if child is None:
            todo.pop()
            if not todo:
                return
            yield False, parent
            child = parent
        elif _seen(child):
            yield True, child
            if leaf(child):
                yield False, child
            else:
                todo.append((child, iter(child)))
                if child.text:
                    yield True, child.text
                continue
        if child.tail:
            yield True, child.tail


def words(element: Element) -> str:
    """The text of an element as one line, of what is seen of it."""
    return " ".join("".join(node for _, node in walk(element, _never) if isinstance(node, str)).split())


def marked(root: Element, attribute: Literal["itemprop", "rel"]) -> Iterator[tuple[Element, str]]:
    """Every element that has a value for an attribute, and that value, in order."""
    for element in cast(list[Element], _MARKED[attribute](root)):
        if value := (element.get(attribute) or "").strip(_WHITE):
            yield element, value


def _never(element: Element) -> bool:
    return False


def _seen(element: Element) -> bool:
    if element.tag in UNSEEN or element.get("hidden") is not None:
        return False
    style = element.get("style")
    return style is None or _HIDDEN.search(style) is None
