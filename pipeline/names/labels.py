"""Labels of words to spans and back: B- begins a name, I- goes on with it, O is in none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

Span = tuple[int, int, str]
"""First word, word after the last, type."""

TYPES: Final = ("PERSON", "COMPANY", "ORG", "LOC")
LABELS: Final = ("O", *(f"{part}-{kind}" for kind in TYPES for part in "BI"))
"""In the order in which the model gives them."""


def labels(length: int, spans: Iterable[Span]) -> list[str]:
    """One label for each of `length` words; `spans` do not overlap."""
    out = ["O"] * length
    for start, end, kind in spans:
        out[start:end] = ["B-" + kind, *["I-" + kind] * (end - start - 1)]
    return out


def spans(numbers: Sequence[int]) -> Iterator[Span]:
    """The spans of a valid sequence of numbers of LABELS."""
    start, kind = 0, ""
    for place, number in enumerate([*numbers, 0]):
        label = LABELS[number]
        if kind and label != "I-" + kind:
            yield start, place, kind
            kind = ""
        if label[0] == "B":
            start, kind = place, label[2:]
