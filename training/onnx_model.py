"""The network as an ONNX graph, written operator by operator, in float32 or with its matrices in 8 bits.

In 8 bits each matrix has a scale per output, and what is multiplied with it one scale that was measured
before (see `calibration`), so that what a sentence gets does not depend on the sentences beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from training.calibration import Range
from training.encoder_weights import Shape
from training.network import Network

Array = npt.NDArray[Any]
_MICROSOFT = "com.microsoft"
_EPSILON = 1e-12
_LARGEST = 63  # seven bits: with eight, processors without VNNI would overflow


@dataclass(slots=True)
class _Graph:
    """A graph being written; every method adds a node and gives the name of what it makes."""

    ranges: Mapping[str, Range] | None
    nodes: list[onnx.NodeProto] = field(default_factory=list)
    values: list[onnx.TensorProto] = field(default_factory=list)

    def constant(self, values: Array) -> str:
        name = f"c{len(self.values)}"
        self.values.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: object) -> str:
        made = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, list(inputs), [made], domain=domain, **attributes))
        return made

    def ints(self, *numbers: int) -> str:
        return self.constant(np.array(numbers, np.int64))

    def linear(self, x: str, weights: Mapping[str, Array], name: str) -> str:
        """`x` times the transposed matrix (out, in), and the bias."""
        weight, bias = weights[f"{name}.weight"], self.constant(weights[f"{name}.bias"])
        if self.ranges is None:
            return self.add("Add", self.add("MatMul", x, self.constant(weight.T)), bias)
        whole, scale, zero, weight = self.in_range(x, weight, self.ranges[name])
        rounded, scales = in_bytes(weight)
        inputs = whole, self.constant(rounded.T), scale, self.constant(scales), zero, "", bias
        return self.add("MatMulIntegerToFloat", *inputs, domain=_MICROSOFT)

    def in_range(self, x: str, weight: Array, given: Range) -> tuple[str, str, str, Array]:
        """`x` in 8 bits, its scale and zero, and the matrix with what was taken from the columns of `x`."""
        if given.smaller is not None:
            x = self.add("Mul", x, self.constant(1 / given.smaller))
            weight = weight * given.smaller
        scale, zero = self.number(given.scale), self.constant(np.array(given.zero, np.uint8))
        return self.add("QuantizeLinear", x, scale, zero), scale, zero, weight

    def number(self, value: float) -> str:
        return self.constant(np.array(value, np.float32))


def in_bytes(weight: Array) -> tuple[Array, Array]:
    """A matrix (out, in) in whole numbers from -LARGEST to LARGEST, and the scale of each row."""
    scales = np.maximum(np.abs(weight).max(1) / _LARGEST, 1e-9).astype(np.float32)
    return np.rint(weight / scales[:, None]).astype(np.int8), scales


def graph(network: Network, shape: Shape, head: str, ranges: Mapping[str, Range] | None) -> bytes:
    """The model file: `pieces` and `word_of` (batch, length) int64 and `features` (batch, words, features)
    float32 to `scores` (batch, words, labels) float32; in 8 bits when there are `ranges`."""
    weights = {name: values.detach().float().numpy() for name, values in network.state_dict().items()}
    made = _Graph(ranges)
    x, mask = _embedded(made, weights)
    for number in range(len(network.layers)):
        if number == network.piece_layers:
            x, mask = _pooled(made, x, weights)
        x = _layer(made, x, mask, weights, f"layers.{number}", shape.heads)
    scores = made.add("MatMul", x, made.constant(weights[f"heads.{head}.weight"].T))
    made.nodes.append(
        helper.make_node("Add", [scores, made.constant(weights[f"heads.{head}.bias"])], ["scores"])
    )
    return _model(made, weights, head)


def _embedded(made: _Graph, weights: Mapping[str, Array]) -> tuple[str, str]:
    x = _rows(made, weights["words.weight"])
    length = made.add("Gather", made.add("Shape", "pieces"), made.ints(1), axis=0)
    places = made.add("Slice", made.constant(weights["places"]), made.ints(0), length, made.ints(0))
    normed = _added_and_normed(made, x, places, weights, "norm")
    there = made.add("GreaterOrEqual", "word_of", made.ints(0))
    return normed, made.add("Cast", there, to=TensorProto.INT32)


def _rows(made: _Graph, table: Array) -> str:
    """The rows of the pieces; in 8 bits each row has a scale."""
    if made.ranges is None:
        return made.add("Gather", made.constant(table), "pieces")
    scales = np.maximum(np.abs(table).max(-1, keepdims=True) / 127, 1e-9).astype(np.float32)
    rounded = np.rint(table / scales).astype(np.int8)
    whole = made.add("Cast", made.add("Gather", made.constant(rounded), "pieces"), to=TensorProto.FLOAT)
    return made.add("Mul", whole, made.add("Gather", made.constant(scales), "pieces"))


def _pooled(made: _Graph, x: str, weights: Mapping[str, Array]) -> tuple[str, str]:
    """Words as the means of their pieces with their evidence, and which of them are there."""
    words = made.add("Gather", made.add("Shape", "features"), made.constant(np.array(1, np.int64)), axis=0)
    zero, one = (made.constant(np.array(number, np.int64)) for number in (0, 1))
    numbers = made.add("Unsqueeze", made.add("Range", zero, words, one), made.ints(0, 2))
    same = made.add("Equal", made.add("Unsqueeze", "word_of", made.ints(1)), numbers)
    belongs = made.add("Cast", same, to=TensorProto.FLOAT)
    count = made.add("ReduceSum", belongs, made.ints(2), keepdims=1)
    least = made.constant(np.array(1, np.float32))
    mean = made.add("Div", made.add("MatMul", belongs, x), made.add("Max", count, least))
    known = made.add("MatMul", "features", made.constant(weights["evidence.weight"].T))
    flat = made.add("Squeeze", count, made.ints(2))
    return made.add("Add", mean, known), made.add("Cast", made.add("Min", flat, least), to=TensorProto.INT32)


def _layer(made: _Graph, x: str, mask: str, weights: Mapping[str, Array], name: str, heads: int) -> str:
    mixed = _attention(made, x, mask, weights, f"{name}.query_key_value", heads)
    mixed = made.linear(mixed, weights, f"{name}.attended")
    x = _added_and_normed(made, mixed, x, weights, f"{name}.attended_norm")
    inner = made.add("FastGelu", made.linear(x, weights, f"{name}.inner"), domain=_MICROSOFT)
    outer = made.linear(inner, weights, f"{name}.outer")
    return _added_and_normed(made, outer, x, weights, f"{name}.outer_norm")


def _attention(made: _Graph, x: str, mask: str, weights: Mapping[str, Array], name: str, heads: int) -> str:
    weight, bias = weights[f"{name}.weight"], made.constant(weights[f"{name}.bias"])
    if made.ranges is None:
        parts = x, made.constant(weight.T), bias, mask
        return made.add("Attention", *parts, domain=_MICROSOFT, num_heads=heads)
    whole, scale, zero, weight = made.in_range(x, weight, made.ranges[name])
    rounded, scales = in_bytes(weight)
    inputs = whole, made.constant(rounded.T), bias, scale, made.constant(scales), mask, zero
    return made.add("QAttention", *inputs, domain=_MICROSOFT, num_heads=heads)


def _added_and_normed(made: _Graph, y: str, x: str, weights: Mapping[str, Array], name: str) -> str:
    gain, bias = made.constant(weights[f"{name}.weight"]), made.constant(weights[f"{name}.bias"])
    return made.add("LayerNormalization", made.add("Add", y, x), gain, bias, epsilon=_EPSILON)


def _model(made: _Graph, weights: Mapping[str, Array], head: str) -> bytes:
    features, labels = weights["evidence.weight"].shape[1], weights[f"heads.{head}.bias"].shape[0]
    whole, floats = TensorProto.INT64, TensorProto.FLOAT
    inputs: Sequence[tuple[str, int, list[str | int]]] = (
        ("pieces", whole, ["batch", "length"]),
        ("word_of", whole, ["batch", "length"]),
        ("features", floats, ["batch", "words", features]),
    )
    made_graph = helper.make_graph(
        made.nodes,
        "names",
        [helper.make_tensor_value_info(name, kind, sizes) for name, kind, sizes in inputs],
        [helper.make_tensor_value_info("scores", floats, ["batch", "words", labels])],
        made.values,
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid(_MICROSOFT, 1)]
    model = helper.make_model(made_graph, opset_imports=opsets, ir_version=8, producer_name="khabar")
    return bytes(model.SerializeToString(deterministic=True))
