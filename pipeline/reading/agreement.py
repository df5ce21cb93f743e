"""Which blocks of a page carry a body that is known apart from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from itertools import takewhile
from typing import Final

import regex

from pipeline.reading.blocks import Block

_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]+")
_GRAM: Final = 3  # words
_ENOUGH: Final = 0.85  # of the known body
_MOST_TEASED: Final = 0.5  # of the words of the page's own body
_TRAILING: Final = ".… "


def agreeing(found: Sequence[Block], known: str) -> list[Block]:
    """The blocks that carry `known` and those between or before them; none unless they carry nearly all."""
    grams = _grams(known)
    shared = [_grams(block.text) & grams for block in found]
    agree = [2 * len(both) > len(_grams(block.text)) for block, both in zip(found, shared, strict=True)]
    carried = set[tuple[str, ...]]().union(*(both for both, yes in zip(shared, agree, strict=True) if yes))
    if not carried or len(carried) < _ENOUGH * len(grams):
        return []
    return list(_kept(found, agree))


def without_standfirst(kept: list[Block], known: str, summaries: Sequence[str]) -> list[Block]:
    """The blocks without a first one that is the standfirst.

    It stands apart in an element of its own, is what the page gives as its summary, perhaps cut off, and
    the publisher does not count it to the body.
    """
    if len(kept) < 2 or kept[0].home.getparent() is kept[1].home.getparent():
        return kept
    first = _grams(kept[0].text)
    told = len(first & _grams(known)) > _MOST_TEASED * len(first)
    sums_up = any(len(first & grams) >= _ENOUGH * len(grams) for grams in map(_uncut_grams, summaries))
    return kept[1:] if sums_up and not told else kept


def is_teaser(known: str, own: str) -> bool:
    """Whether `known` is only a small part of the page's own body, perhaps cut off within a word."""
    words, grams = len(_WORD.findall(known)), _uncut_grams(known)
    short = words < _MOST_TEASED * len(_WORD.findall(own))
    return short and len(grams & _grams(own)) >= len(grams) - 1 - (1 - _ENOUGH) * len(grams)


def _kept(found: Sequence[Block], agree: Sequence[bool]) -> Iterator[Block]:
    """Above the first block that agrees only prose is kept, below all but labels, after the last tables."""
    first, last = agree.index(True), len(agree) - 1 - agree[::-1].index(True)
    for at, (block, yes) in enumerate(zip(found[: last + 1], agree, strict=False)):
        if yes or block.is_prose or (at > first and not block.is_label):
            yield block
    yield from takewhile(partial(_is_table_beside, found[last]), found[last + 1 :])


def _is_table_beside(before: Block, block: Block) -> bool:
    """Whether a block is a table, or the heading of one, that stands beside another block."""
    tabular = block.home.tag == "table" or block.is_heading
    return tabular and block.home.getparent() is before.home.getparent()


def _grams(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text)
    return {tuple(words[at : at + _GRAM]) for at in range(max(1, len(words) - _GRAM + 1))}


def _uncut_grams(text: str) -> set[tuple[str, ...]]:
    return _grams(text.rstrip(_TRAILING))
