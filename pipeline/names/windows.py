"""Cuts what is too long to be read at one go into windows that overlap."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

WINDOW, MARGIN = 160, 40
"""Pieces of the words whose labels count, and of the words on either side that are seen with them."""


def windows(sizes: Sequence[int]) -> Iterator[tuple[int, int, int, int]]:
    """(first seen, first that counts, last + 1 that counts, last + 1 seen) over words of these sizes."""
    first = 0
    while first < len(sizes):
        last = _reach(sizes, first, WINDOW)
        if len(sizes) - last <= MARGIN and sum(sizes[last:]) <= MARGIN:
            last = len(sizes)  # the rest would be seen anyway
        yield _reach_back(sizes, first, MARGIN), first, last, _reach(sizes, last, MARGIN)
        first = last


def _reach(sizes: Sequence[int], start: int, most: int) -> int:
    """The word after the last of those from `start` on that have at most so many pieces; one at least."""
    end, total = start, 0
    while end < len(sizes) and (total + sizes[end] <= most or end == start):
        total += sizes[end]
        end += 1
    return end


def _reach_back(sizes: Sequence[int], end: int, most: int) -> int:
    start, total = end, 0
    while start > 0 and total + sizes[start - 1] <= most:
        start -= 1
        total += sizes[start]
    return start
