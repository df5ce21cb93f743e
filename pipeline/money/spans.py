"""A sum as a span of tokens, before its modifier and unit are known."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pipeline.article import Form
from pipeline.money.quantities import Quantity


@dataclass(frozen=True, slots=True)
class Span:
    """A sum at tokens `first` to `last` (exclusive), from `low` to `high` in units of `currency`.

    `head` and `tail` are the quantities that it was made of; `each` marks a distributive (10-10 लाख),
    `changes` the first half of a change (X से बढ़कर Y).
    """

    first: int
    last: int
    currency: str | None
    low: Decimal | None
    high: Decimal | None
    form: Form
    head: Quantity
    tail: Quantity
    each: bool = False
    changes: bool = False


def alone(quantity: Quantity) -> Span:
    """A quantity as a sum by itself."""
    value = quantity.value
    form: Form = "indefinite" if value is None else "point"
    return Span(quantity.first, quantity.last, quantity.currency, value, value, form, quantity, quantity)
