"""How the inputs of each matrix are put into 8 bits: measured on sentences that the network reads."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from training.examples import Batch
from training.network import Network

Floats = npt.NDArray[np.float32]

_SAMPLED = 60  # rows of each batch
_STEPS = 255
_SHARES = np.linspace(1, 0.3, 29)  # of the whole range that are tried: what lies beyond is cut off
_USUAL = 0.98  # of the columns reach no further than the usual ones; those that do are made smaller
_SMOOTHED = "inner", "outer"
"""The inputs in which few columns reach far beyond the others."""


class Range(NamedTuple):
    """Numbers x are put into 8 bits as x / smaller / scale + zero, `smaller` being one number per column."""

    scale: float
    zero: int
    smaller: Floats | None = None


def ranges(network: Network, batches: Iterable[Batch]) -> dict[str, Range]:
    """The range of the inputs of each linear map of the layers, by its name."""
    seen: dict[str, list[Floats]] = defaultdict(list)
    handles = [
        part.register_forward_hook(lambda _, given, __, name=name: seen[name].append(_sample(given[0])))
        for name, part in network.named_modules()
        if name.startswith("layers.") and isinstance(part, nn.Linear)
    ]
    with torch.no_grad():
        for one in batches:
            network(one.pieces, one.word_of, one.features)
    for handle in handles:
        handle.remove()
    return {name: _range(np.concatenate(rows), name.endswith(_SMOOTHED)) for name, rows in seen.items()}


def _sample(x: Tensor) -> Floats:
    """Some rows, and the largest and smallest number of each column."""
    rows = x.detach().float().flatten(0, -2)
    picked = torch.linspace(0, len(rows) - 1, _SAMPLED).long()
    return np.asarray(torch.cat([rows[picked], rows.amax(0)[None], rows.amin(0)[None]]))


def _range(rows: Floats, smoothed: bool) -> Range:
    """The range with the least mean square error."""
    smaller = None
    if smoothed:
        reach = np.abs(rows).max(0)
        smaller = np.maximum(1, reach / np.quantile(reach, _USUAL)).astype(np.float32)
        rows = rows / smaller
    low, high = min(0.0, float(rows.min())), float(rows.max())
    tried = [_between(low * share, high * share) for share in _SHARES]
    scale, zero = min(tried, key=lambda one: _error(rows, *one))
    return Range(scale, zero, smaller)


def _between(low: float, high: float) -> tuple[float, int]:
    scale = (high - low) / _STEPS
    return scale, min(_STEPS, max(0, round(-low / scale)))


def _error(rows: Floats, scale: float, zero: int) -> float:
    whole = np.clip(np.rint(rows / scale) + zero, 0, _STEPS)
    return float((((whole - zero) * scale - rows) ** 2).mean())
