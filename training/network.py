"""The recogniser as a network of PyTorch: pieces → words → labels.

The lower layers read pieces; then each word is the mean of its pieces, the evidence of the tables is added,
and the upper layers read words, which are a quarter fewer. A head per corpus turns words into labels.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from training.encoder_weights import Floats, Shape

_AWAY = -1e4  # added to the attention to padding


class Layer(nn.Module):
    """One layer of BERT, its norms after the sums."""

    def __init__(self, shape: Shape) -> None:
        """A layer of the given sizes, not yet filled."""
        super().__init__()
        hidden = shape.hidden
        self.heads = shape.heads
        self.query_key_value = nn.Linear(hidden, 3 * hidden)
        self.attended = nn.Linear(hidden, hidden)
        self.attended_norm = nn.LayerNorm(hidden, eps=1e-12)
        self.inner = nn.Linear(hidden, shape.inner)
        self.outer = nn.Linear(shape.inner, hidden)
        self.outer_norm = nn.LayerNorm(hidden, eps=1e-12)

    def forward(self, x: Tensor, away: Tensor) -> Tensor:
        """States (batch, length, hidden) to states; `away` (batch, 1, 1, length) is what is not there."""
        size = x.shape[-1] // self.heads
        split: Tensor = self.query_key_value(x).unflatten(-1, (3, self.heads, size)).permute(2, 0, 3, 1, 4)
        query, key, value = split[0], split[1], split[2]
        share = torch.softmax(query @ key.transpose(-1, -2) / math.sqrt(size) + away, dim=-1)
        mixed = (share @ value).transpose(1, 2).flatten(2)
        x = self.attended_norm(x + self.attended(mixed))
        inner = functional.gelu(self.inner(x), approximate="tanh")
        return self.outer_norm(x + self.outer(inner))


class Network(nn.Module):
    """Pieces of sentences to the labels of their words."""

    def __init__(
        self, shape: Shape, layers: int, piece_layers: int, features: int, heads: Mapping[str, int]
    ) -> None:
        """`layers` in all, the first `piece_layers` over pieces; `heads` gives each corpus its labels."""
        super().__init__()
        hidden = shape.hidden
        self.piece_layers = piece_layers
        self.words = nn.Embedding(shape.vocabulary, hidden, sparse=True)
        self.places = nn.Parameter(torch.zeros(shape.positions, hidden))
        self.norm = nn.LayerNorm(hidden, eps=1e-12)
        self.layers = nn.ModuleList(Layer(shape) for _ in range(layers))
        self.evidence = nn.Linear(features, hidden, bias=False)
        self.heads = nn.ModuleDict({name: nn.Linear(hidden, labels) for name, labels in heads.items()})
        nn.init.zeros_(self.evidence.weight)

    def forward(self, pieces: Tensor, word_of: Tensor, features: Tensor) -> Tensor:
        """States of words (batch, words + 1, hidden), the first of them of the sentence as a whole.

        `pieces` (batch, length) are numbers, `word_of` says which word each belongs to (-1 padding, 0 the
        beginning), `features` (batch, words + 1, features) is 0 or 1.
        """
        x = self.norm(self.words(pieces).to(self.places.dtype) + self.places[: pieces.shape[1]])
        there = word_of >= 0
        away = _away(there, x.dtype)
        for layer in self.layers[: self.piece_layers]:
            x = layer(x, away)
        x, away = self._to_words(x, word_of, features)
        for layer in self.layers[self.piece_layers :]:
            x = layer(x, away)
        return x

    def _to_words(self, x: Tensor, word_of: Tensor, features: Tensor) -> tuple[Tensor, Tensor]:
        numbers = torch.arange(features.shape[1])
        belongs = (word_of[:, None, :] == numbers[None, :, None]).to(x.dtype)
        count = belongs.sum(-1, keepdim=True)
        mean = belongs @ x / count.clamp(min=1)
        return mean + self.evidence(features.to(x.dtype)), _away(count[..., 0] > 0, x.dtype)

    def labelled(self, states: Tensor, head: str) -> Tensor:
        """The scores of the labels of a corpus (batch, words + 1, labels)."""
        found: Tensor = self.heads[head](states)
        return found


def _away(there: Tensor, kind: torch.dtype) -> Tensor:
    return ((~there).to(kind) * _AWAY)[:, None, None, :]


def filled(network: Network, tensors: Mapping[str, Floats]) -> Network:
    """The network with the weights of the encoder, of which it has the first layers."""
    own = dict(network.named_parameters())
    tensor = {name: torch.from_numpy(values.copy()) for name, values in tensors.items()}
    with torch.no_grad():
        own["words.weight"].copy_(tensor["emb.word"])
        own["places"].copy_(tensor["emb.pos"] + tensor["emb.type"][0])
        own["norm.weight"].copy_(tensor["emb.ln.w"])
        own["norm.bias"].copy_(tensor["emb.ln.b"])
        for number in range(len(network.layers)):
            for part, names in _PARTS.items():
                for end, kind in (("weight", "w"), ("bias", "b")):
                    values = torch.cat([tensor[f"l{number}.{name}.{kind}"] for name in names])
                    own[f"layers.{number}.{part}.{end}"].copy_(values)
    return network


_PARTS = {
    "query_key_value": ("q", "k", "v"),
    "attended": ("ao",),
    "attended_norm": ("aln",),
    "inner": ("fi",),
    "outer": ("fo",),
    "outer_norm": ("oln",),
}
