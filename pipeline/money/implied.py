"""Money without a currency: a number that stands beside a money cue is rupees (12 करोड़ का घोटाला)."""

from __future__ import annotations

from decimal import Decimal

from pipeline.money.lexer import CLAUSE_ENDS, Tokens, token_at
from pipeline.money.modifiers import modifier_after
from pipeline.money.spans import Span
from pipeline.money.tables import Phrases, rows
from pipeline.money.units import unit_after, unit_before
from pipeline.money.vocabulary import SCALES, WORDS

Uses = frozenset[str]

_NOTHING: Uses = frozenset()
_QUOTES = frozenset("'\"‘’“”")
_BARRIERS = (CLAUSE_ENDS - {":"}) | _QUOTES | {"."}
_WAGE_UNITS = frozenset(("film", "episode", "post", "month"))
_MONEY: Uses = frozenset(("money", "goods", "direct"))
_DIRECT: Uses = frozenset(("direct",))
_LOOK_AHEAD = 4
_LOOK_BACK = 5
_NEAR = 3
_SMALLEST_PLAIN = Decimal(100)


def _phrases() -> Phrases[Uses]:
    uses: dict[str, set[str]] = {}
    for use, words in rows("cues"):
        for word in words.split():
            uses.setdefault(word.replace("_", " "), set()).add(use)
    phrases: Phrases[Uses] = Phrases()
    for phrase, found in uses.items():
        phrases.add(phrase, frozenset(found))
    return phrases


_CUES = _phrases()


def is_rupees(tokens: Tokens, span: Span, floor: int) -> bool:
    """Whether a sum without a currency is rupees by what stands around it, tokens before `floor` apart."""
    number = span.tail.number
    if not number.scales:
        return _plain_beside_cue(tokens, span, floor)
    if tokens[span.first].key in SCALES:
        return False
    return number.yearly or (number.indian and _beside_cue(tokens, span, floor))


def follows_from(tokens: Tokens, span: Span, sizes: set[int], floor: int) -> bool:
    """Whether a sum takes up rupees named before it: …बजट 74,427 करोड़ रुपये, सड़कों के लिए 5,100 करोड़.

    `sizes` are the powers of ten of the last scales of those.
    """
    number = span.tail.number
    if not number.scales or number.scales[-1] not in sizes or not ends_phrase(tokens, span.last):
        return False
    near = range(max(floor, span.first - _LOOK_BACK), span.first)
    return not any("count" in _uses(tokens, at) for at in near)


def ends_phrase(tokens: Tokens, at: int) -> bool:
    """Whether a number that ends before `at` stands alone there: no noun follows that it could count."""
    at = _past_context(tokens, at)
    return _ends_clause(tokens, at) or "verb" in _uses(tokens, at)


def _beside_cue(tokens: Tokens, span: Span, floor: int) -> bool:
    if tokens[span.last - 1].key in WORDS["adjective_of_scale"] or _is_wage(tokens, span.last):
        return True
    at = _past_context(tokens, span.last)
    if token_at(tokens, at).key in WORDS["genitive"]:
        verdict = _after_genitive(tokens, at + 1, _MONEY)
        return _cue_before(tokens, span, floor, ends=True) if verdict is None else verdict
    if _cue_after(tokens, at):
        return True
    ends = _ends_clause(tokens, at)
    free = ends or "verb" in _uses(tokens, at) or unit_after(tokens, span.last) is not None
    return free and _cue_before(tokens, span, floor, ends)


def _is_wage(tokens: Tokens, at: int) -> bool:
    """Whether a unit follows for which only money is given: 15 करोड़ प्रति फिल्म, 30 हजार महीना."""
    found = unit_after(tokens, at)
    if found is None or found[1] not in _WAGE_UNITS:
        return False
    return found[1] != "month" or (tokens[at].key in WORDS["month"] and ends_phrase(tokens, found[0]))


def _cue_after(tokens: Tokens, at: int) -> bool:
    """Whether money follows at once, after में, or behind a verb (10 लाख होगी सैलरी)."""
    uses, following = _uses(tokens, at), _uses(tokens, at + 1)
    latin = token_at(tokens, at).surface.isascii()
    if uses & {"direct", "deed"} or (latin and uses & {"money", "goods"}):
        return True
    if token_at(tokens, at).key in WORDS["inside"]:
        return bool(following & {"trade", "deed"})
    return "verb" in uses and "direct" in following


def _plain_beside_cue(tokens: Tokens, span: Span, floor: int) -> bool:
    """The same for a number without a scale word, of which less is believed."""
    if span.low is None or span.low < _SMALLEST_PLAIN or span.tail.number.words or _is_year(span):
        return False
    at = _past_context(tokens, span.last)
    if token_at(tokens, at).key in WORDS["genitive"]:
        return bool(_after_genitive(tokens, at + 1, _DIRECT))
    paid = "deed" in _uses(tokens, at) or "deed" in _uses(tokens, span.first - 1)
    return paid and unit_before(tokens, span.first, floor) == "month"


def _is_year(span: Span) -> bool:
    return 1900 <= span.tail.number.lead <= 2100 and span.last - span.first == 1


def _past_context(tokens: Tokens, at: int) -> int:
    """Past the modifier, the unit and the closing quote that follow a sum."""
    for _ in range(2):
        found = modifier_after(tokens, at) or unit_after(tokens, at)
        at = found[0] if found else at
    return at + (token_at(tokens, at).key in _QUOTES)


def _uses(tokens: Tokens, at: int) -> Uses:
    found = _CUES.at(tokens, at) if at >= 0 else None
    return found[1] if found else _NOTHING


def _ends_clause(tokens: Tokens, at: int) -> bool:
    """Whether the line, or with a mark its clause, ends at `at`."""
    return token_at(tokens, at).kind in ("mark", "sign")


def _after_genitive(tokens: Tokens, first: int, among: Uses) -> bool | None:
    """Whether the noun behind का/की/के is money or goods; None when it is neither that nor counted."""
    for at in range(first, min(first + _LOOK_AHEAD, len(tokens))):
        if tokens[at].kind == "mark" and tokens[at].key not in _QUOTES and tokens[at].key != "-":
            return None
        uses = _uses(tokens, at)
        if uses & among:
            return True
        if "count" in uses:
            return False
    return None


def _cue_before(tokens: Tokens, span: Span, floor: int, ends: bool) -> bool:
    """Whether a money word stands before; a verb of paying counts where the number ends the clause."""
    for at in range(span.first - 1, max(floor, span.first - _LOOK_BACK) - 1, -1):
        if tokens[at].key in _BARRIERS:
            return False
        uses = _uses(tokens, at)
        if uses & {"money", "direct", "before"}:
            return True
        if ends and "deed" in uses and span.first - at <= _NEAR:
            return True
        if "count" in uses and "time" not in uses:
            return False
    return False
