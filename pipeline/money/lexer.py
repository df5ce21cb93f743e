"""Text to tokens: numbers with their values, words with their keys, signs, punctuation."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple, cast

from pipeline.money.keys import key

NUMBER_KEY = "0"
HYPHENS = frozenset("-‑‐")
DASHES = HYPHENS | frozenset("–—~−")
CLAUSE_ENDS = frozenset(",;:।|?!()")
STOPS = CLAUSE_ENDS | {"."}

TokenKind = Literal["number", "word", "sign", "mark", "address"]

_DIGITS = "0-9०-९"
_COUNTRIES = "USD?|AUD?|CAD?|Can|SGD?|HKD?|NZD?|MXN?|Mex|A|C|S|NT|R|J|TT|N|FJ|usd|aud|cad|sgd|hkd|nzd|mxn"
# Words come first, being most of a text; what they must leave to the others they look ahead for.
_TOKEN = re.compile(
    rf"""
      (?P<word>(?:रु|रू)[0०॰](?![{_DIGITS}.,]) | [\u0900-\u0963\u0970-\u097f\u200c\u200d]+
          | (?![Uu]\.\ ?[Ss]\.?\ ?\$|www\.) [A-Za-z\u00c0-\u024f]++ (?!\$|://))
    | (?P<number>[{_DIGITS}]+(?:[.,][{_DIGITS}]+)*)
    | (?P<newline>[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])
    | (?P<sign>[Uu]\.\ ?[Ss]\.?\ ?\$ | (?<![A-Za-z])(?:{_COUNTRIES})\$ | [$¢£¥฿₠-⃏€円元៛৳])
    | (?P<address>https?://\S+ | www\.\S+ | [@\#][A-Za-z0-9_]+)
    | (?P<mark>\S)
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(r"(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,2}(?:,[0-9]{2})*,[0-9]{3})(?:\.[0-9]+)?")
_ASCII_DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
_LONGEST_NUMBER = 60


class Token(NamedTuple):
    """A token: where it stands, its key, whether it touches the one before, and the value of a number.

    A number that is grouped in no known way (12,34 or 192.168.1.2) has no value.
    """

    kind: TokenKind
    start: int
    end: int
    surface: str
    key: str
    glued: bool
    value: Decimal | None


Tokens = list[Token]
_NONE = Token("mark", -1, -1, "", "", False, None)


def lines(text: str) -> list[Tokens]:
    """The tokens of `text`, a list for each line that has any."""
    found: list[Tokens] = []
    line: Tokens = []
    last_end = -1
    for match in _TOKEN.finditer(text):
        kind = cast("TokenKind | Literal['newline']", match.lastgroup)
        surface, (start, end) = match.group(), match.span()
        if kind == "word":
            line.append(Token(kind, start, end, surface, key(surface), start == last_end, None))
        elif kind == "number":
            value = number_value(surface)
            line.append(Token(kind, start, end, surface, NUMBER_KEY, start == last_end, value))
        elif kind != "newline":
            line.append(Token(kind, start, end, surface, surface, start == last_end, None))
        elif line:
            found.append(line)
            line = []
        last_end = end
    return [*found, line] if line else found


def token_at(tokens: Tokens, at: int) -> Token:
    """The token at `at`, or one without text where there is none."""
    return tokens[at] if 0 <= at < len(tokens) else _NONE


def number_value(digits: str) -> Decimal | None:
    """The value of digits of either script, ungrouped or grouped the Indian or the western way."""
    if len(digits) > _LONGEST_NUMBER:
        return None
    digits = digits.translate(_ASCII_DIGITS)
    if _PLAIN.fullmatch(digits) or _GROUPED.fullmatch(digits):
        return Decimal(digits.replace(",", ""))
    return None
