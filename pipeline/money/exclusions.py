"""Numbers with a currency word that are no money after all: 10 पाउंड वजन, six cents of land, Euro 2024."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.leads import is_scale
from pipeline.money.lexer import Tokens, token_at
from pipeline.money.spans import Span
from pipeline.money.tables import rows
from pipeline.money.vocabulary import WORDS

_WINDOW = 4
_LONGEST_CUT = 4  # a word begun and three dots
_IDIOM = Decimal("0.01")
_ELLIPSES = frozenset(("…", "..."))
_INDIAN = frozenset(("₹", "INR", "inr"))
_OTHER_RUPEES = frozenset(("PKR", "NPR", "LKR", "MUR", "SCR", "MVR"))
_TITLED = frozenset(("Dollar", "Cent", "Pound", "Rupee", "Penny"))
_EXCLUDING = {use: frozenset(words.split()) for use, words in rows("exclusions")}


def is_no_money(tokens: Tokens, span: Span) -> bool:
    """Whether a sum with a currency is a weight, a plot, a name, an idiom, or apart from its scale."""
    return (
        _is_weight(tokens, span)
        or _is_land(tokens, span)
        or _is_tournament(tokens, span)
        or _is_title(tokens, span)
        or _is_idiom(span)
        or _is_cut_off(tokens, span)
        or _is_interrupted(tokens, span)
    )


def names_other_rupees(tokens: Tokens) -> bool:
    """Whether a line names the code of other rupees than India's."""
    return any(token.surface in _OTHER_RUPEES for token in tokens)


def is_bare_rupees(tokens: Tokens, span: Span) -> bool:
    """Whether a sum in rupees does not say whose; beside PKR, Rs 236.84 may be Pakistan's."""
    return span.currency == "INR" and not _has_word(tokens, span, _INDIAN)


def _has_word(tokens: Tokens, span: Span, words: frozenset[str]) -> bool:
    return any(token.key in words for token in tokens[span.first : span.last])


def _is_weight(tokens: Tokens, span: Span) -> bool:
    """10 पाउंड वजन, lost 20 pounds, five pounds of sugar."""
    if not _has_word(tokens, span, WORDS["pounds"]):
        return False
    around = tokens[max(0, span.first - _WINDOW) : span.first] + tokens[span.last : span.last + _WINDOW]
    weighing = any(token.key in _EXCLUDING["weight"] for token in around)
    return weighing or token_at(tokens, span.last).key == "of"


def _is_land(tokens: Tokens, span: Span) -> bool:
    """six cents of land, a measure of the south."""
    land = any(token.key in _EXCLUDING["land"] for token in tokens[span.last : span.last + 2])
    return land and _has_word(tokens, span, WORDS["cents"])


def _is_tournament(tokens: Tokens, span: Span) -> bool:
    """Euro 2024, यूरो 2024: the word before a year."""
    number = span.head.number
    return tokens[span.first].key in WORDS["euros"] and not number.scales and 1900 < number.lead < 2100


def _is_title(tokens: Tokens, span: Span) -> bool:
    """50 Cent, Million Dollar Baby: names are in the singular and capitalised throughout."""
    first, last = tokens[span.first], tokens[span.last - 1]
    capital = first.kind == "number" or first.surface[:1].isupper()
    return last.surface in _TITLED and capital and first.kind != "sign" and span.low != 1


def _is_idiom(span: Span) -> bool:
    """एक पैसा नहीं, एक-एक पैसा."""
    return span.currency == "INR" and span.low == _IDIOM and span.tail.number.words


def _is_cut_off(tokens: Tokens, span: Span) -> bool:
    """Rs 85 l… at the end of a line: the scale is lost."""
    if span.tail.number.scales or len(tokens) - span.last > _LONGEST_CUT:
        return False
    tail = "".join(token.surface for token in tokens[span.last :])
    return tail.lstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ") in _ELLIPSES


def _is_interrupted(tokens: Tokens, span: Span) -> bool:
    """Rs 5 (five) crore: brackets stand between the number and its scale."""
    if span.tail.number.scales or token_at(tokens, span.last).key != "(":
        return False
    closing = (at for at in range(span.last, span.last + _WINDOW) if token_at(tokens, at).key == ")")
    return any(is_scale(tokens, at + 1) for at in closing)
