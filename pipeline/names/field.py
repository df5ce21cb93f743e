"""A second opinion on every word: a linear-chain conditional random field over words and tables.

It is weaker than the network, but errs elsewhere: it knows words by their letters, the words beside them and
the tables alone. What a word adds to the scores of the words around it is worked out once for each word.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.names.features import PARTS, Word, shared, word
from pipeline.names.labels import LABELS
from pipeline.names.windows import windows

Floats = npt.NDArray[np.float32]

_PARTS: Final = {"B": "B", "U": "B", "I": "I", "L": "I", "O": "O"}
"""The field tells the last word of a name (L) and a name of one word (U) apart."""
_KNOWN: Final = 1 << 15  # words whose scores are kept
_TOGETHER: Final = 64  # stretches of one length that are worked out at a time


def packed(
    labels: Sequence[str], rows: Mapping[str, Sequence[float]], steps: Sequence[Sequence[float]]
) -> bytes:
    """The content of a field: what each feature and each step from label to label adds to the score."""
    names = sorted(rows)
    content = io.BytesIO()
    np.savez_compressed(
        content,
        labels=_bytes(labels),
        features=_bytes(names),
        weights=np.array([rows[name] for name in names], np.float16),
        steps=np.array(steps, np.float32),
    )
    return content.getvalue()


def _bytes(lines: Sequence[str]) -> npt.NDArray[np.uint8]:
    return np.frombuffer("\n".join(lines).encode("utf-8"), np.uint8)


def _lines(content: npt.NDArray[np.uint8]) -> list[str]:
    return content.tobytes().decode("utf-8").split("\n")


class Field:
    """One set of weights; threads may share it."""

    def __init__(self, content: bytes) -> None:
        """Open what `packed` made."""
        with np.load(io.BytesIO(content), allow_pickle=False) as parts:
            labels = _lines(parts["labels"])
            self._row = {name: row for row, name in enumerate(_lines(parts["features"]))}
            self._weights = np.pad(parts["weights"].astype(np.float32), ((0, 1), (0, 0)))
            self._nothing = len(self._row)
            self._steps = np.exp(parts["steps"])
        self._folded = np.zeros((len(labels), len(LABELS)), np.float32)
        for number, label in enumerate(labels):
            self._folded[number, LABELS.index(_PARTS[label[0]] + label[1:])] = 1
        self._of_word = lru_cache(_KNOWN)(self._told)

    def shares(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """For each sentence how probable each label is at each word (words, labels)."""
        found = [np.zeros((len(forms), len(LABELS)), np.float32) for forms in sentences]
        stretches = [
            (number, cut) for number, forms in enumerate(sentences) for cut in windows([1] * len(forms))
        ]
        for some in _alike(stretches):
            scores = np.stack([self._scores(sentences[number][cut[0] : cut[3]]) for number, cut in some])
            marginals = _marginals(scores, self._steps) @ self._folded
            for (number, (seen, first, last, _)), shares in zip(some, marginals, strict=True):
                found[number][first:last] = shares[first - seen : last - seen]
        return found

    def _scores(self, forms: Sequence[str]) -> Floats:
        """What the features of each word give each label (words, labels)."""
        words = [word(form) for form in forms]
        told = np.stack([self._of_word(each) for each in words])
        scores = self._sums(shared(forms, words))
        for part, away in enumerate(PARTS):
            if abs(away) < len(words):
                here = slice(max(0, -away), len(words) - max(0, away))
                there = slice(max(0, away), len(words) - max(0, -away))
                scores[here] += told[there, part]
        return scores

    def _told(self, each: Word) -> Floats:
        """What a word adds to the scores of each token that sees it (parts, labels)."""
        return self._sums([getattr(each, part) for part in PARTS.values()])

    def _sums(self, listed: Sequence[Iterable[str]]) -> Floats:
        """What all features of each list give each label (lists, labels)."""
        known = [[row for name in names if (row := self._row.get(name)) is not None] for names in listed]
        rows = [row for found in known for row in (self._nothing, *found)]  # so that no list is empty
        starts = np.cumsum([0, *(len(found) + 1 for found in known[:-1])])
        return np.asarray(np.add.reduceat(self._weights[rows], starts), np.float32)


Stretch = tuple[int, tuple[int, int, int, int]]
"""The number of a sentence, and the window of it that is looked at."""


def _alike(stretches: Iterable[Stretch]) -> list[list[Stretch]]:
    """Those of one length together."""
    by_length: dict[int, list[Stretch]] = {}
    for one in stretches:
        by_length.setdefault(one[1][3] - one[1][0], []).append(one)
    return [
        some[first : first + _TOGETHER]
        for _, some in sorted(by_length.items())
        for first in range(0, len(some), _TOGETHER)
    ]


def _marginals(scores: Floats, steps: Floats) -> Floats:
    """How probable each label is at each word; `scores` (stretches, words, labels) are logarithms."""
    given = np.exp(scores - scores.max(-1, keepdims=True))
    forward = np.empty_like(given)
    forward[:, 0] = given[:, 0]
    for place in range(1, given.shape[1]):
        forward[:, place] = _scaled(forward[:, place - 1] @ steps * given[:, place])
    backward = np.ones_like(given[:, 0])
    for place in range(given.shape[1] - 1, -1, -1):
        forward[:, place] = _scaled(forward[:, place] * backward)
        backward = _scaled((given[:, place] * backward) @ steps.T)
    return np.asarray(forward, np.float32)


def _scaled(shares: Floats) -> Floats:
    return np.asarray(shares / shares.sum(-1, keepdims=True), np.float32)
