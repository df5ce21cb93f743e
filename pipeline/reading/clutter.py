"""What stands around the text of an article on a page: share bars, related links, notices, captions."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import regex

from pipeline.tsv import rows

if TYPE_CHECKING:
    from bs4 import Tag

_LONGEST_LINE: Final = 200
_CASE = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_GAPS = regex.compile(r"[^a-z]+")


def is_clutter(element: Tag) -> bool:
    """Whether the class or id of an element says that it is no part of the article."""
    names = " ".join([*map(str, element.get_attribute_list("class")), str(element.get("id") or "")])
    return bool(names.strip()) and _clutter_names(names)


def is_clutter_line(text: str) -> bool:
    """Whether a short line is an invitation, a notice or a credit rather than text of the article."""
    return len(text) <= _LONGEST_LINE and _pattern("line").fullmatch(text) is not None


@cache
def _clutter_names(names: str) -> bool:
    plain = (_GAPS.sub("-", _CASE.sub("-", name).lower()) for name in names.split())
    return any(map(_pattern("class").search, plain))


@cache
def _pattern(kind: str) -> regex.Pattern[str]:
    shapes = [shape for use, shape in rows(__package__, "clutter.tsv") if use == kind]
    if kind == "class":
        return regex.compile(rf"(?:^|-)(?:{'|'.join(shapes)})(?:-|$)")
    return regex.compile(rf"(?:{'|'.join(shapes)})", regex.I | regex.S)
