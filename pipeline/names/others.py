"""Recognisers of others in the place of ours, for users who have them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from pipeline.article import MentionType
from pipeline.names.recogniser import Name

Types = Mapping[str, MentionType]
"""Our type for each of their labels."""


class _Span(Protocol):
    @property
    def start_char(self) -> int: ...
    @property
    def end_char(self) -> int: ...
    @property
    def label_(self) -> str: ...


class _Doc(Protocol):
    @property
    def ents(self) -> Iterable[_Span]: ...


class SpacyNames:
    """The entities of a spaCy model."""

    def __init__(self, read: Callable[[str], _Doc], types: Types) -> None:
        """`read` is the loaded model."""
        self._read, self._types = read, types

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names that the model finds, each sentence read by itself; they carry no score but 1."""
        return [
            Name(start + span.start_char, start + span.end_char, self._types[span.label_], 1.0)
            for start, end in sentences
            for span in self._read(text[start:end]).ents
            if span.label_ in self._types
        ]


class TransformersNames:
    """The groups that a token-classification pipeline of `transformers` gives."""

    def __init__(self, read: Callable[[str], Iterable[Mapping[str, object]]], types: Types) -> None:
        """`read` is the pipeline, with an aggregation strategy."""
        self._read, self._types = read, types

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names that the model finds, each sentence read by itself."""
        return [
            Name(
                start + int(str(group["start"])),
                start + int(str(group["end"])),
                self._types[str(group["entity_group"])],
                float(str(group["score"])),
            )
            for start, end in sentences
            for group in self._read(text[start:end])
            if group["entity_group"] in self._types
        ]
