"""How well languages are told apart: paragraphs of our own, of packages, and the sentences of VarDial 2018.

`python -m benchmarks.language_quality --data DATA [--texts TEXTS]` prints a table; DATA is the folder with
suites/ and ner/, TEXTS a table as `training.language_texts` writes it, of which the split `test` counts.
VarDial has single sentences, from 1 to 100 words, of Hindi, Bhojpuri, Awadhi, Braj and Magahi from literature
and news; nothing is trained on them. Long texts are twenty of its sentences put together.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.text.devanagari import normalise
from pipeline.text.language import identify
from training.languages import PARAGRAPHS

SHORT = range(5, 11)  # words
TOGETHER = 20  # sentences of a long text
KIN = {"HIN": "hi", "BHO": "bho", "AWA": "awa", "BRA": "bra", "MAG": "mag"}
MAIN = ("hi", "en", "mr", "ne")


class Labelled(NamedTuple):
    """A text and the code of its language."""

    language: str
    text: str


def right(texts: Iterable[Labelled]) -> dict[str, Counter[str]]:
    """By language, how often each code was answered."""
    answers: dict[str, Counter[str]] = {}
    for language, text in texts:
        answers.setdefault(language, Counter())[identify(normalise(text).text).code] += 1
    return answers


def own_paragraphs() -> Iterator[Labelled]:
    """The held-out half of our own paragraphs: the second, fourth … of each language."""
    seen: Counter[str] = Counter()
    for line in PARAGRAPHS.read_text("utf-8").splitlines():
        language, _, text = line.partition("\t")
        seen[language] += 1
        if not line.startswith("#") and seen[language] % 2 == 0:
            yield Labelled(language.removesuffix("-Latn"), text)


def package_texts(table: Path, *, short: bool) -> Iterator[Labelled]:
    """The held-out texts of packages: of 5 to 10 words, or longer."""
    for line in table.read_text("utf-8").splitlines():
        language, _, split, text = line.split("\t")
        if split == "test" and (len(text.split()) in SHORT) == short:
            yield Labelled(language, text)


def vardial(data: Path, together: int = 1) -> Iterator[Labelled]:
    """The sentences of VarDial, or texts of so many of one language."""
    lines = (data / "suites/vardial2018_ili_dev.tsv").read_text("utf-8").splitlines()
    for label, code in KIN.items():
        sentences = [text for text, _, own in (line.partition("\t") for line in lines) if own == label]
        for start in range(0, len(sentences) - together + 1, together):
            yield Labelled(code, "\n".join(sentences[start : start + together]))


def hindi_news(data: Path) -> Iterator[Labelled]:
    """Newspapers and sentences of news, none of which may be refused."""
    for paper in sorted((data / "text/news-2020").glob("*.txt")):
        yield Labelled("hi", paper.read_text("utf-8"))
    for name in ("news_hi_train", "news_hi_dev"):
        for line in (data / f"ner/{name}.jsonl").read_text("utf-8").splitlines():
            yield Labelled("hi", json.loads(line)["text"])


def report(title: str, texts: Iterable[Labelled]) -> None:
    """Print how many texts of each language were told rightly, and what the others were taken for."""
    answers = right(texts)
    print(f"\n{title}")
    for language, codes in answers.items():
        wrong = ", ".join(f"{code} {count}" for code, count in codes.most_common() if code != language)
        share = codes[language] / codes.total()
        print(f"  {language:4} {codes[language]:6} of {codes.total():6} {share:8.4f}  {wrong}")
    good = sum(answers[each][each] for each in MAIN if each in answers)
    every = sum(answers[each].total() for each in MAIN if each in answers)
    print(f"  hi en mr ne together {good} of {every} {good / max(1, every):.4f}")


def main() -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[2] / "shared/data")
    parser.add_argument("--texts", type=Path)
    given = parser.parse_args()
    report("own paragraphs, held out", own_paragraphs())
    if given.texts:
        report("texts of packages of 11 words and more, held out", package_texts(given.texts, short=False))
        report("texts of packages of 5 to 10 words, held out", package_texts(given.texts, short=True))
    report("VarDial 2018, single sentences", vardial(given.data))
    report(f"VarDial 2018, {TOGETHER} sentences together", vardial(given.data, TOGETHER))
    report("Hindi newspapers and sentences of news", hindi_news(given.data))


if __name__ == "__main__":
    main()
