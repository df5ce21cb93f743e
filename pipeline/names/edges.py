"""The edges of a name: no honorifics before and after a person, no commas and the like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from typing import Final

from pipeline.names.document import Found
from pipeline.names.tables import rows
from pipeline.names.words import key

_STOPS: Final = frozenset(",;:!?।'\"‘’“”")


def trimmed(found: Found, forms: Sequence[str]) -> Found:
    """The name without the stops and the honorifics at its edges; one word always stays."""
    start, end = found.start, found.end
    while end - start > 1 and forms[start] in _STOPS:
        start += 1
    while end - start > 1 and forms[end - 1] in _STOPS:
        end -= 1
    return _untitled(replace(found, start=start, end=end), forms)


def _untitled(found: Found, forms: Sequence[str]) -> Found:
    if found.kind != "PERSON":
        return found
    start, end = found.start, found.end
    while end - start > 1 and (_is(forms[start], "before") or forms[start] == "."):
        start += 1
    while end - start > 1 and _is(forms[end - 1], "after"):
        end -= 1
    return replace(found, start=start, end=end)


def _is(form: str, side: str) -> bool:
    return (key(form), side) in _honorifics()


@cache
def _honorifics() -> frozenset[tuple[str, str]]:
    return frozenset((key(word), side) for word, side in rows("honorifics.tsv"))
