"""Sums that stand beside one another: ranges, changes, the same sum for each."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from pipeline.money.exact import shifted
from pipeline.money.implied import ends_phrase
from pipeline.money.lexer import DASHES, STOPS, Tokens, token_at
from pipeline.money.quantities import Quantity
from pipeline.money.spans import Span, alone
from pipeline.money.tables import Phrases, rows
from pipeline.money.vocabulary import WORDS

_LOOK_BACK = 8
_LONGEST_CHANGE = 5
_THOUSAND = 1000
_LARGEST_RATIO = 1000  # of a range whose lower end has no currency of its own
_LARGEST_PLAIN_RATIO = 40  # of X to Y without तक: ₹12 से ₹640 is growth, no range


def _phrases(side: str) -> Phrases[bool]:
    phrases: Phrases[bool] = Phrases()
    for row_side, words in rows("links"):
        for word in words.split() if row_side == side else ():
            phrases.add(word.replace("_", " "), True)
    return phrases


_CHANGE_BEFORE = _phrases("before")
_CHANGE_THROUGH = _phrases("through")
_CHANGE_AFTER = _phrases("after")


def linked(tokens: Tokens, found: list[Quantity]) -> list[Span]:
    """The quantities of a line as sums: ranges and distributives joined, numbers in doubt left out."""
    spans: list[Span] = []
    at = 0
    while at < len(found):
        pair = _pair(tokens, found[at], found[at + 1]) if at + 1 < len(found) else None
        spans += [alone(found[at])] if pair is None else pair
        at += 1 if pair is None else 2
    return spans if len(spans) < 2 else [_in_change(tokens, spans, at) for at in range(len(spans))]


def _pair(tokens: Tokens, a: Quantity, b: Quantity) -> list[Span] | None:
    """What two quantities make together; None if nothing, an empty list if they cast doubt on each other."""
    between = [token.key for token in tokens[a.last : b.first]] if b.first - a.last <= 2 else None
    if between is None or a.open or b.open or (a.currency and b.currency and a.currency != b.currency):
        return None
    if a.value is None or b.value is None:
        return _vague_pair(a, b, between)
    if not between:
        return _touching(a, b)
    if between[0] in WORDS["to"] and between[1:] in (["लेकर"], ["lekar"]):
        return _range(a, b)
    if len(between) > 1:
        return None
    if between[0] in DASHES:
        return _dashed(tokens, a, b)
    if between[0] in WORDS["to"]:
        return _to(tokens, a, b)
    return _range(a, b) if between[0] in WORDS["and"] and _between(tokens, a, b) else None


def _vague_pair(a: Quantity, b: Quantity, between: list[str]) -> list[Span] | None:
    """लाखों-करोड़ों: both ends indefinite; 5 करोड़ों is in doubt."""
    if not between:
        return []
    if a.value is not None or b.value is not None or len(between) != 1 or between[0] not in DASHES:
        return None
    return [replace(alone(b), first=a.first, head=a)]


def _touching(a: Quantity, b: Quantity) -> list[Span] | None:
    """दस बारह लाख, सौ दो सौ रुपये are ranges; other numbers that touch are in doubt."""
    words = a.number.words and b.number.words
    if a.currency and b.currency is None and not (a.after or words or a.number.scales):
        return []  # Rs 1 234 crore
    if a.currency or not (a.number.scales or words):
        return None
    return (_range(a, b) if words and a.number.terms == b.number.terms == 1 else None) or []


def _dashed(tokens: Tokens, a: Quantity, b: Quantity) -> list[Span] | None:
    if _is_same(a, b):
        return [replace(alone(b), first=a.first, head=a, each=True)]
    loose = tokens[a.last].glued != tokens[b.first].glued  # कीमत 5 रुपये -10 रुपये
    if a.currency and b.currency and a.after and loose:
        return None
    pair = _range(a, b)
    return [] if pair and _lacks_thousand(a, b) else pair


def _lacks_thousand(a: Quantity, b: Quantity) -> bool:
    """Rs 10-15,000 crore: whether ten crore or ten thousand crore is meant is in doubt."""
    return not a.number.scales and a.number.lead > 0 and b.number.lead >= _THOUSAND * a.number.lead


def _is_same(a: Quantity, b: Quantity) -> bool:
    """10-10 लाख, पांच-पांच हजार, लाख-लाख."""
    single = a.number.lead == b.number.lead and a.number.terms == b.number.terms == 1
    return single and a.number.scales in ((), b.number.scales)


def _to(tokens: Tokens, a: Quantity, b: Quantity) -> list[Span] | None:
    if b.currency is None and not ends_phrase(tokens, b.last):
        return None
    pair = _range(a, b)
    if pair is None or _is_steep(tokens, pair[0]) or _becomes(tokens, a, b):
        return _change(a, b) if b.currency and (a.currency or _owes(a, b)) else None
    return pair


def _is_steep(tokens: Tokens, span: Span) -> bool:
    """Whether the upper end is so far above a lower end in money of its own that it must be growth."""
    if span.low is None or span.high is None or not span.head.currency:
        return False
    open_end = token_at(tokens, span.last).key not in WORDS["upper_end"]
    return open_end and span.high > _LARGEST_PLAIN_RATIO * span.low > 0


def _becomes(tokens: Tokens, a: Quantity, b: Quantity) -> bool:
    """Whether X to Y says what X became, by the verb before or after it."""
    if token_at(tokens, a.last).key != "to":
        past_unit = 2 if token_at(tokens, b.last).key in WORDS["per"] else 0
        return _CHANGE_AFTER.at(tokens, b.last + past_unit) is not None
    return token_at(tokens, a.first - 1).key not in WORDS["from_to"] and _verb_before(tokens, a.first)


def _verb_before(tokens: Tokens, end: int) -> bool:
    """Whether a verb of change stands before token `end` in its clause, at most eight words away."""
    for at in range(end - 1, max(-1, end - 1 - _LOOK_BACK), -1):
        if tokens[at].key in STOPS:
            return False
        if _CHANGE_BEFORE.at(tokens, at):
            return True
    return False


def _between(tokens: Tokens, a: Quantity, b: Quantity) -> bool:
    """between X and Y, X और Y के बीच."""
    behind = [token.key for token in tokens[b.last : b.last + 2]]
    return token_at(tokens, a.first - 1).key == "between" or behind in (["के", "बीच"], ["ke", "beech"])


def _range(a: Quantity, b: Quantity) -> list[Span] | None:
    low, high = _lower(a, b), b.value
    if low is None or high is None or not 0 <= low < high:
        return None
    if not a.currency and high >= _LARGEST_RATIO * low:
        return None
    return [Span(a.first, b.last, a.currency or b.currency, low, high, "range", a, b)]


def _lower(a: Quantity, b: Quantity) -> Decimal | None:
    """The value of the lower end, with the scales and the coin that only the upper end carries."""
    if a.value is None or b.value is None or a.value < 0 or _is_year(a):
        return None
    value = a.value if a.currency else a.value / b.coin
    own = len(a.number.scales)
    missing = sum(b.number.scales[own:])
    single = b.number.scales[:own] == a.number.scales and a.number.terms == b.number.terms == 1
    if missing and single and not (a.after and a.currency) and value < shifted(b.value, -missing):
        return shifted(value, missing)
    return value


def _is_year(a: Quantity) -> bool:
    """Whether the lower end may be a year: 2019 से 5000 रुपये."""
    number = a.number
    plain = not a.currency and not number.words and not number.scales
    return plain and 1900 < number.lead < 2100 and number.lead % 50 != 0


def _change(a: Quantity, b: Quantity) -> list[Span]:
    return [replace(alone(a), currency=a.currency or b.currency, changes=True), alone(b)]


def _owes(a: Quantity, b: Quantity) -> bool:
    """Whether the first of a change takes its currency from the second: डेढ़ लाख से बढ़ाकर ढाई लाख रुपये."""
    return bool(a.number.scales) == bool(b.number.scales) and not _is_year(a)


def _in_change(tokens: Tokens, spans: list[Span], at: int) -> Span:
    """The sum at `at`, marked and with its currency if it changes to the next: X से बढ़ाकर Y."""
    span, following = spans[at], spans[at + 1] if at + 1 < len(spans) else None
    if following is None or following.currency is None or not _through(tokens, span.last, following.first):
        return span
    if span.currency is None and not _owes(span.tail, following.head):
        return span
    return replace(span, currency=span.currency or following.currency, changes=True)


def _through(tokens: Tokens, last: int, first: int) -> bool:
    """Whether से and what became of the sum stand between two sums: से बढ़कर, से सीधे."""
    near = last < first <= last + _LONGEST_CHANGE
    return near and tokens[last].key in WORDS["to"] and _CHANGE_THROUGH.at(tokens, last + 1) is not None
