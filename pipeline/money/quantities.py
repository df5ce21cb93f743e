"""Quantities of money: a number with its currency on either side, rupees and paise together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.money.currencies import Currency, Found, currency_after, currency_before
from pipeline.money.exact import shifted
from pipeline.money.lexer import Tokens, token_at
from pipeline.money.numbers import Number, number_at
from pipeline.money.vocabulary import BEGINNINGS, SCALES, WORDS

_MINUS = frozenset("-−")
_HEADING_ENDS = frozenset((")", "में", "mein"))
_MINUS_WORDS = frozenset(("minus", "माइनस"))
_MAJOR = {"rupee": "INR", "dollar": "USD", "pound": "GBP", "ringgit": "MYR", "hryvnia": "UAH"}
_COINS_ALONE = frozenset(("rupee", "dollar", "pound"))


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number at tokens `first` to `last` (exclusive) with its currency, None where none is written.

    `value` is in units of the currency, None when indefinite. `open` says that a currency word is there
    which leaves the currency open (दीनार), so that no other may be read into it; `after` that the currency
    stands after the number; `coin` is how many of what was counted make one unit (100 for paise, else 1).
    """

    first: int
    last: int
    number: Number
    value: Decimal | None
    currency: str | None = None
    open: bool = False
    after: bool = False
    coin: int = 1


def quantities(tokens: Tokens) -> list[Quantity]:
    """The numbers of a line with their currencies, in order."""
    found: list[Quantity] = []
    at = floor = 0
    while at < len(tokens):
        number = number_at(tokens, at) if tokens[at].key in BEGINNINGS else None
        if number is None:
            at += 1
            continue
        found.append(_with_coins(tokens, _with_currency(tokens, number, floor)))
        at = floor = found[-1].last
    return found


def _with_currency(tokens: Tokens, number: Number, floor: int) -> Quantity:
    start = _past_minus(tokens, number.first, floor)
    before = currency_before(tokens, start, floor)
    first = _past_minus(tokens, before.first, floor) if before else start
    negative = start < number.first or (before is not None and first < before.first)
    value = -number.value if negative and number.value is not None else number.value
    after = _usable(currency_after(tokens, number.last), before, number)
    if _is_heading(tokens, number, after):
        before = after = None
    quantity = Quantity(first, number.last, number, value)
    if after:
        return _worded(tokens, quantity, after, before)
    return _in(quantity, before.currency.code) if before else quantity


def _is_heading(tokens: Tokens, number: Number, after: Found | None) -> bool:
    """Whether a bare scale with a currency heads a column: (Rs crore), (करोड़ रुपये), राशि करोड़ रुपये में."""
    if number.lead != 1 or tokens[number.first].key not in SCALES or number.last - number.first > 1:
        return False
    behind = token_at(tokens, after.last if after else number.last).key
    return after is None or behind in _HEADING_ENDS or token_at(tokens, number.first - 1).key == "("


def _in(quantity: Quantity, code: str | None) -> Quantity:
    return replace(quantity, currency=code, open=code is None)


def _past_minus(tokens: Tokens, at: int, floor: int) -> int:
    """The index of a minus before the token at `at`, a word or a sign that touches no other, else `at`."""
    if at - 1 < floor:
        return at
    if tokens[at - 1].key in _MINUS_WORDS:
        return at - 1
    if tokens[at - 1].key not in _MINUS or not tokens[at].glued:
        return at
    before = token_at(tokens, at - 2)
    return at - 1 if not tokens[at - 1].glued or before.kind == "sign" or before.key == "(" else at


def _usable(after: Found | None, before: Found | None, number: Number) -> Found | None:
    """The currency after a number, unless it is a mere homograph (won) or at odds with the one before."""
    if after and after.currency.form == "lone" and (number.indian or not number.scales):
        return None
    return None if after and before and after.currency.family != before.currency.family else after


def _worded(tokens: Tokens, quantity: Quantity, after: Found, before: Found | None) -> Quantity:
    """A quantity with the currency after it, and perhaps another before: ₹5 लाख रुपये, $5 Canadian dollars."""
    currency, value = after.currency, quantity.value
    quantity = replace(quantity, last=after.last, after=True, coin=currency.minor)
    if currency.minor > 1:
        alone = before is None and (currency.family in _COINS_ALONE or currency.form == "cents")
        value = None if value is None else value / currency.minor
        return _in(replace(quantity, value=value), _MAJOR.get(currency.family) if alone else None)
    scale = SCALES.get(token_at(tokens, after.last).key) if currency.form in ("code", "sign") else None
    if scale and value is not None:  # 75 USD million
        quantity = replace(quantity, value=shifted(value, scale.power), last=after.last + 1)
    return _in(quantity, _agreed(before.currency, currency) if before else currency.code)


def _agreed(before: Currency, after: Currency) -> str | None:
    """The one currency that both mean; a country named on one side decides."""
    if before.code == after.code or after.form == "word":
        return before.code
    plain = before.form == "sign" and before.code == "USD"
    return after.code if plain else None


def _with_coins(tokens: Tokens, quantity: Quantity) -> Quantity:
    """Rupees with the paise that follow them: 2 रुपये 50 पैसे, 13 dollars and 45 cents, $20 and 43c."""
    if quantity.currency is None or quantity.value is None or quantity.coin > 1:
        return quantity
    number = number_at(tokens, quantity.last + (token_at(tokens, quantity.last).key in WORDS["and"]))
    if number is None or number.value is None or number.scales or not 0 <= number.value < 100:
        return quantity
    last = _past_coin(tokens, number.last, quantity.currency)
    if last is None:
        return quantity
    return replace(quantity, last=last, value=quantity.value + number.value / 100, after=True)


def _past_coin(tokens: Tokens, at: int, code: str) -> int | None:
    """The token after a coin of the currency `code` at `at`; many currencies have cents."""
    if token_at(tokens, at).surface == "c" and tokens[at].glued:
        return at + 1
    found = currency_after(tokens, at)
    if found is None or found.currency.minor == 1:
        return None
    family = found.currency.family
    own = _MAJOR.get(family) == code or (family == "dollar" and code not in ("INR", "GBP"))
    return found.last if own else None
