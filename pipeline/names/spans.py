"""Labels of tokens to spans and back. A name is B I… L, or U when it is one token; all else is O."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

Span = tuple[int, int, str]
"""First token, token after the last, type."""


def labels(length: int, spans: Iterable[Span]) -> list[str]:
    """One label for each of `length` tokens; `spans` do not overlap."""
    out = ["O"] * length
    for start, end, kind in spans:
        if end - start == 1:
            out[start] = "U-" + kind
        else:
            out[start:end] = ["B-" + kind, *["I-" + kind] * (end - start - 2), "L-" + kind]
    return out


def spans(labelled: Sequence[str]) -> Iterator[Span]:
    """The spans of any sequence of labels; a broken name becomes the longest run of its type."""
    start, kind = 0, ""
    for place, label in enumerate([*labelled, "O"]):
        place_kind = label[2:]
        goes_on = bool(kind) and place_kind == kind and label[0] in "IL" and labelled[place - 1][0] in "BI"
        if kind and not goes_on:
            yield start, place, kind
            kind = ""
        if place_kind and not kind:
            start, kind = place, place_kind
