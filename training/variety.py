"""Sentences as others would have typed them: other case, no full stop, no nukta, other nasal signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from random import Random

from pipeline.names.words import NASAL, is_latin
from training.corpora import Labelled

_STOPS = frozenset("।.|")


def varied(examples: Iterable[Labelled], random: Random) -> Iterator[Labelled]:
    """Each sentence once, about a quarter of them in another dress; the words and the names stay."""
    for example in examples:
        for chance, change in _CHANGES:
            if random.random() < chance:
                example = change(example)
        yield example


def _each(change: Callable[[str], str]) -> Callable[[Labelled], Labelled]:
    return lambda example: Labelled(tuple(change(form) or form for form in example.forms), example.spans)


def _without_stop(example: Labelled) -> Labelled:
    last = len(example.forms) - 1
    in_name = any(end > last for _, end, _ in example.spans)
    if last < 3 or example.forms[last] not in _STOPS or in_name:
        return example
    return Labelled(example.forms[:last], example.spans)


def _titled(form: str) -> str:
    return form[0].upper() + form[1:] if is_latin(form) else form


_CHANGES: tuple[tuple[float, Callable[[Labelled], Labelled]], ...] = (
    (0.10, _without_stop),
    (0.05, _each(lambda form: form.replace("\u093c", ""))),
    (0.03, _each(lambda form: NASAL.sub("ं", form))),
    (0.03, _each(lambda form: form.replace("ँ", "ं"))),
    (0.04, _each(_titled)),
    (0.02, _each(str.upper)),
    (0.02, _each(str.lower)),
)
