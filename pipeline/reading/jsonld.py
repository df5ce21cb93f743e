"""The JSON-LD of a page: what its publisher says that it is, even where the JSON is broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import regex

from pipeline.reading.markup import Element
from pipeline.reading.wording import solid

Node = Mapping[str, object]

_COMMENTS = regex.compile(
    r"^\s*(?:<!--|(?:/\*\s*|//\s*)?<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:/\*\s*|//\s*)?\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
_TRAILING = regex.compile(r",(\s*[}\]])")
_FIELD = regex.compile(
    r'"(@type|headline|articleBody|datePublished|dateModified|url|mainEntityOfPage)"\s*:\s*"((?:[^"\\]|\\.)*)"',
    regex.S,
)
_PROTOCOL = re.compile(r"^(?:https?:)?//(?:www\.)?", re.I)
ARTICLES: Final = frozenset({"Article", "BlogPosting", "LiveBlogPosting", "Report"})
_PEOPLE: Final = ("author", "creator", "publisher")
_MOST_RESCUED: Final = 1 << 20  # characters; a description of one article is shorter
_RESCUED: Final = "khabar:rescued"  # no key of JSON-LD
_WITHIN: Final = ("@graph", "mainEntity", "mainEntityOfPage")


def nodes_of(page: Element) -> list[Node]:
    """Every node that stands for the page or a part of it, in order; not those of lists of other stories."""
    scripts = (script for script in page.iter("script") if "ld+json" in (script.get("type") or "").lower())
    return [node for script in scripts for node in _flat(_parsed(script.text or ""))]


def article_node(nodes: Sequence[Node], urls: Sequence[str], headings: Sequence[str]) -> Node | None:
    """The node of the page's own article: the one with one of `urls` or `headings`, or the only one."""
    found = [node for node in nodes if kinds(node) & ARTICLES]
    places = {_place(url) for url in urls}
    titles = {solid(heading) for heading in headings}
    own = [node for node in found if places.intersection(map(_place, _addresses(node)))]
    own = own or [node for node in found if solid(headline(node) or "") in titles]
    one = len(set(map(headline, found))) == 1
    best = max(own or (found if one else []), key=len, default=None)
    if best is None:
        return None
    return {**best, **{key: _resolved(best[key], nodes) for key in _PEOPLE if key in best}}


def kinds(node: Node) -> frozenset[str]:
    """The types of a node, without the vocabulary they are from; every kind of article is `Article` too."""
    stated = node.get("@type")
    names = {str(kind).rsplit("/", 1)[-1] for kind in (stated if isinstance(stated, list) else [stated])}
    return frozenset(names | {"Article" for name in names if name.endswith("Article")})


def headline(node: Node) -> str | None:
    """The headline that a node has, even where its JSON is broken."""
    return text(node, "headline") or rescued(node, "headline")


def body(node: Node | None) -> str | None:
    """The body of the article, its parts joined; None when there is none."""
    return "\n\n".join(_strings(node.get("articleBody"))) or None if node else None


def text(node: Node | None, key: str) -> str | None:
    """The string under `key`, with its character references resolved; None when there is none."""
    return next(_strings(node.get(key)), None) if node else None


def rescued(node: Node | None, key: str) -> str | None:
    """The string under `key` of JSON too broken to parse, which may be another story's."""
    found = node.get(_RESCUED) if node else None
    return text(found, key) if isinstance(found, dict) else None


def names(node: Node | None, key: str) -> list[str]:
    """The names of the people or organisations under `key`, in lists however nested."""
    return list(_names(node.get(key))) if node else []


def _names(value: object) -> Iterator[str]:
    if isinstance(value, list):
        for each in value:
            yield from _names(each)
    else:
        yield from _strings(value.get("name") if isinstance(value, dict) else value)


def _strings(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else [value]:
        if isinstance(each, str) and (plain := _unescaped(each).strip()):
            yield plain


def _unescaped(value: str) -> str:
    """The text of a string that was escaped once or, as happens, twice."""
    return html.unescape(html.unescape(value))


def _parsed(source: str) -> object:
    """The value of JSON, of JSON with common faults, or else the plain fields that can be told in it."""
    bare = _COMMENTS.sub("", source).strip().rstrip(";")
    for attempt in (bare, _TRAILING.sub(r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    fields = dict(reversed([(key, _string(value)) for key, value in _FIELD.findall(bare[:_MOST_RESCUED])]))
    return {**{key: value for key, value in fields.items() if key != "headline"}, _RESCUED: fields}


def _string(inner: str) -> str:
    try:
        return str(json.loads(f'"{inner}"', strict=False))
    except ValueError:
        return inner


def _flat(value: object, depth: int = 0) -> Iterator[Node]:
    """The nodes of a value: its own, of its graph and of its main entity; not of lists of other stories."""
    if isinstance(value, list):
        for each in value:
            yield from _flat(each, depth)
    elif isinstance(value, dict) and depth < 6:
        yield value
        for key in _WITHIN:
            yield from _flat(value.get(key), depth + 1)


def _addresses(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(address, str):
            yield address


def _place(address: str) -> str:
    """What of an address says which page it is of."""
    return _PROTOCOL.sub("", address.strip().split("#")[0]).rstrip("/")


def _resolved(value: object, nodes: Sequence[Node]) -> object:
    """What a node, or each of a list, refers to by `@id`, or itself."""
    if isinstance(value, list):
        return [_resolved(each, nodes) for each in value]
    if isinstance(value, dict) and "name" not in value and "@id" in value:
        return next((node for node in nodes if node.get("@id") == value["@id"] and "name" in node), value)
    return value
