"""Fits the network: mixed precision, a warm-up and a linear decay, a checkpoint now and then, resumable.

Matrices are multiplied in bfloat16; the weights that learn are float32, and their average over the last
steps is what is kept.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from training.examples import IGNORED, SHIPS, Batch, Example, batch, batches
from training.network import Network

_AVERAGED = 10  # steps

Examples = Callable[[int], Sequence[Example]]
"""The examples of an epoch, by its number."""


@dataclass(frozen=True, slots=True)
class Course:
    """How long and how fast to learn."""

    epochs: int
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    budget: int = 1400  # pieces in a step
    warm_up: float = 0.08
    average: float = 0.997
    others: float = 0.4  # the weight of heads that do not ship
    checkpoint: float = 240.0  # seconds


class _Learner:
    """The network in bfloat16, its weights in float32, their average and the optimisers."""

    def __init__(self, network: Network, course: Course) -> None:
        self.network, self.course = network, course
        self.slow = [p for p in network.parameters() if p is not network.words.weight]
        self.master = [p.detach().clone().float().requires_grad_() for p in self.slow]
        heads = {id(p) for p in [*network.heads.parameters(), *network.evidence.parameters()]}
        groups: dict[tuple[bool, bool], list[Tensor]] = {}
        for own, master in zip(self.slow, self.master, strict=True):
            groups.setdefault((id(own) in heads, own.dim() > 1), []).append(master)
        self.optimiser = torch.optim.AdamW(
            [
                {
                    "params": found,
                    "lr": course.head_rate if is_head else course.rate,
                    "weight_decay": 0.01 * decays,
                }
                for (is_head, decays), found in groups.items()
            ],
            betas=(0.9, 0.98),
            fused=True,
        )
        self.sparse = torch.optim.SparseAdam([network.words.weight], lr=course.rate)
        self.rates = [group["lr"] for group in self.optimiser.param_groups]
        self.averages = [master.detach().clone() for master in self.master]
        self.words_average = network.words.weight.detach().clone()
        for parameter in self.slow:
            parameter.data = parameter.data.bfloat16()

    def step(self, loss: Tensor, share: float) -> None:
        """Learn from `loss`; `share` of the course is done."""
        loss.backward()
        for own, master in zip(self.slow, self.master, strict=True):
            master.grad = None if own.grad is None else own.grad.float()
            own.grad = None
        torch.nn.utils.clip_grad_norm_(self.master, 1.0)
        factor = min(1.0, share / self.course.warm_up) * max(0.0, 1 - share)
        for group, rate in zip(self.optimiser.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        self.sparse.param_groups[0]["lr"] = self.course.rate * factor
        self.optimiser.step()
        self.sparse.step()
        self.network.words.weight.grad = None
        with torch.no_grad():
            for own, master in zip(self.slow, self.master, strict=True):
                own.copy_(master)

    def remember(self, step: int) -> None:
        """Take the weights of now into the average, which reaches back less far at the beginning."""
        kept = min(self.course.average, (1 + step) / (10 + step))
        with torch.no_grad():
            torch._foreach_lerp_(self.averages, [m.detach() for m in self.master], 1 - kept)
            if step % 50 == 0:
                self.words_average.lerp_(self.network.words.weight, 1 - kept**20)

    def state(self) -> dict[str, object]:
        """All that a checkpoint needs."""
        return {
            "master": [m.detach() for m in self.master],
            "averages": self.averages,
            "words": self.network.words.weight.detach(),
            "words_average": self.words_average,
            "optimiser": self.optimiser.state_dict(),
            "sparse": self.sparse.state_dict(),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a checkpoint."""
        with torch.no_grad():
            for mine, saved in ((self.master, state["master"]), (self.averages, state["averages"])):
                for to, of in zip(mine, saved, strict=True):
                    to.copy_(of)
            self.network.words.weight.copy_(state["words"])
            self.words_average.copy_(state["words_average"])
            for own, master in zip(self.slow, self.master, strict=True):
                own.copy_(master)
        self.optimiser.load_state_dict(state["optimiser"])
        self.sparse.load_state_dict(state["sparse"])

    def finished(self) -> Network:
        """The network with the averaged weights, in float32."""
        with torch.no_grad():
            for own, average in zip(self.slow, self.averages, strict=True):
                own.data = average.clone()
            self.network.words.weight.copy_(self.words_average)
        self.network.eval()
        return self.network


def fit(network: Network, examples: Examples, course: Course, work: Path, seed: int) -> Network:
    """The network after the course; `work` is where its checkpoint is kept while it lasts."""
    learner = _Learner(network, course)
    checkpoint = work.with_suffix(".checkpoint")
    step = epoch = 0
    if checkpoint.exists():
        saved = torch.load(checkpoint)
        learner.restore(saved["learner"])
        step, epoch = saved["step"], saved["epoch"]
        print(f"{work.name}: goes on after epoch {epoch}", flush=True)
    began = saved_at = time.monotonic()
    for number in range(epoch, course.epochs):
        random = Random(f"{seed}-{number}")
        made = batches(examples(number), course.budget, random)
        network.train()
        for place, some in enumerate(made):
            share = (number + place / len(made)) / course.epochs
            shown = batch(some, random)
            loss = _loss(network, shown, course)
            learner.step(loss, share + 1e-6)
            step += 1
            learner.remember(step)
            if step % 50 == 0:
                print(
                    f"{work.name}: epoch {number} step {place}/{len(made)} "
                    f"loss {float(loss):.3f} {time.monotonic() - began:.0f} s",
                    flush=True,
                )
        if time.monotonic() - saved_at > course.checkpoint and number + 1 < course.epochs:
            part = work.with_suffix(".part")
            torch.save({"learner": learner.state(), "step": step, "epoch": number + 1}, part)
            part.replace(checkpoint)
            saved_at = time.monotonic()
    checkpoint.unlink(missing_ok=True)
    print(f"{work.name}: {step} steps in {time.monotonic() - began:.0f} s", flush=True)
    return learner.finished()


def _loss(network: Network, shown: Batch, course: Course) -> Tensor:
    states = network(shown.pieces, shown.word_of, shown.features)
    scores = {head: network.labelled(states, head).float() for head in {*shown.targets, SHIPS}}
    told = -(shown.shares * scores[SHIPS].log_softmax(-1)).sum()
    words = shown.shares.sum()
    losses = [
        course.others * _mean(*_against(scores[head], wanted, shown.weights))
        for head, wanted in shown.targets.items()
        if head != SHIPS
    ]
    if SHIPS in shown.targets:
        total, count = _against(scores[SHIPS], shown.targets[SHIPS], shown.weights)
        told, words = told + total, words + count
    return torch.stack([_mean(told, words), *losses]).sum()


def _against(scores: Tensor, wanted: Tensor, weights: Tensor) -> tuple[Tensor, Tensor]:
    """The sum of the losses of the words that have a label, and how many have one."""
    each = functional.cross_entropy(scores.transpose(1, 2), wanted, ignore_index=IGNORED, reduction="none")
    return (each * weights[:, None]).sum(), (wanted != IGNORED).sum()


def _mean(total: Tensor, count: Tensor) -> Tensor:
    return total / count.clamp(min=1)
