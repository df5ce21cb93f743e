"""How the words of a text are built, as scores for the languages that are written in Devanagari.

Each word gives its runs of two to four letters and itself as features; a linear model trained by
`training.languages` adds up what they say. Weights: own; `training.language_texts` names the texts.
"""

from __future__ import annotations

import gzip
from functools import cache, lru_cache
from pathlib import Path
from typing import Final
from zlib import crc32

import numpy as np
import numpy.typing as npt
import regex

LANGUAGES: Final = ("hi", "mr", "ne", "sa", "bho", "mag", "awa", "bra", "mai", "kok", "doi", "sd")
BUCKETS: Final = 1 << 15
WEIGHTS: Final = Path(__file__).with_name("letters.gz")

GAIN: Final = 10.0
"""What the mean score of a text's features counts in the odds."""

_WORD = regex.compile(r"[\p{Devanagari}--[।॥०-९॰]]+", regex.VERSION1)
_SHORTEST, _LONGEST = 2, 4
_STEPS = 127  # of a weight stored in one byte

Scores = npt.NDArray[np.float32]


def devanagari_words(text: str) -> list[str]:
    """The words of `text` in Devanagari, without numbers and dandas."""
    return _WORD.findall(text)


def odds(words: list[str]) -> dict[str, float]:
    """How likely `words`, of which there must be one, are of each of `LANGUAGES`; the sum is 1."""
    total: Scores = np.sum([_word_scores(word) for word in words], axis=0)
    scores = GAIN * total[:-1] / total[-1]
    shares = np.exp(scores - scores.max())
    return dict(zip(LANGUAGES, map(float, shares / shares.sum()), strict=True))


def buckets_of(word: str) -> npt.NDArray[np.int64]:
    """The buckets of the features of a word."""
    framed = f"^{word}$"
    features = [framed] + [
        framed[start : start + size]
        for size in range(_SHORTEST, _LONGEST + 1)
        for start in range(len(framed) - size + 1)
    ]
    return np.array([crc32(feature.encode()) % BUCKETS for feature in features], np.int64)


@lru_cache(maxsize=1 << 16)
def _word_scores(word: str) -> Scores:
    """What the features of a word add up to for each language, and how many they are."""
    buckets = buckets_of(word)
    found: Scores = np.append(_weights()[buckets].sum(axis=0), np.float32(len(buckets)))
    return found


@cache
def _weights() -> Scores:
    content = gzip.decompress(WEIGHTS.read_bytes())
    step, rows = np.frombuffer(content[:4], np.float32), np.frombuffer(content[4:], np.int8)
    weights: Scores = rows.reshape(BUCKETS, len(LANGUAGES)) * step
    return weights


def write_weights(path: Path, weights: Scores) -> None:
    """Store `weights` at `path`, a byte each: the step first, then the rows of the buckets."""
    step = np.float32(np.abs(weights).max() / _STEPS)
    rounded = np.round(weights / step).astype(np.int8)
    path.write_bytes(gzip.compress(step.tobytes() + rounded.tobytes(), 9, mtime=0))
