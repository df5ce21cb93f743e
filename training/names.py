"""Makes the recogniser of names, end to end: `python -m training.names --data DIR` (see README.md).

Each step leaves a file in training/runs and is not done again while it is there; a broken fit goes on from
its last checkpoint. Steps: base, first, second, model.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from pipeline.names import weights
from pipeline.names.evidence import FEATURES
from pipeline.names.pieces import Pieces
from pipeline.names.weights import Weights
from training import encoder_weights, vocabulary
from training.curriculum import Curriculum, words_of
from training.encoder_weights import Shape
from training.examples import HEADS
from training.fitting import Course, fit
from training.network import Network, filled
from training.onnx_model import graph

RUNS = Path(__file__).with_name("runs")
SEED = 20
_PIECE_LAYERS = 2
_LAYERS = 6
FIRST = Course(epochs=4, rate=2e-4)
SECOND = Course(epochs=3, rate=1.2e-4, head_rate=6e-4, warm_up=0.05)
"""The second course begins where the first ends, slower, and sees other copies of the sentences."""


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


def make_model(data: Path) -> None:
    """The files that ship, and the same in float32 to compare with: the mean of what both courses made."""
    base = load_base()
    network = base.network()
    first, second = _load("first"), _load("second")
    network.load_state_dict({name: (first[name] + second[name]) / 2 for name in first})
    field = (weights.SHIPPED / weights.FIELD).read_bytes()
    for folder, bits8 in ((RUNS / "float32", False), (weights.SHIPPED, True)):
        content = graph(network.eval(), base.shape, "news", bits8)
        weights.write(folder, Weights(content, base.vocabulary, field))
    _save("model", None)


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
    "model": make_model,
}


if __name__ == "__main__":
    main()
