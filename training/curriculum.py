"""What the network is shown: the corpora of an epoch, and the sentences that are never shown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from random import Random

from pipeline.names.pieces import Pieces
from pipeline.text.devanagari import normalise
from pipeline.text.tokens import tokens
from training.corpora import (
    Labelled,
    il_ner_texts,
    labelled,
    multiconer_texts,
    organisation_types,
    own_split,
    patched,
    read_marks,
    read_sentences,
    read_texts,
    wnut_texts,
)
from training.examples import Example, example, taught_example
from training.replacement import replaced
from training.teaching import SEALED_PAPER, Taught
from training.variety import varied

HERE = Path(__file__).parent
_RENAMED = 0.35
"""The share of the sentences with people or companies of which a copy with other names is shown."""
_IL_WEIGHT = 0.5


class Curriculum:
    """The labelled sentences, by corpus, and the examples of each epoch."""

    def __init__(self, data: Path, pieces: Pieces) -> None:
        """Read all that may be shown from `data`, the folder with ner/ and text/."""
        ner, papers = data / "ner", data / "text" / "news-2020"
        self._pieces = pieces
        sealed = "\n".join(path.read_text("utf-8") for path in papers.glob(f"{SEALED_PAPER}-*.txt"))
        hindi = [text for text in read_texts(ner / "news_hi_train.jsonl") if text.source not in sealed]
        own, _ = own_split(read_texts(ner / "own_news.jsonl"))
        written = [read_sentences(path) for path in sorted((HERE / "labels").glob("own_*.txt"))]
        english = read_texts(ner / "news_en_train.jsonl")
        marks = read_marks(HERE / "labels" / "news_2020.tsv", papers)
        texts = [*hindi, *marks, *own, *english, *(text for some in written for text in some)]
        self.news = list(labelled(patched(texts)))
        self.il = list(labelled(il_ner_texts(ner / "il_ner_hi_train.txt", organisation_types(ner))))
        self.multiconer = list(labelled(multiconer_texts(ner / "multiconer2_hi-train.conll")))
        self.wnut = list(labelled(wnut_texts(ner / "wnut17_wnut17train.conll")))

    def epoch(self, number: int) -> list[Example]:
        """The examples of an epoch; copies, dress and nameless sentences change from one to another."""
        random = Random(number)
        copies = replaced(self.news, _RENAMED, seed=number)
        news = self._examples(varied([*self.news, *copies], random), ("news",))
        il = self._examples(_some(self.il, number, nameless=4), ("news", "il"), _IL_WEIGHT)
        multiconer = self._examples(_some(self.multiconer, number, named=4, nameless=8), ("multiconer",))
        wnut = self._examples(_some(self.wnut, number, named=2, nameless=8), ("wnut",))
        return [*news, *il, *multiconer, *wnut]

    def taught(self, sentences: Iterable[Taught]) -> list[Example]:
        """The examples that sentences make whose labels are a teacher's."""
        return [taught_example(one, self._pieces) for one in sentences]

    def _examples(
        self, sentences: Iterable[Labelled], heads: Sequence[str], weight: float = 1.0
    ) -> list[Example]:
        return [example(one, heads, self._pieces, weight) for one in sentences if one.forms]


def _some(sentences: Sequence[Labelled], number: int, *, named: int = 1, nameless: int = 1) -> list[Labelled]:
    """Every `named`-th sentence with a name and every `nameless`-th without, others in each epoch."""
    return [
        one
        for place, one in enumerate(sentences)
        if (place + number) % (named if one.spans else nameless) == 0
    ]


def words_of(data: Path) -> set[str]:
    """The words that the vocabulary has to spell well: those of the corpora, names and companies at hand."""
    found: set[str] = set()
    for folder in ("text/news-2020", "ner", "names", "companies"):
        for path in sorted((data / folder).iterdir()):
            text = normalise(path.read_text("utf-8", errors="ignore")).text
            found.update(text[start:end] for start, end in tokens(text))
    return {word for word in found if len(word) <= 40}
