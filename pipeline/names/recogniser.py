"""Names of people, companies, other organisations and places, found by a small transformer and a field."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, cast

import numpy as np
import numpy.typing as npt

from pipeline.article import MentionType
from pipeline.names import decoding, weights
from pipeline.names.document import Found, Sentence, agreed
from pipeline.names.edges import trimmed
from pipeline.names.field import Field
from pipeline.names.labels import LABELS, spans
from pipeline.names.model import Floats, Model
from pipeline.names.weights import Weights
from pipeline.text.tokens import tokens

Whole = npt.NDArray[np.int64]

_SECOND: Final = 0.42  # the weight of the second opinion, chosen on the developer sets
_LEAST: Final = 1e-9  # of a probability, before its logarithm is taken
_FLOOR: Final = np.float32(-20)  # of a logarithm
_LEAST_DOUBT: Final = 1e-4
_WORD: Final = 64  # what lies beyond in a longer token is not looked at
_TOGETHER: Final = 8192  # words that are decoded at a time, but for a longer sentence
_STRETCH: Final = 2  # times as long as the shortest a sentence may be that is decoded with it
_VISARGA: Final = "ः"
_DIGITS: Final = 3  # of a score; beyond them machines differ
Sure = tuple[float, float]
"""Slope and shift of the log-odds of a score that make it the share of such names that are right."""
RAW: Final[Sure] = (1.0, 0.0)
SURE: Final[Sure] = (0.761, -0.419)  # as `training.scores` fits them


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: code points from `start` to before `end`, its type, and how sure we are.

    Of names with a score of 0.9 nine in ten are right.
    """

    start: int
    end: int
    type: MentionType
    score: float


class Recogniser:
    """Finds names with one model; threads may share it."""

    def __init__(self, content: Weights, sure: Sure = SURE) -> None:
        """Use a model, and what its scores mean."""
        self._network, self._field, self._sure = Model(content), Field(content.field), sure

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names in the given sentences (start, end) of a normalised text, in order, without overlaps."""
        places = [[(start + a, start + b) for a, b in tokens(text[start:end])] for start, end in sentences]
        tagged = self.tagged([[text[a : min(b, a + _WORD)] for a, b in sentence] for sentence in places])
        return [
            Name(
                sentence[one.start][0],
                _end(text, sentence[one.end - 1]),
                cast(MentionType, one.kind),
                round(float(sureness(one.score, self._sure)), _DIGITS),
            )
            for sentence, found in zip(places, agreed(tagged), strict=True)
            for one in found
        ]

    def tagged(self, sentences: Sequence[Sequence[str]]) -> list[Sentence]:
        """What the model finds in each sentence, given as words."""
        found: list[Sentence] = [Sentence(forms, (), ()) for forms in sentences]
        for number, labels, shares in self._decoded(sentences):
            forms = sentences[number]
            names = list(_found(forms, labels.tolist(), shares))
            found[number] = Sentence(forms, names, shares[:, 0].tolist())
        return found

    def shares(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """For each sentence, given as words, how probable each label is at each word (words, labels)."""
        found = [np.zeros((0, len(LABELS)), np.float32) for _ in sentences]
        for number, _, shares in self._decoded(sentences):
            found[number] = shares
        return found

    def _decoded(self, sentences: Sequence[Sequence[str]]) -> Iterator[tuple[int, Whole, Floats]]:
        """The number, labels and shares of labels of every sentence that has a word."""
        both = zip(self._network.scores(sentences), self._field.shares(sentences), strict=True)
        scores = [_agreed(*those) for those in both]
        for numbers in _alike([len(forms) for forms in sentences]):
            together = decoding.padded([scores[number] for number in numbers])
            chosen, sure = decoding.best(together), decoding.marginals(together)
            for number, labels, shares in zip(numbers, chosen, sure, strict=True):
                length = len(sentences[number])
                yield number, labels[:length], shares[:length]


def _agreed(scores: Floats, shares: Floats) -> Floats:
    """The network's log-probabilities and those of the field's shares, weighed: a label needs both."""
    first, second = np.maximum(scores, _FLOOR), np.maximum(np.log(shares + _LEAST), _FLOOR)
    return np.asarray((1 - _SECOND) * first + _SECOND * second, np.float32)


def log_odds(score: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """The logarithms of score : (1 - score); what is sure is taken for nearly sure."""
    inside = np.clip(np.asarray(score, np.float64), _LEAST_DOUBT, 1 - _LEAST_DOUBT)
    return np.asarray(np.log(inside / (1 - inside)))


def sureness(score: npt.ArrayLike, sure: Sure) -> npt.NDArray[np.float64]:
    """How often names of this raw score are right, by a slope and a shift of its log-odds."""
    slope, shift = sure
    return np.asarray(1 / (1 + np.exp(-(slope * log_odds(score) + shift))))


def _end(text: str, last: tuple[int, int]) -> int:
    """Where a name ends whose last word is this: before a visarga, which is a colon there (रायपुरः)."""
    start, end = last
    return end - 1 if end - start > 2 and text[end - 1] == _VISARGA else end


def _alike(lengths: Sequence[int]) -> Iterator[list[int]]:
    """The numbers of all sentences with a word, those of like length together."""
    some: list[int] = []
    for number in sorted(range(len(lengths)), key=lambda number: lengths[number]):
        if some and (
            lengths[number] > _STRETCH * lengths[some[0]] + _STRETCH
            or len(some) * lengths[number] > _TOGETHER
        ):
            yield some
            some = []
        if lengths[number]:
            some.append(number)
    if some:
        yield some


def _found(forms: Sequence[str], labels: Sequence[int], shares: Floats) -> Iterator[Found]:
    for start, end, kind in spans(labels):
        score = min(float(shares[place, labels[place]]) for place in range(start, end))
        if end < len(forms):  # a name is as sure as its end
            score = min(score, 1 - float(shares[end, LABELS.index("I-" + kind)]))
        yield trimmed(Found(start, end, kind, score), forms)


@cache
def load(folder: Path = weights.SHIPPED) -> Recogniser:
    """The recogniser with the model in a folder, the one that ships with Khabar unless told; read once."""
    return Recogniser(weights.read(folder))
