"""Trains the second opinion on names: `python -m training.names_crf --data DIR` (see README.md)."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable
from pathlib import Path

import pycrfsuite

from pipeline.names import weights
from pipeline.names.features import features
from pipeline.names.pieces import Pieces
from training.corpora import Labelled
from training.curriculum import Curriculum
from training.replacement import replaced

_SETTINGS = {
    "c1": 0.05,
    "c2": 0.1,
    "max_iterations": 90,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}
_REPLACED = 0.3
"""The share of the sentences with people or companies of which a copy with other names is shown."""
_NAMELESS_STEP = 4
"""Of the sentences of IL-NER without a name, three in four of them all, only every fourth is shown."""
_CONVENTIONAL = ("w=", "-w=", "+w=", "s=", "t=", "y=", "x3=", "C")


def main() -> None:
    """Train on what the network is shown, write the weights, print the time."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with ner/ and text/")
    parser.add_argument(
        "--weights", type=Path, default=weights.SHIPPED / weights.FIELD, help="where to write them"
    )
    arguments = parser.parse_args()
    begin = time.perf_counter()
    shown = Curriculum(arguments.data, Pieces(weights.read(weights.SHIPPED).vocabulary))
    others = [one for number, one in enumerate(shown.il) if one.spans or number % _NAMELESS_STEP == 0]
    train([*shown.news, *replaced(shown.news, _REPLACED, seed=1)], others, arguments.weights)
    print(f"trained in {time.perf_counter() - begin:.0f} s, {arguments.weights.stat().st_size / 1e6:.1f} MB")


def train(own: Iterable[Labelled], others: Iterable[Labelled], weights: Path) -> None:
    """Fit the field by L-BFGS; the same examples give the same bytes.

    What the labels of others do otherwise goes to features that only their sentences have.
    """
    trainer = pycrfsuite.Trainer(verbose=False)
    for example in own:
        trainer.append(features(example.forms), _labels(example))
    for example in others:
        trainer.append([_as_others(found) for found in features(example.forms)], _labels(example))
    trainer.set_params(_SETTINGS)
    trainer.train(str(weights))


def _labels(example: Labelled) -> list[str]:
    """B I… L for a name of several words, U for one of one, O for what is in none."""
    out = ["O"] * len(example.forms)
    for start, end, kind in example.spans:
        if end - start == 1:
            out[start] = "U-" + kind
        else:
            out[start:end] = ["B-" + kind, *["I-" + kind] * (end - start - 2), "L-" + kind]
    return out


def _as_others(found: list[str]) -> list[str]:
    return [*found, "Q", *("Q" + feature for feature in found if feature.startswith(_CONVENTIONAL))]


if __name__ == "__main__":
    main()
