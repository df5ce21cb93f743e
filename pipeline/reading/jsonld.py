"""The JSON-LD of a page: the article that its publisher describes there, even where the JSON is broken."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Final

import regex
from bs4 import BeautifulSoup

Node = Mapping[str, object]

_COMMENTS = regex.compile(
    r"^\s*(?:<!--|(?:/\*\s*|//\s*)?<!\[CDATA\[(?:\s*\*/)?)|(?:-->|(?:/\*\s*|//\s*)?\]\]>(?:\s*\*/)?)\s*;?\s*$"
)
_TYPE = re.compile(r"ld\+json", re.I)
_TRAILING = regex.compile(r",(\s*[}\]])")
_FIELD = regex.compile(
    r'"(@type|headline|articleBody|datePublished|dateModified|url|mainEntityOfPage)"\s*:\s*"((?:[^"\\]|\\.)*)"',
    regex.S,
)
_POSTS: Final = frozenset({"BlogPosting", "LiveBlogPosting", "Report"})
_PEOPLE: Final = ("author", "creator", "publisher")
_RESCUED: Final = "khabar:rescued"  # no key of JSON-LD
_WITHIN: Final = ("@graph", "mainEntity", "mainEntityOfPage")


def article_node(page: BeautifulSoup, urls: frozenset[str]) -> dict[str, object] | None:
    """The node of the page's own article: the one with one of `urls`, or the only one there is."""
    nodes = list(_nodes(page))
    found = [node for node in nodes if _is_article(node)]
    own = [node for node in found if urls.intersection(_addresses(node))]
    one = len({text(node, "headline") or rescued(node, "headline") for node in found}) == 1
    best = max(own or (found if one else []), key=len, default=None)
    if best is None:
        return None
    return {**best, **{key: _resolved(best[key], nodes) for key in _PEOPLE if key in best}}


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


def _nodes(page: BeautifulSoup) -> Iterator[Node]:
    for script in page.find_all("script", type=_TYPE):
        yield from _flat(_parsed(script.get_text()))


def _parsed(source: str) -> object:
    """The value of JSON, of JSON with common faults, or else the plain fields that can be told in it."""
    bare = _COMMENTS.sub("", source).strip().rstrip(";")
    for attempt in (bare, _TRAILING.sub(r"\1", bare)):
        try:
            return json.loads(attempt, strict=False)
        except (ValueError, RecursionError):
            continue
    fields = dict(reversed([(key, _string(value)) for key, value in _FIELD.findall(bare)]))
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


def _is_article(node: Node) -> bool:
    kinds = node.get("@type")
    for kind in kinds if isinstance(kinds, list) else [kinds]:
        name = str(kind).rsplit("/", 1)[-1]
        if name.endswith("Article") or name in _POSTS:
            return True
    return False


def _addresses(node: Node) -> Iterator[str]:
    for value in (node.get("url"), node.get("mainEntityOfPage"), node.get("@id")):
        address = value.get("@id") or value.get("url") if isinstance(value, dict) else value
        if isinstance(address, str):
            yield address.split("#")[0].rstrip("/")


def _resolved(value: object, nodes: list[Node]) -> object:
    """What a node, or each of a list, refers to by `@id`, or itself."""
    if isinstance(value, list):
        return [_resolved(each, nodes) for each in value]
    if isinstance(value, dict) and "name" not in value and "@id" in value:
        return next((node for node in nodes if node.get("@id") == value["@id"] and "name" in node), value)
    return value
