"""What one word shows by itself: its comparison key, its shape, its script."""

from __future__ import annotations

import re
from functools import lru_cache

_FOLDS = str.maketrans({"\u093c": None, "\u200c": None, "\u200d": None, "ँ": "ं", "ॉ": "ा", "ऑ": "आ"})
NASAL = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")

_RUN = re.compile(r"(.)\1+", re.DOTALL)


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """`word` as the recogniser compares it; the weights know these keys, so a change means to train again."""
    folded = word.lower().translate(_FOLDS)
    return NASAL.sub("ं", folded) if "्" in folded else folded


def shape(word: str) -> str:
    """`word` with its characters replaced by their kinds (X x d h), runs written once: iPhone15 is xXxd."""
    return _RUN.sub(r"\1", "".join(map(_kind, word[:64])))[:8]


def is_devanagari(word: str) -> bool:
    """Whether `word` begins with a letter, mark or digit of Devanagari."""
    return "\u0900" <= word[:1] <= "\u097f" and word[0] not in "।॥"


def is_latin(word: str) -> bool:
    """Whether `word` begins with a letter of the basic Latin alphabet."""
    return word[:1].isascii() and word[:1].isalpha()


def _kind(character: str) -> str:
    if character.isdigit():
        return "d"
    if is_devanagari(character):
        return "h"
    if character.isalpha():
        return "X" if character.isupper() else "x"
    return character
