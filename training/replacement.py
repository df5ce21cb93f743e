"""Copies of labelled sentences with other names in them, so that names never seen before are found too.

People get names of the person table, companies an invented word and a noun of their trade; half of the
words are blends of two others, which stand in no table.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from random import Random

from pipeline.names.labels import Span
from pipeline.names.tables import rows
from pipeline.names.words import is_devanagari
from training.corpora import Labelled

_REPLACED = 0.7
_BLENDED = 0.5
_LEGAL = {True: ["लिमिटेड", "इंक", "ग्रुप"], False: ["Ltd", "Limited", "Inc", "LLP"]}
_SIGNS_MEET = re.compile("([\u0900-\u0903\u093a-\u094f])[\u0900-\u0903\u093a-\u094f]+")


def replaced(examples: Iterable[Labelled], share: float, seed: int) -> Iterator[Labelled]:
    """A copy of about `share` of the sentences that name a person or company, most such names replaced."""
    random = Random(seed)
    for example in examples:
        if any(kind in _MAKERS for _, _, kind in example.spans) and random.random() < share:
            yield _copy(example, random)


def _copy(example: Labelled, random: Random) -> Labelled:
    forms: list[str] = []
    spans: list[Span] = []
    done = 0
    for start, end, kind in example.spans:
        forms += example.forms[done:start]
        name = example.forms[start:end]
        if kind in _MAKERS and random.random() < _REPLACED:
            name = _MAKERS[kind](name, random)
        spans.append((len(forms), len(forms) + len(name), kind))
        forms += name
        done = end
    return Labelled((*forms, *example.forms[done:]), tuple(spans))


def _person(old: tuple[str, ...], random: Random) -> tuple[str, ...]:
    hindi = is_devanagari(old[0])
    first, last = _people(hindi)
    if len(old) == 1:
        return (_word(random.choice((first, last)), hindi, random),)
    middle = [_word(first, hindi, random)] if len(old) > 2 and random.random() < 0.5 else []
    return (_word(first, hindi, random), *middle, _word(last, hindi, random))


def _company(old: tuple[str, ...], random: Random) -> tuple[str, ...]:
    hindi = is_devanagari(old[0])
    first, last = _people(hindi)
    name = [_blend(first + last, random) if hindi else _blend(first + last, random).capitalize()]
    if len(old) > 1 or random.random() < 0.5:
        name.append(random.choice(_trades(hindi)))
    if len(old) > 2 and random.random() < 0.5:
        name.append(random.choice([*_trades(hindi), *_LEGAL[hindi]]))
    return tuple(name)


_MAKERS = {"PERSON": _person, "COMPANY": _company}


def _word(words: list[str], hindi: bool, random: Random) -> str:
    word = _blend(words, random) if random.random() < _BLENDED else random.choice(words)
    return word if hindi else word.capitalize()


def _blend(words: list[str], random: Random) -> str:
    """The first half of one word and the second of another, no two vowel signs side by side."""
    one, other = random.choice(words), random.choice(words)
    return _SIGNS_MEET.sub(r"\1", one[: len(one) // 2 + 1] + other[len(other) // 2 :])


@cache
def _people(hindi: bool) -> tuple[list[str], list[str]]:
    table = [(word, int(first), int(last)) for word, first, last in rows("person_words.tsv.gz")]
    known = [row for row in table if is_devanagari(row[0]) == hindi and len(row[0]) > 2]
    return [word for word, first, _ in known if first > 1], [word for word, _, last in known if last > 1]


@cache
def _trades(hindi: bool) -> list[str]:
    return [word for word, role in rows("heads.tsv") if role == "company" and is_devanagari(word) == hindi]
