"""What the tables know of each word of a sentence, as the model takes it.

It is given as numbers of features and decides nothing by itself. The weights know the features by their
order here, so a change means to train again.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from pipeline.names import lexicon
from pipeline.names.words import key

_TAGS: Final = (
    *(role + size for role in "GNFI" for size in "1259"),
    *("kG", "kN", "kF", "kI", "kE"),
    *("hc", "ho", "hp", "ht"),
)
_KINDS: Final = {"K": "company", "C": "company", "O": "organisation", "T": "place", "W": "place"}
_LISTED: Final = tuple(
    f"{kind} {certainty} {place}"
    for kind in ("company", "organisation", "place")
    for certainty in ("written", "by sound")
    for place in ("first", "later")
)
FEATURES: Final = (*_TAGS, "English", *_LISTED)
"""The names of the features, in order."""
_NUMBER: Final = {name: number for number, name in enumerate(FEATURES)}


def evidence(forms: Sequence[str]) -> list[tuple[int, ...]]:
    """The numbers of the features of every word of one sentence."""
    found = [_word(form) for form in forms]
    for start, end, kind in lexicon.listed(tuple(forms)):
        written = "written" if len(kind) == 1 and kind.isupper() else "by sound"
        for place in range(start, end):
            name = f"{_KINDS[kind[-1].upper()]} {written} {'later' if place > start else 'first'}"
            found[place] = (*found[place], _NUMBER[name])
    return found


@lru_cache(maxsize=1 << 16)
def _word(form: str) -> tuple[int, ...]:
    """The features that a word has by itself."""
    known, k = lexicon.load(), key(form)
    tags = {*known.word_tags(form), *(("English",) if k in known.english else ())}
    return tuple(sorted(_NUMBER[tag] for tag in tags if tag in _NUMBER))
