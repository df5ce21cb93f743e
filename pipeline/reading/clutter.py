"""What stands around the text of an article on a page: share bars, related links, notices, captions."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Final

import regex

from pipeline.reading.markup import UNSEEN, WHOLE, Element
from pipeline.tsv import rows

_LONGEST_LINE: Final = 200
_CASE = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_GAPS = regex.compile(r"[^a-z]+")


def is_clutter(element: Element) -> bool:
    """Whether the class or id of an element says that it is no part of the article."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return names != " " and _clutter_names(names)


def is_beside(element: Element) -> bool:
    """Whether an element stands beside the article: in what is not seen, or in clutter without a headline."""
    return any(
        each.tag in UNSEEN
        or (each.tag not in WHOLE and is_clutter(each) and next(each.iterdescendants("h1"), None) is None)
        for each in (element, *element.iterancestors())
        if each.tag != "head"  # microdata may stand there
    )


def is_clutter_line(text: str) -> bool:
    """Whether a short line is an invitation, a notice or a credit rather than text of the article."""
    return len(text) <= _LONGEST_LINE and _matches_line(text)


@lru_cache(maxsize=1024)
def _matches_line(text: str) -> bool:
    return _pattern("line").fullmatch(text) is not None


@lru_cache(maxsize=4096)
def _clutter_names(names: str) -> bool:
    plain = (_GAPS.sub("-", _CASE.sub("-", name).lower()) for name in names.split())
    return any(map(_pattern("class").search, plain))


@cache
def _pattern(kind: str) -> regex.Pattern[str]:
    shapes = [shape for use, shape in rows(__package__, "clutter.tsv") if use == kind]
    if kind == "class":
        return regex.compile(rf"(?:^|-)(?:{'|'.join(shapes)})(?:-|$)")
    return regex.compile(rf"(?:{'|'.join(shapes)})", regex.I | regex.S)
