"""How the elements that blocks stand in are nested: each looked at once, however deep they are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from pipeline.reading.blocks import Block
from pipeline.reading.markup import Element


def depths(found: Sequence[Block]) -> dict[Element, int]:
    """Every element that one of the blocks stands in and how deep it is, the outer before the inner."""
    known: dict[Element, int] = {}
    for block in found:
        path, element = list[Element](), block.home
        while element is not None and element not in known:
            path.append(element)
            element = element.getparent()  # type: ignore[assignment] # None ends the loop
        start = -1 if element is None else known[element]
        known.update((each, start + step) for step, each in enumerate(reversed(path), 1))
    return known


def sums(
    found: Sequence[Block], nested: Mapping[Element, int], value: Callable[[Block], int]
) -> Counter[Element]:
    """The sum of the values of the blocks in each element."""
    total: Counter[Element] = Counter()
    for block in found:
        total[block.home] += value(block)
    for element in reversed(list(nested)):
        parent = element.getparent()
        if parent is not None:
            total[parent] += total[element]
    return total


def inside(nested: Mapping[Element, int], chosen: Callable[[Element], bool]) -> set[Element]:
    """The elements that are chosen or stand in one that is."""
    found: set[Element] = set()
    for element in nested:
        if element.getparent() in found or chosen(element):
            found.add(element)
    return found
