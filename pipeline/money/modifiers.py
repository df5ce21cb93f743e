"""Words on either side of a sum that bound or blur it: करीब, over, से ज्यादा, तक."""

from __future__ import annotations

from typing import cast

from pipeline.article import Modifier
from pipeline.money.lexer import Tokens, token_at
from pipeline.money.tables import Phrases, rows
from pipeline.money.vocabulary import WORDS

_MOST_SKIPPED = 2


def _phrases(side: str) -> Phrases[str]:
    phrases: Phrases[str] = Phrases()
    for row_side, modifier, words in rows("modifiers"):
        for joined in words.split() if row_side == side else ():
            phrases.add(joined.replace("_", " "), modifier)
    return phrases


_BEFORE = _phrases("before")
_AFTER = _phrases("after")
_SKIPPED = _phrases("skip")
_UNDOING = _phrases("undo")


def modifier_before(tokens: Tokens, first: int) -> Modifier | None:
    """The modifier of a sum that begins at token `first`, a word like कुल or a allowed between."""
    for start in range(first, first - _MOST_SKIPPED - 1, -1):
        found = _BEFORE.before(tokens, start)
        if found:
            return None if _is_motion(tokens, found[0]) else cast(Modifier, found[1])
        if _SKIPPED.before(tokens, start) is None:
            return None
    return None


def _is_motion(tokens: Tokens, at: int) -> bool:
    """Whether `up to` at `at` is where something went: go up to Rs 540."""
    return tokens[at].key == "up" and token_at(tokens, at - 1).key in WORDS["moving"]


def modifier_after(tokens: Tokens, last: int) -> tuple[int, Modifier] | None:
    """The modifier that follows a sum, and the token after it."""
    found = _AFTER.at(tokens, last)
    if found is None or _is_undone(tokens, last, *found):
        return None
    return found[0], cast(Modifier, found[1])


def _is_undone(tokens: Tokens, last: int, after: int, modifier: str) -> bool:
    """Whether what follows takes the modifier back: 40 हजार से शुरू किया, एक रुपया तक नहीं."""
    if modifier == "up_to":
        return token_at(tokens, after).key in WORDS["not"]
    begun = modifier == "at_least" and tokens[last].key in WORDS["to"]
    return begun and _UNDOING.at(tokens, after) is not None
