"""Cuts what is too long to be tagged at one go into windows that overlap."""

from __future__ import annotations

from collections.abc import Iterator

WINDOW, MARGIN = 240, 20
"""Tokens whose labels count, and the tokens on either side that are seen with them."""


def windows(length: int) -> Iterator[tuple[int, int, int, int]]:
    """(first seen, first that counts, last + 1 that counts, last + 1 seen) over `length` tokens."""
    for first in range(0, length, WINDOW):
        last = min(first + WINDOW, length)
        yield max(0, first - MARGIN), first, last, min(length, last + MARGIN)
