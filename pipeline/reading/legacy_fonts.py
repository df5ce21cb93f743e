"""Hindi typed for fonts from before Unicode: "Hkkjr ljdkj us dgk" is भारत सरकार ने कहा in Kruti Dev.

Kruti Dev and what shares its layout becomes Unicode; other such fonts, and what is not sure, are refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import Final

import regex

from pipeline.reading.kruti_dev import is_well_formed, to_unicode
from pipeline.reading.reasons import NotAnArticle
from pipeline.tsv import rows

_OURS: Final = "Kruti Dev"
_SMALL_SHARE: Final = 0.08  # of the words of a text; running Hindi has 0.25
_ODD_SHARE: Final = 0.3  # of its words that English would not spell so; Hindi in Kruti Dev has 0.5
_ODD_LINE: Final = 0.15
_WELL_FORMED: Final = 0.85
_STOPS: Final = "A]"  # danda and comma in Kruti Dev
_ACCENTED_SHARE: Final = 0.15  # accented capitals among all signs; no language comes near
_FEWEST_SIGNS: Final = 20

_DEVANAGARI = regex.compile(r"\p{Devanagari}")
_LETTER = regex.compile(r"\p{Latin}")
_ACCENTED = re.compile("[À-ÖØ-Þ]")
# Signs and capitals inside a word, or no vowel in it; words all in capitals are abbreviations.
_ODD = regex.compile(
    r"""
    (?!\p{Lu}+\b)
    (?: \S*\p{Ll} (?: [;\[\]{}|/"?<>=+~_]+\p{L} | \p{Lu} )
      | \S*[;=\[{}|]\p{L}
      | [b-df-hj-np-tv-xzB-DF-HJ-NP-TV-XZ]{2,} )
    """,
    regex.VERBOSE,
)
# Web and mail addresses, dates of records and the word before them stay: the font never had them.
_TOKEN = regex.compile(
    r"(?P<kept>https?://\S+|www\.\S+|\S+@\S+\.\S+|(?:(?i:date)\s+)?\d{4}-\d\d-\d\d(?!\S))|\S+"
)


def without_legacy_fonts(text: str) -> str:
    """`text` in Unicode; NotAnArticle `legacy_font` where it is in a font that cannot be read for sure."""
    if _is_all_accents(text):
        raise _another_font()
    if all(known.isdisjoint(text.split()) for known in _fonts().values()):
        return text
    words = [word for word in text.split() if _LETTER.search(word)]
    if _is_typed_in_kruti_dev(words):
        return "\n".join(map(_line, text.split("\n")))
    if _speaks_another_font(words):
        raise _another_font()
    return text


def _another_font() -> NotAnArticle:
    return NotAnArticle("legacy_font", "The text is typed for a font from before Unicode.")


def _is_typed_in_kruti_dev(words: list[str]) -> bool:
    """Whether it is for sure; NotAnArticle where much speaks for it, but it does not make Hindi."""
    small = _small_words(words, _OURS)
    few = min(3, 1 + len(words) // 8)
    if len(set(small)) < few or len(small) < _SMALL_SHARE * len(words) or _odd_share(words) < _ODD_SHARE:
        return False
    if _well_formed_share(words) < _WELL_FORMED:
        raise NotAnArticle("legacy_font", "The text looks like Kruti Dev, but it does not make Hindi.")
    return True


def _speaks_another_font(words: list[str]) -> bool:
    for font in _fonts():
        small = _small_words(words, font)
        if font != _OURS and len(set(small)) >= 3 and len(small) >= _SMALL_SHARE * len(words):
            return True
    return False


def _is_all_accents(text: str) -> bool:
    if not (capitals := len(_ACCENTED.findall(text))):
        return False
    signs = sum(map(len, text.split()))
    return signs >= _FEWEST_SIGNS and capitals >= _ACCENTED_SHARE * signs


def _line(line: str) -> str:
    """A line of a text in Kruti Dev, converted unless it is in Unicode or in English all the same."""
    words = [word for word in line.split() if _LETTER.search(word)]
    english = len(words) > 3 and _odd_share(words) < _ODD_LINE and not _small_words(words, _OURS)
    if _DEVANAGARI.search(line) or english or _well_formed_share(words) < _WELL_FORMED:
        return line
    return _TOKEN.sub(_converted, line)


def _converted(token: regex.Match[str]) -> str:
    converted = to_unicode(token.group())
    return token.group() if token["kept"] or not is_well_formed(converted) else converted


def _odd_share(words: list[str]) -> float:
    return sum(_ODD.match(word) is not None for word in words) / len(words)


def _well_formed_share(words: list[str]) -> float:
    return sum(is_well_formed(to_unicode(word)) for word in words) / max(1, len(words))


def _small_words(words: Iterable[str], font: str) -> list[str]:
    known = _fonts()[font]
    return [word for word in words if word in known or word.rstrip(_STOPS) in known]


@cache
def _fonts() -> dict[str, frozenset[str]]:
    return {font: frozenset(words.split()) for font, words in rows(__package__, "legacy_fonts.tsv")}
