"""A story in two bytes a word: what is left of it for comparing it with a million others.

A word keeps the class of its first letter and a hash of its consonants, so that the spellings of a name
mostly agree; a figure keeps a hash of its value and how much it tells. Every hash is BLAKE2 of UTF-8:
the same on any machine and in any process.
"""

from __future__ import annotations

import hashlib
import unicodedata
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import regex

from pipeline.text.devanagari import comparison_key

LONGEST = 2000
"""Words of a story that are kept; what comes after is not compared."""
RUN = 5
"""Words in a run; a copy keeps most of its runs, another reporter's story has hardly one of them."""
RUNS = 8
"""Runs by which a story is found again: those with the smallest hashes, whichever words they hold."""

Codes = npt.NDArray[np.uint16]

_WORD = regex.compile(r"\p{Nd}+(?:[.,]\p{Nd}+)*|[\p{L}\p{M}]+")
_GROUPED = regex.compile(r"[0-9]{1,3}(?:,[0-9]{2,3})*,[0-9]{3}(?:\.[0-9]+)?")
_YEAR = regex.compile("(?:19|20)[0-9]{2}")
# Vowels, nasal signs and the glides that spellings drop or add: गई, गयी; रुपए, रुपये; Bhandari, Bhandary.
_WEAK = regex.compile("(?<=.)[aeiouyhwा-ौंः्अ-औयवह]+")
_DOUBLED = regex.compile(r"(.)\1+")
_FOLDED = str.maketrans("णळष", "नलश")
_CLASSES = (
    "aeiouअआइईउऊऋएऐओऔ kcqxकख gगघङ चछ jzजझ tटठतथ dडढदध nनणञ pfपफ bvwबभव mम rर lलळ sशषस hह yय"
)  # fmt: skip
_CLASS = {letter: number for number, letters in enumerate(_CLASSES.split()) for letter in letters}
# Numbers at random: the upper half of a sum of products with them is a strongly universal hash.
_FACTORS = np.array(
    [0x9E3779B97F4A7C15, 0xBF58476D1CE4E5B9, 0x94D049BB133111EB, 0xD6E8FEB86659FD93, 0xC2B2AE3D27D4EB4F],
    np.uint64,
)
_HALF = np.uint64(32)

FIGURE = 14
"""Bits of a code below those that say how much a figure tells: 0 for a word, 1 to 3 for a figure."""
CLASS = 10
"""Bits of a word's code below its class."""


@lru_cache(maxsize=4096)  # asked for again when the batch of the article is stored
def outline(text: str) -> bytes:
    """The codes of the words of `text`, two bytes each, the lower first."""
    words = _WORD.findall(comparison_key(text))[:LONGEST]
    return np.array([_code(word) for word in words], "<u2").tobytes()


def codes(outline: bytes) -> Codes:
    """The codes of an outline."""
    return np.frombuffer(outline, "<u2")


def landmarks(outline: bytes) -> list[int]:
    """The smallest hashes (32 bits) of the outline's runs of words, ascending; none when it is too short."""
    words = codes(outline)
    if len(words) < RUN:
        return []
    hashes = (np.correlate(words.astype(np.uint64), _FACTORS) >> _HALF).astype(np.uint32)
    hashes.sort()
    fresh = hashes[1:] != hashes[:-1]
    return [int(hashes[0]), *hashes[1:][fresh][: RUNS - 1].tolist()]


@lru_cache(maxsize=1 << 17)
def _code(word: str) -> int:
    if unicodedata.category(word[0]) == "Nd":
        return _code_of_figure(_value(word))
    kept = _DOUBLED.sub(r"\1", _WEAK.sub("", word)).translate(_FOLDED)
    return _CLASS.get(word[0], 0) << CLASS | _hash(kept) >> (16 - CLASS)


def _code_of_figure(value: str) -> int:
    digits = len(value.replace(".", "").strip("0"))
    telling = 1 if _YEAR.fullmatch(value) else min(max(digits, 1), 3)
    return telling << FIGURE | _hash(value) >> (16 - FIGURE)


def _value(figure: str) -> str:
    """A figure in ASCII digits, without grouping commas and needless zeros."""
    plain = "".join(sign if sign in ".," else str(unicodedata.decimal(sign)) for sign in figure)
    if _GROUPED.fullmatch(plain):
        plain = plain.replace(",", "")
    if plain.count(".") == 1:
        plain = plain.rstrip("0").rstrip(".")
    return plain.lstrip("0") or "0"


def _hash(text: str) -> int:
    """Sixteen bits."""
    coded = text.encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(coded, digest_size=2).digest(), "big")
