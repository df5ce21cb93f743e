"""The words of numbers and of the grammar, by key, read from the tables."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal, NamedTuple

from pipeline.money.keys import key
from pipeline.money.lexer import NUMBER_KEY
from pipeline.money.tables import rows

ScaleUse = Literal["word", "bound", "fused", "many"]


class Numeral(NamedTuple):
    """A number below a hundred; `weak` when its spelling is an ordinary word of English too."""

    value: Decimal
    weak: bool


class Fraction(NamedTuple):
    """सवा, साढ़े, डेढ़ …: its value, and whether it is `added` to a number, which must follow if `bound`."""

    value: Decimal
    added: bool
    bound: bool


class Scale(NamedTuple):
    """A power of ten; `indian` scales may stand for rupees where no currency is written."""

    power: int
    indian: bool


def _numerals() -> dict[str, Numeral]:
    table: dict[str, Numeral] = {}
    for value, spellings in rows("numerals"):
        strong, _, weak = spellings.partition("|")
        table |= {key(word): Numeral(Decimal(value), False) for word in strong.split()}
        table |= {key(word): Numeral(Decimal(value), True) for word in weak.split()}
    return table


def _fractions() -> dict[str, Fraction]:
    return {
        key(word): Fraction(Decimal(value), use.startswith("add"), use == "add-only")
        for use, value, spellings in rows("fractions")
        for word in spellings.split()
    }


def _scales(use: ScaleUse) -> dict[str, Scale]:
    """The scales of one use; fused ones keep their capitals: 5M is not 5m."""
    return {
        word if use == "fused" else key(word): Scale(int(power), origin == "indian")
        for power, row_use, origin, spellings in rows("scales")
        for word in spellings.split()
        if row_use == use
    }


NUMERALS = _numerals()
FRACTIONS = _fractions()
LOOSE = _scales("word")
SCALES = LOOSE | _scales("bound")
FUSED = _scales("fused")
MANY = _scales("many")
WORDS = {part: frozenset(map(key, words.split())) for part, words in rows("words")}
BEGINNINGS = WORDS["vague"] | WORDS["article"] | {NUMBER_KEY, *NUMERALS, *FRACTIONS, *LOOSE, *MANY}
"""The keys of all tokens that a number may begin with."""
