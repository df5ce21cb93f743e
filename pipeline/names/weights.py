"""The files of a model: which they are, and the version that their bytes give."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

SHIPPED: Final = Path(__file__).with_name("weights")
_NETWORK, _VOCABULARY = "names.onnx", "vocabulary.json.gz"
FIELD: Final = "field.npz"


class Weights(NamedTuple):
    """The content of a model: an ONNX file, the `tokenizer.json` of its vocabulary, a packed field."""

    network: bytes
    vocabulary: str
    field: bytes


def read(folder: Path) -> Weights:
    """The model in a folder; FileNotFoundError where a file is missing."""
    packed = (folder / _VOCABULARY).read_bytes()
    vocabulary = gzip.decompress(packed).decode("utf-8")
    return Weights((folder / _NETWORK).read_bytes(), vocabulary, (folder / FIELD).read_bytes())


def write(folder: Path, weights: Weights) -> None:
    """Write the model to a folder, the same bytes for the same model."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _NETWORK).write_bytes(weights.network)
    (folder / _VOCABULARY).write_bytes(gzip.compress(weights.vocabulary.encode("utf-8"), 9, mtime=0))
    (folder / FIELD).write_bytes(weights.field)


@cache
def version(folder: Path = SHIPPED) -> str:
    """The version of the model in a folder, from its bytes alone; cheap, for nothing is loaded."""
    digest = hashlib.sha256()
    for name in (_NETWORK, _VOCABULARY, FIELD):
        digest.update((folder / name).read_bytes())
    return f"names-{digest.hexdigest()[:8]}"
