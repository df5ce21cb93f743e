"""Names of people, companies, other organisations and places, found by a conditional random field."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from threading import Lock
from typing import cast

import pycrfsuite

from pipeline.article import MentionType
from pipeline.names.document import Found, Sentence, agreed
from pipeline.names.edges import trimmed
from pipeline.names.features import features
from pipeline.names.spans import spans
from pipeline.names.windows import windows
from pipeline.text.tokens import tokens

_LEAST_SCORE = 0.5
_WORD = 64  # what lies beyond in a longer token is not looked at
_WEIGHTS = Path(__file__).with_name("weights") / "names.crfsuite"


@dataclass(frozen=True, slots=True)
class Name:
    """A name in a text: code points from `start` to before `end`, its type, and how sure we are, 0 to 1."""

    start: int
    end: int
    type: MentionType
    score: float


class Recogniser:
    """Finds names with one set of weights; threads may share it, for a lock guards the tagger."""

    def __init__(self, weights: bytes) -> None:
        """Open the weights, the content of a CRFsuite model file."""
        self.version = "names-crf-" + hashlib.sha256(weights).hexdigest()[:8]
        self._weights = weights  # the tagger reads this memory and does not hold on to it
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(weights)
        self._lock = Lock()

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names in the given sentences (start, end) of a normalised text, in order, without overlaps."""
        places = [[(start + a, start + b) for a, b in tokens(text[start:end])] for start, end in sentences]
        tagged = [self._tagged([text[a : min(b, a + _WORD)] for a, b in sentence]) for sentence in places]
        return [
            Name(sentence[one.start][0], sentence[one.end - 1][1], cast(MentionType, one.kind), one.score)
            for sentence, found in zip(places, agreed(tagged), strict=True)
            for one in found
            if one.score >= _LEAST_SCORE
        ]

    def _tagged(self, forms: list[str]) -> Sentence:
        found: list[Found] = []
        outside: list[float] = []
        for seen, first, last, end in windows(len(forms)):
            with self._lock:
                labels = self._tagger.tag(features(forms[seen:end]))
                outside += [self._tagger.marginal("O", place - seen) for place in range(first, last)]
                found += [
                    trimmed(Found(seen + a, seen + b, kind, self._certainty(labels, a, b)), forms)
                    for a, b, kind in spans(labels)
                    if first <= seen + a < last and (not found or seen + a >= found[-1].end)
                ]
        return Sentence(forms, found, outside)

    def _certainty(self, labels: Sequence[str], start: int, end: int) -> float:
        """How probable the span is: as probable as the least probable of its labels."""
        return min(float(self._tagger.marginal(labels[place], place)) for place in range(start, end))


@cache
def load() -> Recogniser:
    """The recogniser with the weights that ship with Khabar, read once for each process."""
    return Recogniser(_WEIGHTS.read_bytes())
