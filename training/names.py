"""Makes the recogniser of names, end to end: `python -m training.names --data DIR` (see README.md).

Each step leaves a file in training/runs and is not done again while it is there; a broken fit goes on from
its last checkpoint. Steps: base, first, second, teacher, taught, student, field, model.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch

from pipeline.names import weights
from pipeline.names.evidence import FEATURES
from pipeline.names.pieces import Pieces
from pipeline.names.recogniser import Recogniser
from pipeline.names.weights import Weights
from training import encoder_weights, names_crf, vocabulary
from training.calibration import ranges
from training.curriculum import Curriculum, words_of
from training.encoder_weights import Shape
from training.examples import HEADS, SHIPS, Batch, batch, batches
from training.fitting import Course, fit
from training.network import Network, filled
from training.onnx_model import graph
from training.teaching import Taught, taught, unlabelled

RUNS = Path(__file__).with_name("runs")
SEED = 20
_PIECE_LAYERS = 2
_LAYERS = 6
_MEASURED = 400  # sentences
FIRST = Course(epochs=4, rate=2e-4)
SECOND = Course(epochs=3, rate=1.2e-4, head_rate=6e-4, warm_up=0.05)
"""The second course begins where the first ends, slower, and sees other copies of the sentences."""
THIRD = Course(epochs=4, rate=1.0e-4, head_rate=4e-4, warm_up=0.04)
"""The third has the teacher's sentences too."""


@dataclass(frozen=True, slots=True)
class Base:
    """Where training begins: the encoder's weights, cut to the pieces that are kept."""

    shape: Shape
    tensors: dict[str, Any]
    vocabulary: str

    def network(self) -> Network:
        """A network that begins with the first layers of the encoder."""
        torch.manual_seed(SEED)
        new = Network(self.shape, _LAYERS, _PIECE_LAYERS, len(FEATURES), HEADS)
        return filled(new, self.tensors)


def main() -> None:
    """Do the steps that are not done yet, with the time each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, required=True, help="the folder with ner/, text/, names/, companies/"
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--until", choices=_STEPS, default="model", help="the last step to do")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    RUNS.mkdir(exist_ok=True)
    for name, step in _STEPS.items():
        began = time.monotonic()
        if not (RUNS / f"{name}.pt").exists():
            step(arguments.data)
            print(f"{name}: {time.monotonic() - began:.0f} s", flush=True)
        if name == arguments.until:
            return


def make_base(data: Path) -> None:
    """The encoder's weights out of the package index, cut to the vocabulary that is needed."""
    shape, tensors = encoder_weights.read(encoder_weights.path())
    cut, kept = vocabulary.cut(vocabulary.path().read_text("utf-8"), words_of(data))
    tensors["emb.word"] = tensors["emb.word"][kept]
    shape = shape._replace(vocabulary=len(kept))
    _save("base", {"shape": tuple(shape), "tensors": tensors, "vocabulary": cut})
    print(f"{len(kept)} pieces, {len(cut) / 1e6:.1f} MB")


def make_first(data: Path) -> None:
    """The first course, from the encoder's weights."""
    base = load_base()
    curriculum = Curriculum(data, Pieces(base.vocabulary))
    _save("first", fit(base.network(), curriculum.epoch, FIRST, RUNS / "first", SEED).state_dict())


def make_second(data: Path) -> None:
    """The second course, from what the first one made."""
    base = load_base()
    curriculum = Curriculum(data, Pieces(base.vocabulary))
    network = base.network()
    network.load_state_dict(_load("first"))
    learned = fit(
        network, lambda epoch: curriculum.epoch(epoch + FIRST.epochs), SECOND, RUNS / "second", SEED + 1
    )
    _save("second", learned.state_dict())


def make_teacher(data: Path) -> None:
    """The mean of what both courses made, and the field: what they find together teaches the student."""
    base = load_base()
    curriculum = Curriculum(data, Pieces(base.vocabulary))
    field = RUNS / "teacher" / weights.FIELD
    field.parent.mkdir(exist_ok=True)
    names_crf.train_on(curriculum, (), field)
    network = _between(base)
    content = graph(network.eval(), base.shape, SHIPS, None)
    weights.write(RUNS / "teacher", Weights(content, base.vocabulary, field.read_bytes()))
    _save("teacher", network.state_dict())


def make_taught(data: Path) -> None:
    """What the teacher says of sentences that nobody labelled."""
    teacher = Recogniser(weights.read(RUNS / "teacher"))
    shown = Curriculum(data, Pieces(load_base().vocabulary)).news
    said = list(taught(teacher, unlabelled(data, shown)))
    _save("taught", [(one.forms, torch.from_numpy(one.shares)) for one in said])
    print(f"{len(said)} sentences")


def make_student(data: Path) -> None:
    """The third course: from the mean of the two, over the labelled sentences and the teacher's."""
    base = load_base()
    curriculum = Curriculum(data, Pieces(base.vocabulary))
    network = base.network()
    network.load_state_dict(_load("teacher"))
    told = curriculum.taught(_told())
    before = FIRST.epochs + SECOND.epochs
    learned = fit(
        network, lambda epoch: [*curriculum.epoch(epoch + before), *told], THIRD, RUNS / "student", SEED + 2
    )
    _save("student", learned.state_dict())


def make_field(data: Path) -> None:
    """The field that ships, which learns from the teacher too."""
    curriculum = Curriculum(data, Pieces(load_base().vocabulary))
    names_crf.train_on(curriculum, (one.labelled() for one in _told()), RUNS / weights.FIELD)
    _save("field", None)


def _told() -> list[Taught]:
    """What `make_taught` left."""
    return [Taught(forms, shares.numpy()) for forms, shares in _load("taught")]


def _between(base: Base) -> Network:
    """The mean of what the first two courses made."""
    network = base.network()
    first, second = _load("first"), _load("second")
    network.load_state_dict({name: (first[name] + second[name]) / 2 for name in first})
    return network


def make_model(data: Path) -> None:
    """The files that ship, and the same in float32 to compare with."""
    base = load_base()
    network = base.network()
    network.load_state_dict(_load("student"))
    field = (RUNS / weights.FIELD).read_bytes()
    measured = ranges(network.eval(), _sample(Curriculum(data, Pieces(base.vocabulary))))
    for folder, known in ((RUNS / "float32", None), (weights.SHIPPED, measured)):
        content = graph(network, base.shape, SHIPS, known)
        weights.write(folder, Weights(content, base.vocabulary, field))
    _save("model", None)


def _sample(curriculum: Curriculum) -> list[Batch]:
    """Sentences by which the ranges of 8 bits are measured."""
    random = Random(SEED)
    some = random.sample(curriculum.epoch(0), _MEASURED)
    return [batch(each) for each in batches(some, FIRST.budget, random)]


def load_base() -> Base:
    """What `make_base` left."""
    saved = _load("base")
    return Base(Shape(*saved["shape"]), saved["tensors"], saved["vocabulary"])


def _save(name: str, what: object) -> None:
    part = RUNS / f"{name}.part"
    torch.save(what, part)
    part.replace(RUNS / f"{name}.pt")


def _load(name: str) -> Any:
    return torch.load(RUNS / f"{name}.pt", weights_only=False)


_STEPS: dict[str, Callable[[Path], None]] = {
    "base": make_base,
    "first": make_first,
    "second": make_second,
    "teacher": make_teacher,
    "taught": make_taught,
    "student": make_student,
    "field": make_field,
    "model": make_model,
}


if __name__ == "__main__":
    main()
