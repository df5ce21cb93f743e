"""Trains the identifier of the languages in Devanagari: letters of words → weights, and writes them.

`python -m training.languages DATA TEXTS` reads DATA/ner (Hindi sentences), the own paragraphs, the own
grammar of the smaller languages, and TEXTS, a table of (language, source, split, text) as
`training.language_texts` collects it from packages; only the split `dev` is read. VarDial is never read.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.text.devanagari import normalise
from pipeline.text.letters import (
    BUCKETS,
    GAIN,
    LANGUAGES,
    WEIGHTS,
    buckets_of,
    devanagari_words,
    write_weights,
)
from pipeline.tsv import rows

PARAGRAPHS = Path(__file__).parents[1] / "benchmarks/paragraphs.tsv"
MOST_HINDI = 10_000  # texts, drawn from all
MADE = 2_500  # sentences made of a grammar
BARE = 6_000  # headlines of Hindi made of its nouns alone, so that these speak for no other language
LENGTHS = (5, 30)  # words of a text to train on
OWN_SHARE = (0.15, 0.6)  # of the words of a made sentence, those that the grammar gives
COMMON = 250  # words of Hindi that are too much its own to stand in another language
EPOCHS = 5
RATE = 0.5  # of AdaGrad
DECAY = 2e-6  # of a weight, each time it is met

Weights = npt.NDArray[np.float32]
Example = tuple[npt.NDArray[np.int64], Weights, int]  # buckets, the share of each, index of the language


def main(data: Path, texts: Path) -> None:
    """Train and write the weights beside the code that reads them."""
    rng = random.Random(17)
    by_language = collected(data, texts)
    nouns = content_words(by_language["hi"])
    by_language["hi"] += [" ".join(rng.choices(nouns, k=rng.randint(*LENGTHS))) for _ in range(BARE)]
    for language in LANGUAGES:
        by_language[language] += list(made_up(language, nouns, rng))
        print(language, len(by_language[language]), "texts")
    write_weights(WEIGHTS, fitted(examples(by_language, rng), rng))


def collected(data: Path, texts: Path) -> dict[str, list[str]]:
    """The texts by language, normalised."""
    found: dict[str, list[str]] = {language: [] for language in LANGUAGES}
    for language, text in [*of_news(data), *of_paragraphs(), *of_packages(texts)]:
        if language in found:
            found[language].append(normalise(text).text)
    rng = random.Random(5)
    found["hi"] = rng.sample(found["hi"], MOST_HINDI)
    return found


def of_news(data: Path) -> Iterator[tuple[str, str]]:
    """Hindi sentences: our labelled news, and those of IL-NER (CC BY 4.0)."""
    for name in ("news_hi_train", "own_news"):
        for line in (data / f"ner/{name}.jsonl").read_text("utf-8").splitlines():
            yield "hi", json.loads(line)["text"]
    for sentence in (data / "ner/il_ner_hi_train.txt").read_text("utf-8").split("\n\n"):
        yield "hi", " ".join(line.split()[0] for line in sentence.splitlines() if line.split())


def of_paragraphs() -> Iterator[tuple[str, str]]:
    """The first, third … of our own paragraphs of each language, often, for there are few."""
    seen: dict[str, int] = {}
    for line in PARAGRAPHS.read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        language, text = line.split("\t")
        seen[language] = seen.get(language, 0) + 1
        if seen[language] % 2:
            yield from [(language, text)] * 4


def of_packages(texts: Path) -> Iterator[tuple[str, str]]:
    """The texts to train on that packages ship."""
    for line in texts.read_text("utf-8").splitlines():
        language, _, split, text = line.split("\t")
        if split == "dev":
            yield language, text


def made_up(language: str, words: list[str], rng: random.Random) -> Iterator[str]:
    """Sentences of the grammar of a language, with words of Hindi news between its small words."""
    table = list(rows("training", "kin_grammar.tsv"))
    grammar = {kind: items.split() for name, kind, items in table if name in (language, "all")}
    if "small" not in grammar:
        return
    for _ in range(MADE):
        own = rng.uniform(*OWN_SHARE)
        yield " ".join(made_word(grammar, words, own, rng) for _ in range(rng.randint(*LENGTHS)))


def made_word(grammar: dict[str, list[str]], words: list[str], own: float, rng: random.Random) -> str:
    """A small word or a verb of the grammar, or a word of Hindi, with an ending where nouns take them."""
    turn = rng.random()
    if turn < 0.65 * own:
        return rng.choice(grammar["small"])
    if turn < own:
        return (rng.choice(grammar["stem"]) + rng.choice(grammar["verb"])).replace("_", " ")
    word = rng.choice(words)
    return word + rng.choice(grammar["noun"]) if "noun" in grammar and rng.random() < 0.6 else word


def content_words(hindi: list[str]) -> list[str]:
    """The words of Hindi texts as often as they stand there, without its commonest."""
    all_words = [word for text in hindi[:6_000] for word in devanagari_words(text)]
    counts: dict[str, int] = {}
    for word in all_words:
        counts[word] = counts.get(word, 0) + 1
    common = set(sorted(counts, key=lambda word: -counts[word])[:COMMON])
    return [word for word in all_words if word not in common]


def examples(by_language: dict[str, list[str]], rng: random.Random) -> list[Example]:
    """Pieces of texts as the buckets of their words, with the index of their language."""
    found = []
    for index, language in enumerate(LANGUAGES):
        for text in by_language[language]:
            words = devanagari_words(text)
            while words:
                size = rng.randint(*LENGTHS)
                piece, words = words[:size], words[size:]
                if len(piece) >= 3:
                    found.append(example(piece, index))
    return found


def example(words: list[str], index: int) -> Example:
    """The buckets of `words` and the share that each has of all."""
    ids, times = np.unique(np.concatenate([buckets_of(word) for word in words]), return_counts=True)
    return ids, (times / times.sum()).astype(np.float32), index


def fitted(pieces: list[Example], rng: random.Random) -> Weights:
    """Weights of a softmax over the mean of the words' scores; every language counts the same in sum."""
    weights = np.zeros((BUCKETS, len(LANGUAGES)), np.float32)
    squares = np.full(BUCKETS, 1e-6, np.float32)
    share = np.array([sum(index == each for *_, index in pieces) for each in range(len(LANGUAGES))])
    cost = (share.mean() / share) ** 0.75
    for epoch in range(EPOCHS):
        rng.shuffle(pieces)
        missed = sum(_step(weights, squares, piece, float(cost[piece[2]])) for piece in pieces)
        print(f"epoch {epoch}: {missed} of {len(pieces)} wrong")
    return weights


def _step(weights: Weights, squares: Weights, piece: Example, cost: float) -> bool:
    """One step of AdaGrad on one text; whether it was wrong before."""
    ids, shares, index = piece
    rows_of = weights[ids]
    scores = GAIN * (shares @ rows_of)
    odds = np.exp(scores - scores.max())
    gradient = odds / odds.sum()
    gradient[index] -= 1
    change = shares[:, None] * (gradient * (cost * GAIN))[None, :] + DECAY * rows_of
    squares[ids] += (change**2).sum(axis=1)
    weights[ids] = rows_of - RATE * change / np.sqrt(squares[ids])[:, None]
    return bool(scores.argmax() != index)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
