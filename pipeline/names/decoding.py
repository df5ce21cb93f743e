"""Scores of labels → names: the likeliest labels that fit together, and how sure each of them is.

A name goes on (I-) only with its own kind; everything is worked out for many sentences at a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from pipeline.names.labels import LABELS

Floats = npt.NDArray[np.float32]
_NEVER: Final = np.float32(-1e4)


def _steps() -> Floats:
    """What a step from one label (row) to the next (column) costs: nothing, or never."""
    costs = np.zeros((len(LABELS), len(LABELS)), np.float32)
    for after, label in enumerate(LABELS):
        if label[0] == "I":
            costs[[before[2:] != label[2:] for before in LABELS], after] = _NEVER
    return costs


_STEPS: Final = _steps()
_FIRST: Final = _STEPS[0]


def padded(sentences: Sequence[Floats]) -> Floats:
    """The log-probabilities of several sentences as one array, made longer by words in no name."""
    longest = max(len(scores) for scores in sentences)
    together = np.full((len(sentences), longest, len(LABELS)), _NEVER, np.float32)
    together[:, :, 0] = 0
    for row, scores in zip(together, sentences, strict=True):
        row[: len(scores)] = scores
    return together


def best(scores: Floats) -> npt.NDArray[np.int64]:
    """The likeliest labels (sentences, words) for log-probabilities (sentences, words, labels)."""
    many, length, _ = scores.shape
    back = np.zeros((many, length, len(LABELS)), np.int8)
    total = scores[:, 0] + _FIRST
    for place in range(1, length):
        ways = total[:, :, None] + _STEPS
        back[:, place] = ways.argmax(1)
        total = ways.max(1) + scores[:, place]
        total -= total.max(1, keepdims=True)  # so that a long sentence stays exact
    found = np.zeros((many, length), np.int64)
    found[:, -1] = total.argmax(1)
    rows = np.arange(many)
    for place in range(length - 1, 0, -1):
        found[:, place - 1] = back[rows, place, found[:, place]]
    return found


def marginals(scores: Floats) -> Floats:
    """How probable each label is at each word over all labellings that fit together, of like shape."""
    many, length, labels = scores.shape
    forward = np.empty_like(scores)
    forward[:, 0] = scores[:, 0] + _FIRST
    for place in range(1, length):
        forward[:, place] = _sum(forward[:, place - 1][:, :, None] + _STEPS, 1) + scores[:, place]
        forward[:, place] -= forward[:, place].max(1, keepdims=True)  # so that a long sentence stays exact
    backward = np.zeros((many, labels), np.float32)
    joint = np.empty_like(scores)
    for place in range(length - 1, -1, -1):
        joint[:, place] = forward[:, place] + backward
        backward = _sum(_STEPS + (scores[:, place] + backward)[:, None, :], 2)
        backward -= backward.max(1, keepdims=True)
    return np.asarray(np.exp(joint - _sum(joint, 2)[..., None]), np.float32)


def _sum(logs: Floats, axis: int) -> Floats:
    top = logs.max(axis, keepdims=True)
    total = np.log(np.exp(logs - top).sum(axis, keepdims=True)) + top
    return np.asarray(total.squeeze(axis), np.float32)
