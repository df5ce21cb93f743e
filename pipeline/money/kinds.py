"""What a sum of money is: revenue, a fine, a salary … by weighted words of its sentence.

A word counts by its weight in kinds.tsv and by how near it stands to the sum; behind the sum and its
postposition it is nearest of all (5 करोड़ का जुर्माना). The confidence is the part of the best kind in what all
kinds together have, less where even the best has little.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.money.lexer import CLAUSE_ENDS, Token, lines
from pipeline.money.tables import Phrases, rows
from pipeline.money.vocabulary import WORDS

_ENOUGH = 3.0  # evidence at which the confidence is not lowered any more
_LEAST = 0.8
_REACH = 16
_WINDOW = 2 * _REACH  # words that can count, and room for a phrase that begins among them
_CLAUSE_COST = 4
_LINKS = WORDS["genitive"] | WORDS["article"] | {"को", "करीब", "लगभग", "of", "at", "to", "the", "worth"}


class Cue(NamedTuple):
    """A word that speaks for a kind, with its weight."""

    kind: str
    weight: int


def _cues() -> Phrases[Cue]:
    phrases: Phrases[Cue] = Phrases()
    for kind, weight, words in rows("kinds"):
        for word in words.split():
            phrases.add(word.replace("_", " ").replace("-", " - "), Cue(kind, int(weight)))
    return phrases


_CUES = _cues()


def kind_of(sentence: str, start: int, end: int) -> tuple[str, float] | None:
    """The kind of the sum at `sentence[start:end]` with a confidence from 0 to 1; None without a cue."""
    return kinds_of(sentence, [(start, end)])[0]


def kinds_of(sentence: str, sums: Sequence[tuple[int, int]]) -> list[tuple[str, float] | None]:
    """The kinds, as of `kind_of`, of all the sums of a sentence; linear in it however many they are."""
    tokens = [token for line in lines(sentence) for token in line]
    starts = [token.start for token in tokens]
    kinds = []
    for start, end in sums:
        first, last = bisect_left(starts, start), bisect_left(starts, end)
        kinds.append(_kind(tokens[max(0, first - _WINDOW) : last + _WINDOW], start, end))
    return kinds


def _kind(tokens: list[Token], start: int, end: int) -> tuple[str, float] | None:
    evidence: defaultdict[str, float] = defaultdict(float)
    at = 0
    while at < len(tokens):
        found = None if start <= tokens[at].start < end else _CUES.at(tokens, at)
        if found:
            cue = found[1]
            evidence[cue.kind] += cue.weight * _nearness(tokens, at, found[0], start, end)
        at = found[0] if found else at + 1
    return _verdict(evidence)


def _nearness(tokens: list[Token], first: int, last: int, start: int, end: int) -> float:
    """From 1 beside the sum to 0 out of reach; a new clause or another number counts as several words."""
    between = _between(tokens, first, last, start, end)
    steps = sum(_step(token) for token in between)
    if all(token.key in _LINKS for token in between):
        return 1.0
    return max(0.0, 0.8 * (1 - steps / _REACH))


def _between(tokens: list[Token], first: int, last: int, start: int, end: int) -> list[Token]:
    if tokens[first].start >= end:
        return [token for token in tokens[max(0, first - _REACH) : first] if token.start >= end]
    return [token for token in tokens[last : last + _REACH] if token.end <= start]


def _step(token: Token) -> int:
    return _CLAUSE_COST if token.kind == "number" or token.key in CLAUSE_ENDS else 1


def _verdict(evidence: dict[str, float]) -> tuple[str, float] | None:
    if not evidence:
        return None
    kind = max(sorted(evidence), key=lambda name: evidence[name])
    best, total = evidence[kind], sum(evidence.values())
    if best < _LEAST:
        return None
    return kind, round(best / total * min(1.0, best / _ENOUGH), 3)
