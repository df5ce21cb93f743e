"""What a sum is paid for each of: प्रति माह, a share, हर महीने, रुपये किलो, सालाना."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.money.lexer import STOPS, Tokens, token_at
from pipeline.money.tables import Phrases, rows
from pipeline.money.vocabulary import BEGINNINGS, WORDS

_LOOK_BACK = 6
_WIDE_LOOK = 20
_TIMES = frozenset(("minute", "hour", "day", "week", "month", "quarter", "year"))
_BARE_BEFORE = frozenset(("day", "month", "year"))
_NIGHT = "रात"


class Unit(NamedTuple):
    """A unit, and whether its word says `each` by itself (adverb) or right after a Hindi sum (bare)."""

    name: str
    adverb: bool
    bare: bool


def _units() -> Phrases[Unit]:
    known: dict[str, Unit] = {}
    for name, use, words in rows("units"):
        for word in words.split():
            old = known.get(word, Unit(name, False, False))
            known[word] = Unit(name, old.adverb or use == "adverb", old.bare or use == "bare")
    plurals = {f"{word}s": unit for word, unit in known.items() if word.isascii() and not unit.adverb}
    phrases: Phrases[Unit] = Phrases()
    for word, unit in (plurals | known).items():
        phrases.add(word.replace("_", " "), unit)
    return phrases


_UNITS = _units()


def unit_after(tokens: Tokens, last: int) -> tuple[int, str] | None:
    """The unit that follows a sum which ends before token `last`, and the token after it."""
    last += token_at(tokens, last).key in WORDS["more"]
    word = token_at(tokens, last).key
    if word in ("each", "apiece"):
        return last + 1, _apiece(tokens, last)
    if word in WORDS["each"]:
        found = _named(tokens, last + 1) or _qualified(tokens, last + 1, word)
        return None if found and token_at(tokens, found[0]).key in WORDS["ago"] else found
    unit = _UNITS.at(tokens, last)
    if unit and (unit[1].adverb or (unit[1].bare and _is_bare(tokens, last))):
        return unit[0], unit[1].name
    return None


def _is_bare(tokens: Tokens, at: int) -> bool:
    """Devanagari and romanised units follow a sum alone; English ones (5 crore unit) do not."""
    return not tokens[at].surface.isascii() or tokens[at].key in WORDS["romanised_unit"]


def _named(tokens: Tokens, at: int) -> tuple[int, str] | None:
    """The unit at `at` and the token after it; ten grams are a unit of their own."""
    ten = token_at(tokens, at).value == 10
    found = _UNITS.at(tokens, at + ten)
    if found is None or (ten and found[1].name != "gram"):
        return None
    return found[0], "10g" if ten else found[1].name


def _qualified(tokens: Tokens, at: int, each: str) -> tuple[int, str] | None:
    """The unit behind a word that qualifies it: per Instagram post."""
    qualifies = token_at(tokens, at).kind == "word" and tokens[at].key not in BEGINNINGS
    return _named(tokens, at + 1) if qualifies and each in WORDS["per"] else None


def _apiece(tokens: Tokens, at: int) -> str:
    """What each or apiece at `at` means: of shares, of things that have a price, else of people."""
    around = {token.key for token in tokens[max(0, at - _WIDE_LOOK) : at + _WIDE_LOOK]}
    if around & WORDS["share"]:
        return "share"
    return "unit" if tokens[at].key == "apiece" or around & WORDS["selling"] else "person"


def unit_before(tokens: Tokens, first: int, floor: int) -> str | None:
    """The unit named in the clause before a sum that begins at `first`: हर महीने 2,000, महीने के 40 हजार."""
    for at in range(first - 1, max(floor, first - _LOOK_BACK) - 1, -1):
        if tokens[at].key in STOPS:
            return None
        found = _UNITS.at(tokens, at)
        if found and _says_each(tokens, at, found[0], found[1], first):
            return found[1].name
    return None


def _says_each(tokens: Tokens, at: int, after: int, unit: Unit, first: int) -> bool:
    """Whether the sum at `first` is paid for each unit at `at`: हर माह, सालाना, एक एपिसोड के, महीने के."""
    before = token_at(tokens, at - 1)
    if unit.adverb or before.key in WORDS["every"]:
        return True
    if token_at(tokens, after).key not in WORDS["genitive"] or after + 1 < first - 1:
        return False
    if before.key in WORDS["one"]:
        return unit.name not in _TIMES or tokens[at].key == _NIGHT
    return unit.name in _BARE_BEFORE and unit.bare and before.kind != "number"


def unit_of_noun(tokens: Tokens, at: int) -> str | None:
    """The unit of an adverb behind a genitive: 1 करोड़ का सालाना पैकेज."""
    found = _UNITS.at(tokens, at + 1) if token_at(tokens, at).key in WORDS["genitive"] else None
    return found[1].name if found and found[1].adverb else None
