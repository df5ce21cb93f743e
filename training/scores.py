"""What a score means: how often names of a raw score are right. `python -m training.scores --data DIR`

Fits the two numbers by which `pipeline.names.recogniser` turns raw scores into shares of right names, on the
developer sets, and prints how well they hold on these and on the sealed ones.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.names_quality import text_sets
from pipeline.names import weights
from pipeline.names.recogniser import RAW, Recogniser, Sure, log_odds, sureness
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences
from training.corpora import Text

Floats = npt.NDArray[np.float64]

_FITTED_ON = "news_hi_dev", "news_en_dev", "own_dev"  # il_ner_dev has a guide of its own
_SEALED = "sealed_2020", "sealed_own"
_STEPS = 50
_BINS = (0.0, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.01)


def main() -> None:
    """Print the two numbers, and for ranges of the score how many names there are and how many are right."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True, help="the folder with ner/ and text/")
    sets = text_sets(words.parse_args().data / "ner")
    model = Recogniser(weights.read(weights.SHIPPED), RAW)
    raw, right = judged([text for name in _FITTED_ON for text in sets[name]], model)
    slope, shift = fitted(raw, right)
    print(f"slope {slope:.3f}, shift {shift:.3f}")
    for names in (_FITTED_ON, _SEALED):
        raw, right = judged([text for name in names for text in sets[name]], model)
        _show(", ".join(names), sureness(raw, (slope, shift)), right)


def judged(texts: Sequence[Text], model: Recogniser) -> tuple[Floats, Floats]:
    """The raw scores of all names that are found, and 1 for each that is right, 0 for each that is not."""
    scores: list[float] = []
    right: list[bool] = []
    for text in texts:
        normal = normalise(text.source)
        for name in model.names(normal.text, sentences(normal.text)):
            scores.append(name.score)
            right.append((*normal.source_span(name.start, name.end), name.type) in text.names)
    return np.array(scores), np.array(right, float)


def fitted(raw: Floats, right: Floats) -> Sure:
    """Slope and shift of the log-odds (Platt), by Newton's method."""
    odds = log_odds(raw)
    inputs = np.stack([odds, np.ones_like(odds)])
    found = np.array([1.0, 0.0])
    for _ in range(_STEPS):
        shares = 1 / (1 + np.exp(-found @ inputs))
        gradient = inputs @ (right - shares)
        found += np.linalg.solve((inputs * shares * (1 - shares)) @ inputs.T + 1e-3 * np.eye(2), gradient)
    return float(found[0]), float(found[1])


def _show(names: str, scores: Floats, right: Floats) -> None:
    gap = 0.0
    print(names)
    for low, high in pairwise(_BINS):
        inside = (scores >= low) & (scores < high)
        if inside.any():
            said, true = scores[inside].mean(), right[inside].mean()
            gap += inside.mean() * abs(said - true)
            print(f"  {low:.2f}-{high:.2f}: {inside.sum():5} names, said {said:.3f}, right {true:.3f}")
    print(f"  expected calibration error {gap:.3f}")


if __name__ == "__main__":
    main()
