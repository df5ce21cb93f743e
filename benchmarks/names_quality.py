"""How well names are found: strict span and type F1 on the held-out sentences, through the public way.

`python -m benchmarks.names_quality [DATA]` prints a table; DATA is the folder with ner/.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypedDict

from pipeline.names.recogniser import Recogniser, load
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences
from training.corpora import (
    Offsets,
    Text,
    il_ner_texts,
    own_split,
    read_marks,
    read_sentences,
    read_texts,
)

HERE = Path(__file__).parent
DATA = HERE.parents[1] / "shared" / "data"


class Score(TypedDict):
    """Precision, recall and F1 from 0 to 1, and how many names the gold has."""

    precision: float
    recall: float
    f1: float
    names: int


def scores(data: Path, recogniser: Recogniser | None = None) -> dict[str, dict[str, Score]]:
    """By set of sentences, then by type and `micro`; COMPANY counts as ORG in `il_ner_dev`."""
    recogniser = recogniser or load()
    return {
        name: _scored(texts, recogniser, name == "il_ner_dev")
        for name, texts in text_sets(data / "ner").items()
    }


def predicted(text: str, recogniser: Recogniser) -> list[Offsets]:
    """The names of a text as (start, end, type) in the text as it was given."""
    normal = normalise(text)
    names = recogniser.names(normal.text, sentences(normal.text))
    return [(*normal.source_span(name.start, name.end), name.type) for name in names]


def text_sets(ner: Path) -> dict[str, list[Text]]:
    """The held-out texts by the name of their set."""
    papers = ner.parent / "text" / "news-2020"
    return {
        "news_hi_dev": read_texts(ner / "news_hi_dev.jsonl"),
        "news_en_dev": read_texts(ner / "news_en_dev.jsonl"),
        "own_dev": own_split(read_texts(ner / "own_news.jsonl"))[1],
        "il_ner_dev": list(il_ner_texts(ner / "il_ner_hi_dev.txt", {})),
        "sealed_2020": list(read_marks(HERE / "sealed_names_2020.tsv", papers)),
        "sealed_own": list(read_sentences(HERE / "sealed_names_own.txt")),
    }


def _scored(texts: Iterable[Text], recogniser: Recogniser, merge: bool) -> dict[str, Score]:
    hit: Counter[str] = Counter()
    made: Counter[str] = Counter()
    gold: Counter[str] = Counter()
    for text in texts:
        found = {_merged(name, merge) for name in predicted(text.source, recogniser)}
        wanted = {_merged(name, merge) for name in text.names}
        for counter, names in ((hit, found & wanted), (made, found), (gold, wanted)):
            counter.update(kind for _, _, kind in names)
    table = {kind: _score(hit[kind], made[kind], gold[kind]) for kind in sorted(gold)}
    return {**table, "micro": _score(hit.total(), made.total(), gold.total())}


def _merged(name: Offsets, merge: bool) -> Offsets:
    start, end, kind = name
    return start, end, "ORG" if merge and kind == "COMPANY" else kind


def _score(hit: int, made: int, gold: int) -> Score:
    return Score(
        precision=hit / made if made else 0.0,
        recall=hit / gold if gold else 0.0,
        f1=2 * hit / (made + gold) if made + gold else 0.0,
        names=gold,
    )


def report(data: Path) -> dict[str, float]:
    """Print the table; the F1 of every set and type by a name like `names.news_hi_dev.PERSON`."""
    table = scores(data)
    show(table)
    return {
        f"names.{name}.{kind}": score["f1"] for name, kinds in table.items() for kind, score in kinds.items()
    }


def show(table: dict[str, dict[str, Score]]) -> None:
    """Print one line for each set and type."""
    for name, kinds in table.items():
        for kind, score in kinds.items():
            print(
                f"{name:12} {kind:8} P {score['precision']:.3f}  R {score['recall']:.3f}  "
                f"F1 {score['f1']:.3f}  ({score['names']} names)"
            )


if __name__ == "__main__":
    report(Path(sys.argv[1]) if len(sys.argv) > 1 else DATA)
