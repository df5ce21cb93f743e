"""Sums of money in normalised text: `find_sums` is the whole way from text to sums.

text → tokens (lexer) → numbers → quantities with currencies → ranges and changes (links) → rupees read from
the context (implied) → modifiers and units around each. Nothing crosses the end of a line, and what is in
doubt is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext

from pipeline.article import Form, Modifier
from pipeline.money.exact import WIDE, plain, storable
from pipeline.money.exclusions import is_bare_rupees, is_no_money, names_other_rupees
from pipeline.money.implied import follows_from, is_rupees
from pipeline.money.lexer import Tokens, lines
from pipeline.money.links import linked
from pipeline.money.modifiers import modifier_after, modifier_before
from pipeline.money.quantities import quantities
from pipeline.money.spans import Span
from pipeline.money.units import unit_after, unit_before, unit_of_noun


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum of money in a text: `text[start:end]`, values in single units of the currency."""

    start: int
    end: int
    currency: str
    minimum: Decimal | None
    maximum: Decimal | None
    form: Form
    modifier: Modifier | None
    per: str | None


def find_sums(text: str) -> list[Sum]:
    """The sums of money in `text`, which is normalised, in order and without overlap."""
    with localcontext(WIDE):
        return [found for tokens in lines(text) for found in _sums_of_line(tokens)]


def _sums_of_line(tokens: Tokens) -> list[Sum]:
    found = quantities(tokens)
    if not found:
        return []
    spans = _with_rupees(tokens, linked(tokens, found))
    floors = [0, *(span.last for span in spans)]
    kept = [(span, floor) for span, floor in zip(spans, floors, strict=False) if _is_kept(tokens, span)]
    if kept and names_other_rupees(tokens):
        kept = [(span, floor) for span, floor in kept if not is_bare_rupees(tokens, span)]
    sums = [_sum(tokens, span, floor) for span, floor in kept]
    return sums if len(sums) < 2 else [_with_unit_of_change(at, kept, sums) for at in range(len(sums))]


def _is_kept(tokens: Tokens, span: Span) -> bool:
    return span.currency is not None and _storable(span) and not is_no_money(tokens, span)


def _with_unit_of_change(at: int, kept: list[tuple[Span, int]], sums: list[Sum]) -> Sum:
    """A sum with the unit that only the other half of a change names: from Rs 95 to Rs 200 a quintal."""
    found = sums[at]
    if found.per is None and kept[at][0].changes and at + 1 < len(sums):
        return replace(found, per=sums[at + 1].per)
    if found.per is None and at and kept[at - 1][0].changes:
        return replace(found, per=sums[at - 1].per)
    return found


def _with_rupees(tokens: Tokens, spans: list[Span]) -> list[Span]:
    floor = 0
    sizes: set[int] = set()
    known: list[Span] = []
    for span in spans:
        if _means_rupees(tokens, span, sizes, floor):
            span = replace(span, currency="INR")
        if span.currency == "INR":
            sizes.update(span.tail.number.scales[-1:])
        known.append(span)
        floor = span.last
    return known


def _means_rupees(tokens: Tokens, span: Span, sizes: set[int], floor: int) -> bool:
    if span.currency is not None or span.tail.open:
        return False
    return is_rupees(tokens, span, floor) or follows_from(tokens, span, sizes, floor)


def _storable(span: Span) -> bool:
    return all(value is None or storable(value) for value in {span.low, span.high})


def _sum(tokens: Tokens, span: Span, floor: int) -> Sum:
    assert span.currency is not None, "only sums with a currency are emitted"
    modifier, per = _around(tokens, span, floor)
    minimum = _plain(span.low)
    return Sum(
        tokens[span.first].start,
        tokens[span.last - 1].end,
        span.currency,
        minimum,
        minimum if span.form == "point" else _plain(span.high),
        span.form,
        modifier,
        per,
    )


def _plain(value: Decimal | None) -> Decimal | None:
    """The value without an exponent or trailing zeros: 1500000, not 1.5E+6."""
    return None if value is None else plain(value)


def _around(tokens: Tokens, span: Span, floor: int) -> tuple[Modifier | None, str | None]:
    after = modifier_after(tokens, span.last)
    unit = unit_after(tokens, after[0] if after else span.last)
    if after is None and unit:
        after = modifier_after(tokens, unit[0])
    modifier = _modifier(tokens, span, after[1] if after else None)
    return modifier, _per(tokens, span, floor, unit[1] if unit else None, after[0] if after else span.last)


def _modifier(tokens: Tokens, span: Span, after: Modifier | None) -> Modifier | None:
    if span.tail.number.modifier:
        return span.tail.number.modifier
    if after == "up_to" and span.form == "range":
        after = None
    before = modifier_before(tokens, span.first)
    return after if after and after != "approx" else before or after


def _per(tokens: Tokens, span: Span, floor: int, unit: str | None, at: int) -> str | None:
    if unit:
        return unit
    if span.tail.number.yearly:
        return "year"
    named = unit_of_noun(tokens, at) or unit_before(tokens, span.first, floor)
    return named or ("person" if span.each else None)
