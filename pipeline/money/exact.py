"""Exact decimal arithmetic, wide enough for the columns `decimal(38, …)`."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

WIDE = Context(prec=200, rounding=ROUND_HALF_EVEN)
"""Room for every number that is read: sixty digits before any scales."""

_COLUMN_DIGITS = 38
_AMOUNT_PLACES = 4


def shifted(amount: Decimal, places: int) -> Decimal:
    """`amount` times ten to the power `places`, without rounding."""
    return WIDE.scaleb(amount, places)


def plain(value: Decimal) -> Decimal:
    """The value without an exponent or needless zeros: 1500000 and not 1.5E+6, 2.6 and not 2.60."""
    value = WIDE.normalize(value)
    return WIDE.quantize(value, Decimal(1)) if value == value.to_integral_value() else value


def quotient(dividend: Decimal, divisor: Decimal, places: int) -> Decimal:
    """The quotient rounded half even to `places` decimals."""
    return WIDE.quantize(WIDE.divide(dividend, divisor), Decimal(1).scaleb(-places))


def fits(value: Decimal, places: int) -> bool:
    """Whether a column `decimal(38, places)` holds `value` without loss."""
    if value == 0:
        return True
    _, digits, exponent = WIDE.normalize(value).as_tuple()
    assert isinstance(exponent, int), "only finite numbers are built here"
    return -exponent <= places and len(digits) + exponent <= _COLUMN_DIGITS - places


def storable(amount: Decimal) -> bool:
    """Whether the amount columns, `decimal(38, 4)`, hold `amount` without loss."""
    return fits(amount, _AMOUNT_PLACES)
