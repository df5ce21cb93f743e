"""Currencies in a line of tokens, before or after a number: signs, codes, words, countries."""

from __future__ import annotations

from typing import NamedTuple

from pipeline.money.lexer import HYPHENS, Token, Tokens, token_at
from pipeline.money.tables import Phrases, rows
from pipeline.money.vocabulary import MANY, WORDS

_DOTTED = frozenset(("Rs", "rs", "RS", "Re", "रु", "रू"))
_STROKES = frozenset("-–=")
_BEFORE_NUMBER = frozenset(("rupee", "dollar", "ringgit", "euro"))


class Currency(NamedTuple):
    """What a phrase says of a currency.

    `code` is None where the word alone leaves it open (दीनार); `family` is the word that countries qualify;
    `minor` is how many of it make one unit (100 for paise, else 1); `form` is how it is written.
    """

    code: str | None
    family: str
    minor: int
    form: str


class Found(NamedTuple):
    """A currency at tokens `first` to `last` (exclusive)."""

    first: int
    last: int
    currency: Currency


def _words() -> Phrases[Currency]:
    countries: dict[str, list[tuple[str, str]]] = {}
    for family, code, names in rows("currency_countries"):
        countries.setdefault(family, []).extend((name.replace("_", " "), code) for name in names.split())
    phrases: Phrases[Currency] = Phrases()
    for family, ratio, code, spellings in rows("currency_words"):
        minor = int(ratio or 1)
        for word in spellings.replace(" ", "\t").replace("_", " ").split("\t"):
            phrases.add(word, Currency(code or None, family, minor, "word"))
            for name, own in countries.get(family, ()):
                phrases.add(f"{name} {word}", Currency(own, family, minor, "country"))
    return phrases


def _families() -> dict[str, str]:
    named = {code: family for family, code, _ in rows("currency_countries")}
    return named | {code: family for family, _, code, _ in rows("currency_words") if code}


def _signs() -> dict[str, Currency]:
    families = _families()
    return {
        form.lower() if use == "sign" else form: Currency(
            code, families.get(code, code), 100 if use == "cents" else 1, use
        )
        for code, use, forms in rows("currency_signs")
        for form in forms.split()
    }


_WORDS = _words()
_SIGNS = _signs()


def is_currency(token: Token) -> bool:
    """Whether a word is the name or code of a currency, so that digits may touch it (Rs500)."""
    return _sign(token) is not None or _WORDS.at([token], 0) is not None


def currency_after(tokens: Tokens, at: int) -> Found | None:
    """The currency at token `at`, after a number; a hyphen may stand before it, and `of` after crores."""
    of_many = token_at(tokens, at).key == "of" and token_at(tokens, at - 1).key in MANY
    hyphen = token_at(tokens, at).key in HYPHENS and tokens[at].glued and token_at(tokens, at + 1).glued
    at += of_many or hyphen
    worded = _WORDS.at(tokens, at)
    if worded:
        return Found(at, worded[0], worded[1])
    return _stroke(tokens, at) or _sign_after(tokens, at)


def _stroke(tokens: Tokens, at: int) -> Found | None:
    """The /- of rupees, with the word that may follow it."""
    stroke = token_at(tokens, at + 1)
    if token_at(tokens, at).key != "/" or stroke.key not in _STROKES or not stroke.glued:
        return None
    worded = _WORDS.at(tokens, at + 2)
    return Found(at, worded[0] if worded else at + 2, _SIGNS["₹"])


def _sign_after(tokens: Tokens, at: int) -> Found | None:
    """A sign or code at `at`, unless it belongs to the number behind it."""
    currency = _sign(token_at(tokens, at))
    if currency is None:
        return None
    dot = token_at(tokens, at + 1)
    last = at + 2 if tokens[at].surface in _DOTTED and dot.key == "." and dot.glued else at + 1
    if token_at(tokens, last).kind == "number" and not _has_its_own(tokens, last):
        return None
    return Found(at, last, currency)


def _has_its_own(tokens: Tokens, at: int) -> bool:
    """Whether the number at `at` has a currency behind it: in 10 rmb 20 usd each sign is the one after."""
    return _WORDS.at(tokens, at + 1) is not None or _sign(token_at(tokens, at + 1)) is not None


def currency_before(tokens: Tokens, end: int, floor: int) -> Found | None:
    """The currency that ends before token `end` and begins at token `floor` or later."""
    last = end
    if last - 2 >= floor and tokens[last - 1].key == "." and tokens[last - 2].surface in _DOTTED:
        last -= 1
    if last - 1 < floor:
        return None
    currency = _sign(tokens[last - 1])
    if currency and currency.form not in ("lone", "cents", "apart"):
        return _with_country(tokens, last - 1, end, floor, currency)
    return _word_before(tokens, end, floor) if last == end else None


def _word_before(tokens: Tokens, end: int, floor: int) -> Found | None:
    worded = _WORDS.before(tokens, end)
    if worded is None or worded[0] < floor or tokens[end - 1].key in WORDS["singular_rupee"]:
        return None
    first, currency = worded
    return Found(first, end, currency) if currency.family in _BEFORE_NUMBER and currency.minor == 1 else None


def _with_country(tokens: Tokens, at: int, end: int, floor: int, currency: Currency) -> Found:
    """A country or code set apart before the sign is part of it: US $5, यूएस $5, CAD $5."""
    if at - 1 >= floor and tokens[at].surface == "$":
        apart = _SIGNS.get(tokens[at - 1].surface)
        if apart and apart.family == "dollar" and apart.form in ("code", "apart"):
            return Found(at - 1, end, apart)
    return Found(at, end, currency)


def _sign(token: Token) -> Currency | None:
    if token.kind == "sign":
        return _SIGNS.get(token.surface.replace(" ", "").lower())
    found = _SIGNS.get(token.surface) if token.kind == "word" else None
    return found if found and found.form != "apart" else None
