"""What a name sounds like, so that Foxconn and फॉक्सकॉन, NTPC and एनटीपीसी meet.

A skeleton keeps the consonants and says whether a vowel came first; aspiration, length and final s go.
"""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline.names.tables import rows
from pipeline.names.words import is_devanagari, key

_CONSONANTS = {
    letter: sound
    for sound, letters in {
        "k": "कख", "g": "गघ", "c": "चछ", "j": "जझ", "t": "टठतथ", "d": "डढदध", "n": "णनङञं", "p": "प",
        "f": "फ", "b": "बभ", "m": "म", "r": "रऋृ", "l": "लळ", "v": "व", "s": "शषस",
    }.items()
    for letter in letters
}  # fmt: skip
_INITIAL = {"य": "y", "ह": "h"} | dict.fromkeys("अआइईउऊएऐओऔऍ", "a")
_SOUND_OF = {
    "kn": "n", "wr": "r", "sch": "s", "tch": "c", "ch": "c", "tion": "sn", "sh": "s", "ph": "f", "gh": "g",
    "ck": "k", "dge": "j", "ce": "s", "ci": "s", "cy": "s", "ge": "j", "gy": "j", "x": "ks", "c": "k",
    "q": "k", "z": "j", "w": "v", "kh": "k", "jh": "j", "th": "t", "dh": "d", "bh": "b", "mp": "np",
    "mb": "nb",
}  # fmt: skip
_SPELLING = re.compile(r"\A(?:kn|wr)|sch|t?ch|tion\Z|[sp]h|[kgjtdb]h|ck|dge|c[eiy]|g[ey]|[xcqzw]|m[pb]")
_SILENT = re.compile(r"[^b-z]|[eiouyh]")
_VOWELS = tuple("aeiou")
_PLURAL_FROM = 4
_LETTER_NAMES = {key(name): letter.lower() for letter, name in rows("letters.tsv")}
_ANY_LETTER = re.compile("|".join(sorted(_LETTER_NAMES, key=len, reverse=True)))
_ALL_LETTERS = re.compile(f"(?:{_ANY_LETTER.pattern})+")


@lru_cache(maxsize=1 << 16)
def skeleton(key: str) -> str:
    """The consonants of a key of either script, of doubled ones one: atkrs for utkarsh and for उत्कर्ष."""
    sounds = _of_devanagari(key) if is_devanagari(key) else _of_latin(key)
    kept = "".join(sound for i, sound in enumerate(sounds) if sound != sounds[i - 1 : i])
    return kept[:-1] if len(kept) >= _PLURAL_FROM and kept[-1] in "sj" else kept


@lru_cache(maxsize=1 << 16)
def acronym(key: str) -> str:
    """The Latin letters whose Devanagari names make up `key` (ntpc for एनटीपीसी), or nothing."""
    if not is_devanagari(key) or not _ALL_LETTERS.fullmatch(key):
        return ""
    return "".join(_LETTER_NAMES[name] for name in _ANY_LETTER.findall(key))


def _of_devanagari(key: str) -> str:
    return _INITIAL.get(key[0], "") + "".join(_CONSONANTS.get(letter, "") for letter in key)


def _of_latin(key: str) -> str:
    spelt = _SPELLING.sub(lambda match: _SOUND_OF[match.group()], key)
    first, rest = spelt[:1], _SILENT.sub("", spelt)
    if first == "h" or (first == "y" and key[1:2] in _VOWELS):
        return first + rest
    return "a" + rest if key[:1] in _VOWELS or first == "y" else rest
