"""Kruti Dev 010 → Unicode: keys that only look Hindi in the font, in the order in which Hindi is spelt."""

from __future__ import annotations

from functools import cache
from typing import Final

import regex

from pipeline.tsv import rows

_CONSONANT: Final = "[क-ह]़?"
_CLUSTER: Final = rf"(?:{_CONSONANT}्)*{_CONSONANT}"
_SIGNS: Final = "[ािीुूृेैॉॅोौ]?[ँं]?"
_SYLLABLE: Final = rf"(?:[अ-औ]|{_CLUSTER}[ािीुूृेैोौॉॅ]?)[ँं]?ः?ऽ?"
_WORD: Final = regex.compile(rf"(?:{_SYLLABLE})+(?:(?<=[क-ह])्)?|ॐ")
_LETTERS: Final = regex.compile(r"[\p{L}\p{M}]+")

# In this order: the nukta, the bar of a half letter, marks as they are spelt, vowels of two strokes, then the
# short i behind the consonants it was typed before, and the r above before the syllable it was typed after.
_ORDER: Final = tuple(
    (regex.compile(pattern), replacement)
    for pattern, replacement in (
        ("([ािीुूृेैॉॅ्]+)़", r"़\1"),
        ("्ा", ""),
        ("(R?[ँं])([ािीुूृेैॉॅ])", r"\2\1"),
        ("([ािीुूृेैॅ]|्र)R(?=[ािीुूेैॅ])", r"R\1"),
        ("ाे", "ो"),
        ("ाै", "ौ"),
        ("ाॅ", "ॉ"),
        ("अा", "आ"),
        ("अो|आे", "ओ"),
        ("अौ|आै", "औ"),
        ("अॉ|आॅ", "ऑ"),
        ("एे", "ऐ"),
        (f"I(ं?)({_CLUSTER})", r"\2ि\1"),
        (f"({_CLUSTER}{_SIGNS})R", r"र्\1"),
        (f"R({_CLUSTER})", r"र्\1"),
        ("(?<=[0-9०-९])ः|(?<![\\p{L}\\p{M}])ः", ":"),
        ("(?<![क-ह])़", "+"),
    )
)


def to_unicode(token: str) -> str:
    """What one run of keys without a space looks like in the font, spelt in Unicode."""
    text = _keys().sub(lambda key: _table()[key.group()], token)
    for pattern, replacement in _ORDER:
        text = pattern.sub(replacement, text)
    return text


def is_well_formed(text: str) -> bool:
    """Whether every run of letters in `text` is spelt as Devanagari is: no sign without its letter."""
    return all(_WORD.fullmatch(run) for run in _LETTERS.findall(text))


@cache
def _table() -> dict[str, str]:
    return {key: letters for letters, key in rows(__package__, "kruti_dev.tsv")}


@cache
def _keys() -> regex.Pattern[str]:
    return regex.compile("|".join(map(regex.escape, sorted(_table(), key=len, reverse=True))))
