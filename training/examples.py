"""Labelled sentences as the network takes them: numbers of pieces, words, features and labels, in batches."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from random import Random

import torch
from torch import Tensor

from pipeline.names.evidence import FEATURES, evidence
from pipeline.names.labels import LABELS, labels
from pipeline.names.pieces import FIRST, PAD, UNKNOWN, Pieces
from training.corpora import Labelled
from training.teaching import Taught

HEADS: dict[str, int] = {
    "news": len(LABELS),
    "il": len(LABELS),
    "multiconer": len(LABELS),
    "wnut": len(LABELS),
}
"""Each corpus of its own conventions and how many labels it has; SHIPS is the one that ships."""
SHIPS = "news"
_LONGEST = 241  # pieces; what follows in a longer sentence is left out
_FORGET = 0.15  # the share of words whose evidence is hidden, so that it does not decide alone
_COVERED = 0.04  # the share of words that are covered, so that their neighbours have to tell
IGNORED = -100


@dataclass(frozen=True, slots=True)
class Example:
    """A sentence ready to be shown: `targets` are labels by head, `shares` a teacher's (words, labels)."""

    pieces: tuple[int, ...]
    word_of: tuple[int, ...]
    features: tuple[tuple[int, ...], ...]
    targets: dict[str, tuple[int, ...]]
    weight: float = 1.0
    shares: Tensor | None = None

    @property
    def words(self) -> int:
        """How many words the network sees."""
        return len(self.features)


@dataclass(frozen=True, slots=True)
class Batch:
    """Tensors for one step; `targets` by head are (batch, words + 1), IGNORED where there is none.

    `shares` (batch, words + 1, labels) are those of a teacher for the head `news`, 0 where there are none.
    """

    pieces: Tensor
    word_of: Tensor
    features: Tensor
    targets: dict[str, Tensor]
    shares: Tensor
    weights: Tensor


def example(sentence: Labelled, heads: Sequence[str], pieces: Pieces, weight: float = 1.0) -> Example:
    """The sentence, its labels given to each of `heads`."""
    shown = _shown_words(sentence.forms, pieces)
    wanted = labels(len(sentence.forms), sentence.spans)[: shown.words]
    targets = dict.fromkeys(heads, tuple(map(LABELS.index, wanted)))
    return replace(shown, targets=targets, weight=weight)


def taught_example(sentence: Taught, pieces: Pieces) -> Example:
    """The sentence, with the shares that the teacher gives its labels."""
    shown = _shown_words(sentence.forms, pieces)
    return replace(shown, shares=torch.from_numpy(sentence.shares[: shown.words]))


def _shown_words(words: Sequence[str], pieces: Pieces) -> Example:
    """What the network sees of a sentence, without labels."""
    numbers, word_of = [FIRST], [0]
    forms = [form[:64] for form in words]
    seen = 0
    for place, cut in enumerate(pieces.of(forms), 1):
        if len(numbers) + len(cut) > _LONGEST:
            break
        numbers += cut
        word_of += [place] * len(cut)
        seen = place
    return Example(tuple(numbers), tuple(word_of), tuple(evidence(forms)[:seen]), {})


def batches(examples: Sequence[Example], budget: int, random: Random) -> list[list[Example]]:
    """All examples once, in random order, sentences of like length together, about `budget` pieces each."""
    order = sorted(examples, key=lambda one: len(one.pieces) + 6 * random.random())
    made: list[list[Example]] = [[]]
    for one in order:
        if made[-1] and (len(made[-1]) + 1) * len(one.pieces) > budget:
            made.append([])
        made[-1].append(one)
    random.shuffle(made)
    return made


def batch(examples: Sequence[Example], random: Random | None = None) -> Batch:
    """The tensors of some examples; with `random` the evidence of some words is hidden."""
    longest = max(len(one.pieces) for one in examples)
    words = max(one.words for one in examples) + 1
    pieces = torch.full((len(examples), longest), PAD)
    word_of = torch.full((len(examples), longest), -1)
    features = torch.zeros(len(examples), words, len(FEATURES))
    for row, one in enumerate(examples):
        pieces[row, : len(one.pieces)] = torch.tensor(_covered(one, random))
        word_of[row, : len(one.word_of)] = torch.tensor(one.word_of)
        for place, numbers in _shown(one, random):
            features[row, place, list(numbers)] = 1
    heads = {head for one in examples for head in one.targets}
    shares = torch.zeros(len(examples), words, len(LABELS))
    for row, one in enumerate(examples):
        if one.shares is not None:
            shares[row, 1 : one.words + 1] = one.shares
    return Batch(
        pieces,
        word_of,
        features,
        {head: _targets(examples, head, words) for head in sorted(heads)},
        shares,
        torch.tensor([one.weight for one in examples]),
    )


def _covered(one: Example, random: Random | None) -> Sequence[int]:
    if random is None:
        return one.pieces
    covered = {place for place in range(1, one.words + 1) if random.random() < _COVERED}
    return [
        UNKNOWN if word in covered else piece for piece, word in zip(one.pieces, one.word_of, strict=True)
    ]


def _shown(one: Example, random: Random | None) -> Iterator[tuple[int, tuple[int, ...]]]:
    hidden = random is not None and random.random() < _FORGET
    for place, numbers in enumerate(one.features, 1):
        if numbers and not hidden and (random is None or random.random() >= _FORGET):
            yield place, numbers


def _targets(examples: Sequence[Example], head: str, words: int) -> Tensor:
    wanted = torch.full((len(examples), words), IGNORED)
    for row, one in enumerate(examples):
        if head in one.targets:
            wanted[row, 1 : one.words + 1] = torch.tensor(one.targets[head])
    return wanted
