"""A token classifier of the shape of BERT-base in PyTorch, its weights random: what others run on Hindi.

`python bert_base.py` reads lines of JSON from standard input, each a batch of lists of piece numbers, and
answers each with the seconds of CPU that one thread took. It needs nothing but torch.
"""

from __future__ import annotations

import json
import sys
import time

import torch
from torch import Tensor, nn
from torch.nn import functional

_HIDDEN, _INNER, _HEADS, _LAYERS, _LABELS = 768, 3072, 12, 12, 7
_VOCABULARY, _POSITIONS = 105_879, 512  # of bert-base-multilingual-uncased


class Layer(nn.Module):
    """One layer, with the fused attention that PyTorch has."""

    def __init__(self) -> None:
        """A layer of random weights."""
        super().__init__()
        self.split = nn.Linear(_HIDDEN, 3 * _HIDDEN)
        self.attended = nn.Linear(_HIDDEN, _HIDDEN)
        self.norm = nn.LayerNorm(_HIDDEN)
        self.inner = nn.Linear(_HIDDEN, _INNER)
        self.outer = nn.Linear(_INNER, _HIDDEN)
        self.last_norm = nn.LayerNorm(_HIDDEN)

    def forward(self, x: Tensor, seen: Tensor) -> Tensor:
        """States to states; `seen` says which pieces are there."""
        many, length, _ = x.shape
        parts = self.split(x).view(many, length, 3, _HEADS, -1).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(parts[0], parts[1], parts[2], attn_mask=seen)
        x = self.norm(x + self.attended(mixed.transpose(1, 2).reshape(many, length, _HIDDEN)))
        found: Tensor = self.last_norm(x + self.outer(functional.gelu(self.inner(x))))
        return found


class Classifier(nn.Module):
    """Pieces to the scores of labels."""

    def __init__(self) -> None:
        """Random weights."""
        super().__init__()
        self.pieces = nn.Embedding(_VOCABULARY, _HIDDEN)
        self.places = nn.Embedding(_POSITIONS, _HIDDEN)
        self.norm = nn.LayerNorm(_HIDDEN)
        self.layers = nn.ModuleList(Layer() for _ in range(_LAYERS))
        self.labels = nn.Linear(_HIDDEN, _LABELS)

    def forward(self, pieces: Tensor, there: Tensor) -> Tensor:
        """Scores (batch, length, labels)."""
        x = self.norm(self.pieces(pieces) + self.places(torch.arange(pieces.shape[1])))
        for layer in self.layers:
            x = layer(x, there[:, None, None, :])
        found: Tensor = self.labels(x)
        return found


def main() -> None:
    """Answer batch after batch until the input ends."""
    torch.set_num_threads(1)
    model = Classifier().eval()
    for line in sys.stdin:
        some = json.loads(line)
        longest = max(map(len, some))
        pieces = torch.tensor([one + [0] * (longest - len(one)) for one in some]) % _VOCABULARY
        there = torch.tensor([[n < len(one) for n in range(longest)] for one in some])
        began = time.process_time()
        with torch.inference_mode():
            model(pieces, there)
        print(time.process_time() - began, flush=True)


if __name__ == "__main__":
    main()
