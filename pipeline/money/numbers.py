"""Numbers in a line of tokens: digits, words and scales, alone or mixed, to exact values."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import NamedTuple

from pipeline.article import Modifier
from pipeline.money.currencies import currency_after
from pipeline.money.exact import shifted
from pipeline.money.leads import is_scale, lead_at
from pipeline.money.lexer import DASHES, HYPHENS, Tokens, token_at
from pipeline.money.vocabulary import BEGINNINGS, FUSED, LOOSE, MANY, NUMERALS, SCALES, WORDS, Scale

_MOST_TERMS = 12
_UNFINISHED = (BEGINNINGS - WORDS["article"]) | {")", *SCALES}


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens `first` to `last` (exclusive); `value` is None when it is indefinite (करोड़ों).

    `lead` is what stands before the scales of its last term, `scales` the powers of ten of those scales,
    `indian` says that all scales are, `words` that no digit is in it, `yearly` that it ends in LPA;
    `modifier` is that of a word within (100+ करोड़, 500-odd crore).
    """

    first: int
    last: int
    value: Decimal | None
    lead: Decimal
    scales: tuple[int, ...]
    indian: bool
    words: bool
    modifier: Modifier | None = None
    yearly: bool = False
    terms: int = 1


class _Term(NamedTuple):
    """A lead and the scales after it: दो लाख करोड़."""

    first: int
    last: int
    lead: Decimal
    scales: tuple[Scale, ...]
    words: bool
    modifier: Modifier | None
    yearly: bool


class _Part(NamedTuple):
    """A part of a number: its value, the power of its last scale, and of all its scales together."""

    value: Decimal
    power: int
    reach: int


def number_at(tokens: Tokens, first: int) -> Number | None:
    """The longest number that begins at token `first`, or None."""
    if token_at(tokens, first).key not in BEGINNINGS:
        return None
    return _indefinite(tokens, first) or _definite(tokens, first)


def _indefinite(tokens: Tokens, first: int) -> Number | None:
    """करोड़ों, हजारों करोड़, लाखों-करोड़ों, hundreds of crores, कई सौ करोड़."""
    many = tokens[first].key in WORDS["vague"]
    at = last = first + many
    scales: list[Scale] = []
    while scale := MANY.get(word := token_at(tokens, at).key) or (SCALES.get(word) if many else None):
        scales.append(scale)
        many, last = True, at + 1
        linked = token_at(tokens, last).key == "of" or token_at(tokens, last).key in DASHES
        at = last + linked
    if not scales:
        return None
    powers = tuple(scale.power for scale in scales)
    indian = all(scale.indian for scale in scales)
    return Number(first, last, None, Decimal(0), powers, indian, words=True)


def _definite(tokens: Tokens, first: int) -> Number | None:
    """Terms of falling size add up; a scale after smaller ones multiplies them: 1 लाख 76 हजार 379 करोड़."""
    terms: list[_Term] = []
    parts: list[_Part] = []
    at = first
    while len(terms) < _MOST_TERMS and (term := _next_term(tokens, at, terms)):
        grown = _grown(parts, term)
        if grown is None:
            break
        parts = grown
        terms.append(term)
        at = _past_and(tokens, term)
    return _number(terms, parts) if terms else None


def _number(terms: list[_Term], parts: list[_Part]) -> Number:
    last = terms[-1]
    return Number(
        first=terms[0].first,
        last=last.last,
        value=sum((part.value for part in parts), Decimal(0)),
        lead=last.lead,
        scales=tuple(scale.power for scale in last.scales),
        indian=bool(last.scales) and all(scale.indian for term in terms for scale in term.scales),
        words=all(term.words for term in terms),
        modifier=last.modifier,
        yearly=last.yearly,
        terms=len(terms),
    )


def _next_term(tokens: Tokens, at: int, terms: list[_Term]) -> _Term | None:
    """The term at `at` that may follow `terms`; digits without a scale only before a currency."""
    if not terms:
        return _term(tokens, at)
    following = token_at(tokens, at).key
    if following not in BEGINNINGS or following in SCALES or terms[-1].yearly or not terms[-1].scales:
        return None
    if is_scale(tokens, terms[0].first):
        return None
    term = _term(tokens, at)
    if term is None or term.words or term.scales or currency_after(tokens, term.last):
        return term
    return None


def _term(tokens: Tokens, first: int) -> _Term | None:
    lead = lead_at(tokens, first)
    if lead is None:
        if token_at(tokens, first).key not in LOOSE or token_at(tokens, first - 1).key in _UNFINISHED:
            return None  # a scale may hang on what was not understood: (1 लाख 20 हजार) करोड़
        lead = first, Decimal(1)
    at, value = lead
    words = all(token.kind != "number" for token in tokens[first:at])
    plus = token_at(tokens, at).key == "+" and tokens[at].glued and is_scale(tokens, at + 1)
    odd = _odd(tokens, at)
    last, scales = _scales(tokens, at + plus + odd, fused=not words)
    yearly = token_at(tokens, last - 1).key in WORDS["yearly"]
    modifier: Modifier | None = "more_than" if plus else "approx" if odd else None
    return _Term(first, last, value, tuple(scales), words, modifier, yearly)


def _odd(tokens: Tokens, at: int) -> int:
    """How many tokens the `odd` of 500-odd crore takes at `at`."""
    hyphen = token_at(tokens, at).key in HYPHENS
    odd = token_at(tokens, at + hyphen).key == "odd" and is_scale(tokens, at + hyphen + 1)
    return 1 + hyphen if odd else 0


def _scales(tokens: Tokens, at: int, fused: bool) -> tuple[int, list[Scale]]:
    """The scales at `at`, each larger than the one before: लाख करोड़, lakh-crore, k cr."""
    scales: list[Scale] = []
    while found := _scale(tokens, at, fused and not scales):
        if scales and found[1].power <= scales[-1].power:
            break
        at = found[0]
        scales.append(found[1])
    return at, scales


def _scale(tokens: Tokens, at: int, fused: bool) -> tuple[int, Scale] | None:
    """The scale word at `at` and the token after it; a hyphen that touches both sides may stand before it."""
    token = token_at(tokens, at)
    if token.key in HYPHENS and token.glued and token_at(tokens, at + 1).glued:
        return (at + 2, SCALES[tokens[at + 1].key]) if is_scale(tokens, at + 1) else None
    if token.key in SCALES:
        return at + 1, SCALES[token.key]
    if fused and token.key in WORDS["yearly"]:
        return at + 1, SCALES["lakh"]
    return (at + 1, FUSED[token.surface]) if fused and token.glued and token.surface in FUSED else None


def _grown(parts: list[_Part], term: _Term) -> list[_Part] | None:
    """The parts of a number after one more term; None if that makes no number."""
    grown = [*parts, _Part(term.lead, 0, 0)]
    for scale in term.scales:
        value, reach = Decimal(0), 0
        while grown and grown[-1].power < scale.power:
            part = grown.pop()
            value, reach = value + part.value, max(reach, part.reach)
        grown.append(_Part(shifted(value, scale.power), scale.power, scale.power + reach))
    return grown if all(_leaves_room(*pair) for pair in pairwise(grown)) else None


def _leaves_room(part: _Part, following: _Part) -> bool:
    """Whether `following` may be added: करोड़ leaves room below ten million, लाख करोड़ also for हजार करोड़."""
    if part.value % (Decimal(10) ** part.power):
        return False
    if following.value < Decimal(10) ** part.power:
        return True
    whole = part.value % (Decimal(10) ** part.reach) == 0
    return whole and following.power == part.power and following.value < Decimal(10) ** part.reach


def _past_and(tokens: Tokens, term: _Term) -> int:
    """The token after a term, past the `and` of a hundred and five."""
    joined = token_at(tokens, term.last).key == "and" and token_at(tokens, term.last + 1).key in NUMERALS
    return term.last + (joined and [scale.power for scale in term.scales] == [2])
