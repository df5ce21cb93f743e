"""A normalised text that remembers where each part of it stood in its source.

Only the edits are kept: stretches of the source that became something of another length, or that must
not be cut. Between two edits source and text run in step, so a position is found by one bisection.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple


class Edit(NamedTuple):
    """One atom of the map: `source[source_start:source_end]` became `text[text_start:text_end]`."""

    source_start: int
    source_end: int
    text_start: int
    text_end: int


class Side(NamedTuple):
    """Where the edits stand on one side of the map, in order."""

    starts: tuple[int, ...]
    ends: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Normalised:
    """`text` made of `source`, with maps of spans (code points, end exclusive) both ways.

    For every snapped span without white space at its ends, the source span normalises to the text span.
    """

    source: str
    text: str
    source_side: Side
    text_side: Side

    def source_span(self, start: int, end: int) -> tuple[int, int]:
        """The span of `source` that became `text[start:end]`, widened where an edit would be cut."""
        return _carry(start, end, self.text_side, self.source_side)

    def text_span(self, source_start: int, source_end: int) -> tuple[int, int]:
        """The span of `text` that came of `source[source_start:source_end]`, widened likewise."""
        return _carry(source_start, source_end, self.source_side, self.text_side)

    def snap(self, start: int, end: int) -> tuple[int, int]:
        """The smallest span of `text` around `start`, `end` at whose ends the map is exact."""
        return _carry(start, end, self.text_side, self.text_side)


def with_edits(source: str, text: str, edits: Iterable[Edit] = ()) -> Normalised:
    """The map between `source` and `text` that these edits, in order, describe."""
    source_starts, source_ends, text_starts, text_ends = tuple(zip(*edits, strict=True)) or ((), (), (), ())
    return Normalised(source, text, Side(source_starts, source_ends), Side(text_starts, text_ends))


def _carry(start: int, end: int, here: Side, there: Side) -> tuple[int, int]:
    first = _carry_start(start, here, there)
    return first, max(first, _carry_end(end, here, there))


def _carry_start(position: int, here: Side, there: Side) -> int:
    """The position over there of a span's start; inside an edit, the start of that edit."""
    passed = bisect_right(here.ends, position)
    if passed < len(here.starts) and here.starts[passed] < position:
        return there.starts[passed]
    return position if passed == 0 else position - here.ends[passed - 1] + there.ends[passed - 1]


def _carry_end(position: int, here: Side, there: Side) -> int:
    """The position over there of a span's end; inside an edit, the end of that edit."""
    entered = bisect_left(here.starts, position)
    if entered == 0:
        return position
    if here.ends[entered - 1] > position:
        return there.ends[entered - 1]
    return position - here.ends[entered - 1] + there.ends[entered - 1]
