"""The tables beside the code, and the phrases in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Generic, Protocol, TypeVar

from pipeline.money.keys import key

T = TypeVar("T")


class Keyed(Protocol):
    """Anything with the key of a word."""

    @property
    def key(self) -> str:
        """The key of the word."""
        ...


def rows(name: str) -> Iterator[list[str]]:
    """The rows of the table `name`.tsv as lists of cells; lines that begin with # are comment."""
    text = files(__package__).joinpath(f"{name}.tsv").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")


class _Node(Generic[T]):
    """A step of a phrase: the words that may come next, and what a phrase that ends here stands for."""

    __slots__ = ("meaning", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, _Node[T]] = {}
        self.meaning: T | None = None

    def grow(self, words: Sequence[str], meaning: T) -> None:
        node = self
        for word in words:
            node = node.steps.setdefault(word, _Node())
        node.meaning = meaning


class Phrases(Generic[T]):
    """Phrases of one or more words, each with what it stands for; the longest that fits wins."""

    def __init__(self) -> None:
        """An empty set of phrases."""
        self._forward: _Node[T] = _Node()
        self._backward: _Node[T] = _Node()

    def add(self, phrase: str, meaning: T) -> None:
        """Add `phrase`, its words apart by spaces."""
        words = [key(word) for word in phrase.split()]
        self._forward.grow(words, meaning)
        self._backward.grow(words[::-1], meaning)

    def at(self, tokens: Sequence[Keyed], start: int) -> tuple[int, T] | None:
        """The phrase that begins at token `start`: the token after it and its meaning."""
        node, found = self._forward, None
        for at in range(start, len(tokens)):
            step = node.steps.get(tokens[at].key)
            if step is None:
                break
            node = step
            if node.meaning is not None:
                found = at + 1, node.meaning
        return found

    def before(self, tokens: Sequence[Keyed], end: int) -> tuple[int, T] | None:
        """The phrase that ends before token `end`: its first token and its meaning."""
        node, found = self._backward, None
        for at in range(end - 1, -1, -1):
            step = node.steps.get(tokens[at].key)
            if step is None:
                break
            node = step
            if node.meaning is not None:
                found = at, node.meaning
        return found
