"""The network that reads sentences: an ONNX file, run by ONNX Runtime."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime

from pipeline.names.evidence import FEATURES, evidence
from pipeline.names.labels import LABELS
from pipeline.names.pieces import FIRST, PAD, Pieces
from pipeline.names.weights import Weights
from pipeline.names.windows import windows

Floats = npt.NDArray[np.float32]

_TOGETHER: Final = 320
"""Padded pieces that are read at a time: so many that their states stay in a core's cache."""


class _Window(NamedTuple):
    """A stretch of a sentence: which words are seen, and which of them count."""

    sentence: int
    seen: int
    first: int
    last: int
    pieces: list[tuple[int, ...]]
    features: list[tuple[int, ...]]
    size: int


class Model:
    """One set of weights; threads may share it."""

    def __init__(self, weights: Weights, threads: int = 1) -> None:
        """Open a model for this many threads a call."""
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            weights.network, options, providers=["CPUExecutionProvider"]
        )
        self._pieces = Pieces(weights.vocabulary)

    def scores(self, sentences: Sequence[Sequence[str]]) -> list[Floats]:
        """For each sentence the log-probabilities (words, labels)."""
        order = [window for number, forms in enumerate(sentences) for window in self._windows(number, forms)]
        results: dict[tuple[int, int], Floats] = {}
        for some in _batches(sorted(order, key=lambda one: (one.size, one.sentence, one.seen))):
            for window, rows in zip(some, self._run(some), strict=True):
                counts = slice(window.first - window.seen, window.last - window.seen)
                results[window.sentence, window.seen] = rows[counts]
        whole: list[list[Floats]] = [[np.zeros((0, len(LABELS)), np.float32)] for _ in sentences]
        for window in order:
            whole[window.sentence].append(results[window.sentence, window.seen])
        return [np.concatenate(parts) for parts in whole]

    def _windows(self, number: int, forms: Sequence[str]) -> list[_Window]:
        pieces, known = self._pieces.of(forms), evidence(forms)
        sizes = [len(cut) for cut in pieces]
        return [
            _Window(number, seen, first, last, pieces[seen:end], known[seen:end], 1 + sum(sizes[seen:end]))
            for seen, first, last, end in windows(sizes)
        ]

    def _run(self, some: Sequence[_Window]) -> Floats:
        length = max(window.size for window in some)
        words = 1 + max(len(window.pieces) for window in some)
        pieces = np.full((len(some), length), PAD, np.int64)
        word_of = np.full((len(some), length), -1, np.int64)
        features = np.zeros((len(some), words, len(FEATURES)), np.float32)
        for row, window in enumerate(some):
            pieces[row, : window.size] = [FIRST, *(piece for cut in window.pieces for piece in cut)]
            word_of[row, : window.size] = [0, *(n for n, cut in enumerate(window.pieces, 1) for _ in cut)]
            for place, numbers in enumerate(window.features, 1):
                features[row, place, list(numbers)] = 1
        feeds = {"pieces": pieces, "word_of": word_of, "features": features}
        scores: Floats = self._session.run(["scores"], feeds)[0][:, 1:]
        return np.asarray(scores - _log_sum(scores), np.float32)


def _log_sum(scores: Floats) -> Floats:
    top = scores.max(-1, keepdims=True)
    return np.asarray(top + np.log(np.exp(scores - top).sum(-1, keepdims=True)), np.float32)


def _batches(order: Sequence[_Window]) -> list[list[_Window]]:
    made: list[list[_Window]] = []
    for window in order:
        if not made or (len(made[-1]) + 1) * window.size > _TOGETHER:
            made.append([])
        made[-1].append(window)
    return made
