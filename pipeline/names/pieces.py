"""Words → the numbers of their pieces in the model's vocabulary."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer

FIRST, PAD, UNKNOWN = 0, 1, 3
"""The numbers of the piece before a sentence, of padding, and of what the vocabulary cannot spell."""
_MOST = 12  # pieces of one word that are looked at
_CACHED = 1 << 17


class Pieces:
    """A vocabulary of pieces; words once cut are remembered, up to a bound."""

    def __init__(self, vocabulary: str) -> None:
        """Take the content of a `tokenizer.json`, a Unigram model."""
        self._cut = Tokenizer.from_str(vocabulary)
        self._known: dict[str, tuple[int, ...]] = {}

    def of(self, words: Sequence[str]) -> list[tuple[int, ...]]:
        """The pieces of each word, at least one."""
        known = self._known
        if len(known) + len(words) > _CACHED:
            known = self._known = {}
        return [known.get(word) or known.setdefault(word, self._pieces(word)) for word in words]

    def _pieces(self, word: str) -> tuple[int, ...]:
        return tuple(self._cut.encode(word, add_special_tokens=False).ids[:_MOST]) or (UNKNOWN,)
