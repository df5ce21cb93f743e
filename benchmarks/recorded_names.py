"""The names model recorded once and replayed by sentence, for measuring what is around it.

A config that KHABAR_NLP names puts the replay in the place of the model, as it may put any finder there;
spaCy knows of it in every process whose main module imports this one, so in workers too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from spacy.util import registry

from pipeline.names.recogniser import Name
from pipeline.names.recogniser import load as load_recogniser
from pipeline.nlp import NameFinder

TOGETHER: Final = 200
"""Sentences that the model is given at once."""

_CONFIG: Final = """[components.names.finder]
@misc = "khabar.recorded_names.v1"
recording = {recording}
"""


class RecordedNames:
    """Finds what the model found when it saw each sentence alone; nothing in sentences it never saw."""

    def __init__(self, found: dict[str, list[Name]]) -> None:
        """By sentence: its names, with offsets in it."""
        self._found = found

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names in the sentences of a text, in order."""
        return [
            Name(start + name.start, start + name.end, name.type, name.score)
            for start, end in sentences
            for name in self._found.get(text[start:end], ())
        ]


@registry.misc("khabar.recorded_names.v1")  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
def recorded_names(recording: str) -> NameFinder:
    """The names in a file that `record` wrote."""
    rows = map(json.loads, Path(recording).read_text("utf-8").splitlines())
    return RecordedNames({sentence: [Name(*name) for name in names] for sentence, names in rows})


def record(sentences: Iterable[str], recording: Path) -> None:
    """Let the model find the names of each sentence, and write them down."""
    model, listed = load_recogniser(), list(sentences)
    with recording.open("w", encoding="utf-8") as file:
        for start in range(0, len(listed), TOGETHER):
            for sentence in listed[start : start + TOGETHER]:
                names = model.names(sentence, [(0, len(sentence))])
                found = [(name.start, name.end, name.type, name.score) for name in names]
                file.write(json.dumps([sentence, found], ensure_ascii=False) + "\n")


def config(shipped: Path, recording: Path) -> str:
    """The config that ships, with the recording in the place of the model."""
    replay = _CONFIG.format(recording=json.dumps(str(recording)))
    return shipped.read_text("utf-8").replace("[components.amounts]", f"{replay}\n[components.amounts]")
