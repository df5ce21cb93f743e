"""Trains the recogniser of names: `python -m training.names_crf --data DIR` (see README.md)."""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import pycrfsuite

from benchmarks import names_quality
from pipeline.names.features import features
from pipeline.names.recogniser import Recogniser
from pipeline.names.spans import labels
from training.corpora import (
    Labelled,
    il_ner_texts,
    labelled,
    organisation_types,
    own_split,
    read_sentences,
    read_texts,
)
from training.replacement import replaced

WEIGHTS = Path(__file__).parents[1] / "pipeline" / "names" / "weights" / "names.crfsuite"
SENTENCES = Path(__file__).with_name("sentences.txt")
_SETTINGS = {
    "c1": 0.05,
    "c2": 0.1,
    "max_iterations": 90,
    "feature.minfreq": 2,
    "feature.possible_transitions": True,
}
_SMALL_CORPORA = 2
"""How many times the few English and mixed sentences are shown for each time of the Hindi ones."""
_REPLACED_SMALL, _REPLACED_HINDI = 0.6, 0.24
"""The share of the sentences with people or companies of which a copy with other names is shown."""
_NAMELESS_STEP = 4
"""Of the sentences of IL-NER without a name, three in four of them all, only every fourth is shown."""
_CONVENTIONAL = ("w=", "-w=", "+w=", "s=", "t=", "y=", "x3=", "C")


def main() -> None:
    """Train on all that is not held out, write the weights, print time and scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with ner/")
    parser.add_argument("--weights", type=Path, default=WEIGHTS, help="where to write them")
    arguments = parser.parse_args()
    begin = time.perf_counter()
    train(ours(arguments.data / "ner"), il_ner(arguments.data / "ner"), arguments.weights)
    print(f"trained in {time.perf_counter() - begin:.0f} s, {arguments.weights.stat().st_size / 1e6:.1f} MB")
    names_quality.show(names_quality.scores(arguments.data, Recogniser(arguments.weights.read_bytes())))


def ours(ner: Path) -> list[Labelled]:
    """The sentences labelled by the guide, in a fixed order, with copies that name others."""
    hindi = list(labelled(read_texts(ner / "news_hi_train.jsonl")))
    own, _ = own_split(read_texts(ner / "own_news.jsonl"))
    small = list(labelled([*read_texts(ner / "news_en_train.jsonl"), *own, *read_sentences(SENTENCES)]))
    copies = [*replaced(small, _REPLACED_SMALL, seed=1), *replaced(hindi, _REPLACED_HINDI, seed=2)]
    return [*hindi, *small * _SMALL_CORPORA, *copies]


def il_ner(ner: Path) -> Iterator[Labelled]:
    """The sentences of IL-NER, most of those without a name left out."""
    texts = il_ner_texts(ner / "il_ner_hi_train.txt", organisation_types(ner))
    for number, example in enumerate(labelled(texts)):
        if example.spans or number % _NAMELESS_STEP == 0:
            yield example


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
    return labels(len(example.forms), example.spans)


def _as_others(found: list[str]) -> list[str]:
    return [*found, "Q", *("Q" + feature for feature in found if feature.startswith(_CONVENTIONAL))]


if __name__ == "__main__":
    main()
