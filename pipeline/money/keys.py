"""The key of a word: what is left when spelling that does not matter is taken away.

करोड़, करोड and क़रोड़ share a key, and so do पाँच and पांच, डॉलर and डालर, रुपये and रुपए, Crore and crore.
"""

from __future__ import annotations

import re
from functools import lru_cache

_FOLD: dict[int, str | None] = {
    0x093C: None,  # nukta, then the letters that carry one of their own
    **{0x0958 + step: letter for step, letter in enumerate("कखगजडढफय")},
    0x0929: "न",
    0x0931: "र",
    0x0934: "ळ",
    0x0901: "\u0902",  # chandrabindu as anusvara
    0x0945: None,  # chandra: डाॅलर, डॉलर and डालर
    0x0949: "ा",
    0x0911: "आ",
    0x200C: None,
    0x200D: None,
}
_WRITTEN_NASAL = re.compile("[ङञणनम]\u094d(?=[कखगघचछजझटठडढतथदधपफबभ])")


@lru_cache(maxsize=1 << 16)
def key(word: str) -> str:
    """The key of `word`, one word of either script."""
    if word.isascii():
        return word.lower()
    folded = _WRITTEN_NASAL.sub("\u0902", word.casefold().translate(_FOLD))
    return folded.removesuffix("ये") + "ए" if folded.endswith("ये") else folded
