"""What one sentence of a document says of a name helps the other sentences.

A name found with certainty is found wherever it stands, whole; a person named in full may be named later
by one part of the name, and so may a company; one name has one type unless sentences are sure of two.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import prod

from pipeline.names import lexicon
from pipeline.names.words import key

Words = tuple[str, ...]
Kinds = Mapping[Words, tuple[str, float]]
"""The kind and the score of names by their words."""

_LEAST_SCORE = 0.5
"""A name below it is given only where the document knows it; it does not stand in the way of one that is."""
_SURE_NAME, _SURE_WORD = 0.75, 0.85
_UNSURE = 0.7
_OPEN_NAME, _OPEN_WORD, _OPEN_PART = 0.99, 0.97, 0.99
_SECOND_HAND = 0.9
_LONGEST = 8


@dataclass(frozen=True, slots=True)
class Found:
    """A span of tokens taken for a name of a kind, with a score from 0 to 1."""

    start: int
    end: int
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class Sentence:
    """A tagged sentence: its words, the names in it in order, and how probably each word is in none."""

    forms: Sequence[str]
    found: Sequence[Found]
    outside: Sequence[float]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Names by their words, with kind and score, and the length of the longest that begins with a word.

    `open_word` is how probably a word may be outside of any name to be taken for a name by itself.
    """

    names: Kinds
    reach: Mapping[str, int]
    open_word: float


def agreed(sentences: Sequence[Sentence]) -> list[list[Found]]:
    """The names of each sentence after every sentence has been heard: in order, without overlaps."""
    names = _sure_names(sentences)
    parts = _parts(names)
    whole, part = _evidence(names, _OPEN_WORD), _evidence(parts, _OPEN_PART)
    kinds = {**parts, **names}
    return [_revised(sentence, whole, part, kinds) for sentence in sentences]


def _sure_names(sentences: Iterable[Sentence]) -> dict[Words, tuple[str, float]]:
    """Every name that the sentences together are sure of, with the kind that has the most weight."""
    heard: dict[Words, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    for sentence in sentences:
        for one in sentence.found:
            heard[_words(sentence.forms[one.start : one.end])][one.kind].append(one.score)
    names: dict[Words, tuple[str, float]] = {}
    for name, kinds in heard.items():
        kind = max(sorted(kinds), key=lambda kind: sum(kinds[kind]))
        score = _together(kinds[kind])
        if score >= (_SURE_WORD if len(name) == 1 else _SURE_NAME) and len(name) <= _LONGEST:
            names[name] = kind, score
    return names


def _together(scores: Sequence[float]) -> float:
    """How sure all sightings are together: the surest, and half of what each other adds."""
    return max(scores) + (1 - max(scores)) * (1 - prod(1 - score / 2 for score in sorted(scores)[:-1]))


def _parts(names: Kinds) -> dict[Words, tuple[str, float]]:
    """The words by which a full name may be called later, with the score of the surest.

    Of a person the first and the last; of a company the first where it is coined, unless a person has it.
    """
    people = _calls(names, "PERSON", (0, -1))
    companies = _calls(names, "COMPANY", (0,))
    coined = {call: kind for call, kind in companies.items() if lexicon.load().is_coined(call[0])}
    return {**coined, **people}


def _calls(names: Kinds, kind: str, places: Sequence[int]) -> dict[Words, tuple[str, float]]:
    calls: dict[Words, tuple[str, float]] = {}
    for name, (named, score) in sorted(names.items(), key=lambda one: one[1][1]):
        if named == kind and len(name) > 1:
            calls.update({(name[place],): (kind, score) for place in places if len(name[place]) > 2})
    return calls


def _evidence(names: Kinds, open_word: float) -> Evidence:
    reach: dict[str, int] = {}
    for name in names:
        reach[name[0]] = max(len(name), reach.get(name[0], 0))
    return Evidence(names, reach, open_word)


def _revised(sentence: Sentence, whole: Evidence, part: Evidence, kinds: Kinds) -> list[Found]:
    words = _words(sentence.forms)
    own = [one for one in sentence.found if one.score >= _LEAST_SCORE]
    named = _apart([*own, *_matches(sentence, words, whole)], len(words))
    later = _apart([*named, *_matches(sentence, words, part)], len(words))
    return sorted((_retyped(one, words, kinds, part.names) for one in later), key=lambda one: one.start)


def _matches(sentence: Sentence, words: Words, evidence: Evidence) -> Iterator[Found]:
    """Where a known name stands and the sentence does not rule it out, the longest first."""
    place = 0
    while place < len(words):
        end = _match_end(sentence, words, place, evidence)
        if end > place:
            kind, score = evidence.names[words[place:end]]
            yield Found(place, end, kind, score * _SECOND_HAND)
        place = max(end, place + 1)


def _match_end(sentence: Sentence, words: Words, place: int, evidence: Evidence) -> int:
    reach = evidence.reach.get(words[place], 0)
    for end in range(min(place + reach, len(words)), place, -1):
        if words[place:end] in evidence.names and _is_open(sentence, place, end, evidence.open_word):
            return end
    return place


def _is_open(sentence: Sentence, start: int, end: int, open_word: float) -> bool:
    """Whether the sentence leaves it possible that a name stands here; one word alone needs more room."""
    return min(sentence.outside[start:end]) < (open_word if end - start == 1 else _OPEN_NAME)


def _apart(found: Iterable[Found], length: int) -> list[Found]:
    """Of names that overlap the longest, then the surest."""
    kept: list[Found] = []
    cover = bytearray(length)
    for one in sorted(found, key=lambda one: (one.start - one.end, -one.score, one.start)):
        if not any(cover[one.start : one.end]):
            kept.append(one)
            cover[one.start : one.end] = b"\1" * (one.end - one.start)
    return kept


def _retyped(one: Found, words: Words, kinds: Kinds, parts: Kinds) -> Found:
    """The name with the kind that the document gives it, where the sentence was not sure of its own."""
    name = words[one.start : one.end]
    kind, score = kinds.get(name, (one.kind, one.score))
    if kind == one.kind or one.score >= (score if name in parts else _UNSURE):
        return one
    return replace(one, kind=kind, score=score * _SECOND_HAND)


def _words(forms: Iterable[str]) -> Words:
    return tuple(map(key, forms))
