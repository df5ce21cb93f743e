"""The edges of a name: honorifics before and after a person are no part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from pipeline.names.document import Found
from pipeline.names.tables import rows
from pipeline.names.words import key


def trimmed(found: Found, forms: Sequence[str]) -> Found:
    """The name without the honorifics at its edges; one word always stays."""
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
