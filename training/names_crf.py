"""Trains the second opinion on names, by CRFsuite (a step of `training.names`, see README.md)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

import pycrfsuite

from pipeline.names.features import features
from pipeline.names.field import packed
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
_OTHERS = "Q"
_CONVENTIONAL = ("w=", "-w=", "+w=", "s=", "t=", "y=", "x3=", "C")


def train_on(shown: Curriculum, told: Iterable[Labelled], weights: Path) -> None:
    """Train on what the network is shown, and on sentences that a teacher labelled; write the weights."""
    others = [one for number, one in enumerate(shown.il) if one.spans or number % _NAMELESS_STEP == 0]
    train([*shown.news, *replaced(shown.news, _REPLACED, seed=1), *told], others, weights)


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
    with TemporaryDirectory() as folder:
        path = Path(folder) / "field.crfsuite"
        trainer.train(str(path))
        weights.write_bytes(_packed(path))


def _packed(path: Path) -> bytes:
    """The content of a CRFsuite file as the recogniser reads it, without what only others' sentences have."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(path))
    labels, learned = tagger.labels(), tagger.info()
    rows: dict[str, list[float]] = {}
    for (name, label), weight in learned.state_features.items():
        if not name.startswith(_OTHERS):
            rows.setdefault(name, [0.0] * len(labels))[labels.index(label)] = weight
    steps = [[learned.transitions.get((one, next), 0.0) for next in labels] for one in labels]
    return packed(labels, rows, steps)


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
    return [*found, _OTHERS, *(_OTHERS + feature for feature in found if feature.startswith(_CONVENTIONAL))]
