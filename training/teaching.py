"""What the teacher says of sentences that nobody labelled: how probable each label is at each word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.names import decoding
from pipeline.names.labels import spans
from pipeline.names.recogniser import Recogniser
from training.corpora import Labelled, Text, labelled, read_texts

SEALED_PAPER = "dh"
"""The paper of the sealed test: no sentence of it is shown. Its words count in the choice of pieces."""
_TOGETHER = 256  # sentences
_SHORTEST, _LONGEST = 4, 120  # words
_SAME = 8
"""Sentences that share so many words in a row are one, retold or cut otherwise."""
_LEAST = -30  # the logarithm of a share
_NAMELESS = 0.05
"""A sentence whose every word is so surely in no name teaches little; one in four of them is enough."""
_NAMELESS_STEP = 4


@dataclass(frozen=True, slots=True)
class Taught:
    """A sentence and the shares of the labels (words, labels) that the teacher gives its words."""

    forms: tuple[str, ...]
    shares: npt.NDArray[np.float16]

    def labelled(self) -> Labelled:
        """The sentence with its likeliest names."""
        with np.errstate(divide="ignore"):
            scores = np.log(self.shares.astype(np.float32))
        (labels,) = decoding.best(np.maximum(scores, _LEAST)[None])
        return Labelled(self.forms, tuple(spans(labels.tolist())))


def unlabelled(data: Path, shown: Sequence[Labelled]) -> list[tuple[str, ...]]:
    """The sentences of the newspaper-days that are neither labelled nor, in part or whole, held out."""
    papers = sorted((data / "text" / "news-2020").glob("*.txt"))
    sealed = [path for path in papers if path.name.startswith(f"{SEALED_PAPER}-")]
    developer = [read_texts(data / "ner" / f"{name}.jsonl") for name in ("news_hi_dev", "news_en_dev")]
    held_out = labelled(chain(*developer, map(_text, sealed)))
    held_runs = {run for one in held_out for run in _runs(one.forms)}
    known = {one.forms for one in shown}
    sentences = (one.forms for one in labelled(_text(path) for path in papers if path not in sealed))
    return [
        forms
        for forms in dict.fromkeys(sentences)
        if _SHORTEST <= len(forms) <= _LONGEST and forms not in known and held_runs.isdisjoint(_runs(forms))
    ]


def _text(path: Path) -> Text:
    return Text(path.stem, path.read_text("utf-8"), ())


def _runs(forms: tuple[str, ...]) -> set[tuple[str, ...]]:
    """The runs of _SAME words; the whole of a shorter sentence."""
    return {forms[first : first + _SAME] for first in range(max(1, len(forms) - _SAME + 1))}


def taught(teacher: Recogniser, sentences: Sequence[tuple[str, ...]]) -> Iterator[Taught]:
    """What the teacher says of each sentence, but for most of those without a name."""
    nameless = 0
    for first in range(0, len(sentences), _TOGETHER):
        some = sentences[first : first + _TOGETHER]
        for forms, shares in zip(some, teacher.shares(some), strict=True):
            if shares[:, 0].min() > 1 - _NAMELESS:
                nameless += 1
                if nameless % _NAMELESS_STEP:
                    continue
            yield Taught(forms, shares.astype(np.float16))
