"""A second opinion on every word: a linear-chain conditional random field over words and tables (CRFsuite).

It is weaker than the network, but errs elsewhere: it knows words by their letters, the words beside them and
the tables alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from threading import Lock
from typing import Final

import numpy as np
import numpy.typing as npt
import pycrfsuite

from pipeline.names.features import features
from pipeline.names.labels import LABELS
from pipeline.names.windows import windows

Floats = npt.NDArray[np.float32]

_PARTS: Final = {"B": "B", "U": "B", "I": "I", "L": "I", "O": "O"}
"""The field tells the last word of a name (L) and a name of one word (U) apart."""


class Field:
    """One set of weights; threads may share it, for a lock guards the tagger."""

    def __init__(self, weights: bytes) -> None:
        """Open the content of a CRFsuite model file."""
        self._weights = weights  # the tagger reads this memory and does not hold on to it
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open_inmemory(weights)
        self._labels = {label: LABELS.index(_PARTS[label[0]] + label[1:]) for label in self._tagger.labels()}
        self._lock = Lock()

    def shares(self, forms: Sequence[str]) -> Floats:
        """How probable each label is at each word (words, labels)."""
        found = np.zeros((len(forms), len(LABELS)), np.float32)
        for seen, first, last, end in windows([1] * len(forms)):
            shown = features(forms[seen:end])
            with self._lock:
                self._tagger.set(shown)
                for place in range(first, last):
                    for label, number in self._labels.items():
                        found[place, number] += self._tagger.marginal(label, place - seen)
        return found
