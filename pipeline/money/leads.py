"""What stands before the scales of a number: digits, words below a hundred, सवा, डेढ़, one and a half."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.currencies import is_currency
from pipeline.money.lexer import HYPHENS, Token, Tokens, token_at
from pipeline.money.vocabulary import FRACTIONS, NUMERALS, SCALES, WORDS

Lead = tuple[int, Decimal]
"""The token after a lead, and its value."""

_VULGAR = frozenset("½¼¾")
_POINTS = frozenset(("point", "दशमलव", "पाइंट", "प्वाइंट"))
_MOST_DECIMALS = 4


def lead_at(tokens: Tokens, first: int) -> Lead | None:
    """The lead at token `first`, or None."""
    token = token_at(tokens, first)
    if token.kind == "number":
        return _digits(tokens, first)
    if token.key in FRACTIONS:
        return _fraction(tokens, first)
    if token.key in NUMERALS:
        return _numeral(tokens, first)
    return _article(tokens, first) if token.key in WORDS["article"] else None


def is_scale(tokens: Tokens, at: int) -> bool:
    """Whether a scale word stands at `at`."""
    return token_at(tokens, at).key in SCALES


def _digits(tokens: Tokens, first: int) -> Lead | None:
    value, after = tokens[first].value, token_at(tokens, first + 1)
    if value is None or not _stands_free(tokens, first):
        return None
    if after.glued and after.surface in _VULGAR:
        return first + 2, value + FRACTIONS[after.surface].value
    return first + 1, value


def _stands_free(tokens: Tokens, at: int) -> bool:
    """Whether digits are a number of their own, no part of a name, a decimal, a percentage or a time."""
    before, after, beyond = (token_at(tokens, at + step) for step in (-1, 1, 2))
    if tokens[at].glued and (_is_name(before) or _is_rest(tokens, at - 1)):
        return False
    if after.key == "," and _is_torn_group(beyond):
        return False
    is_time = after.key == ":" and after.glued and beyond.glued and beyond.kind == "number"
    return not is_time and not (after.key == "%" and after.glued)


def _is_name(token: Token) -> bool:
    """Whether digits that touch a word are part of a name: FY21, micro1."""
    return token.kind == "word" and not is_currency(token)


def _is_rest(tokens: Tokens, at: int) -> bool:
    """Whether a mark at `at` makes what touches it the rest of a number: .5 but not Rs.5, 5/10."""
    before = token_at(tokens, at - 1)
    if tokens[at].key == ".":
        return not tokens[at].glued or before.kind != "word"
    return tokens[at].key == "/" and tokens[at].glued and before.kind == "number"


def _is_torn_group(token: Token) -> bool:
    """The rest of a number that was torn apart: 5, 000."""
    return token.kind == "number" and not token.glued and len(token.surface) == 3 and token.surface[0] in "0०"


def _fraction(tokens: Tokens, first: int) -> Lead | None:
    value, added, bound = FRACTIONS[tokens[first].key]
    if not added:
        article = token_at(tokens, first + 1).key in WORDS["article"]  # half a million
        return first + 1 + article, value
    following = None if token_at(tokens, first + 1).key in FRACTIONS else lead_at(tokens, first + 1)
    if following:
        return following[0], following[1] + value
    return None if bound else (first + 1, 1 + value)


def _article(tokens: Tokens, first: int) -> Lead | None:
    """a million, a quarter million."""
    following = token_at(tokens, first + 1).key
    if following in SCALES and following.isascii():
        return first + 1, Decimal(1)
    if following == "quarter" and is_scale(tokens, first + 2):
        return first + 2, FRACTIONS[following].value
    return None


def _numeral(tokens: Tokens, first: int) -> Lead | None:
    value, weak = NUMERALS[tokens[first].key]
    following = token_at(tokens, first + 1).key
    if weak and following not in SCALES and not following.startswith(("rupay", "rupai")):
        return None
    if tokens[first].key.isascii():
        return _english(tokens, first + 1, value)
    return _point(tokens, first + 1, value)


def _english(tokens: Tokens, last: int, value: Decimal) -> Lead:
    """twenty-five, three quarters, one and a half, two point five."""
    if token_at(tokens, last).key == "quarters":
        return last + 1, value / 4
    at = last + 1 if token_at(tokens, last).key in HYPHENS else last
    unit = NUMERALS.get(token_at(tokens, at).key)
    if value >= 20 and value % 10 == 0 and unit and 0 < unit.value < 10 and tokens[at].key.isascii():
        last, value = at + 1, value + unit.value
    if [token.key for token in tokens[last : last + 3]] == ["and", "a", "half"]:
        return last + 3, value + FRACTIONS["half"].value
    return _point(tokens, last, value)


def _point(tokens: Tokens, last: int, value: Decimal) -> Lead:
    """Decimals in words: one point three, एक दशमलव पांच."""
    if token_at(tokens, last).key not in _POINTS:
        return last, value
    decimals, at = "", last + 1
    while len(decimals) < _MOST_DECIMALS and (unit := NUMERALS.get(token_at(tokens, at).key)):
        if unit.value >= 10:
            break
        decimals += str(unit.value)
        at += 1
    return (at, Decimal(f"{value}.{decimals}")) if decimals else (last, value)
