"""Makes pipeline/names/clusters.tsv.gz: `python -m training.word_clusters --data DIR`, a minute on two cores.

Words are counted with their neighbours, the counts weighed by mutual information, reduced by a random
projection (seeded) and clustered twice. The table ships, for another linear algebra may round otherwise.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pipeline.names.words import key
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens
from training.corpora import read_columns, read_texts
from training.tables import write

Matrix = NDArray[np.float32]
LEAST_COUNT = 3
NEIGHBOURS = 3000
DIMENSIONS = 128
FINE, COARSE = 512, 64
_PLACES = (-1, 1, -2, 2)
_DIGIT = re.compile(r"\d")


def main() -> None:
    """Count, reduce, cluster, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with text/, ner/ and companies/")
    said = [
        [_DIGIT.sub("0", key(text[start:end])) for start, end in tokens(text)]
        for text in different_sentences(parser.parse_args().data)
    ]
    counts = Counter(word for words in said for word in words)
    words = [word for word, count in counts.most_common() if count >= LEAST_COUNT]
    vectors = reduced(information(neighbours(said, words)))
    fine, coarse = clustered(vectors, FINE), clustered(vectors, COARSE)
    table = sorted(f"{word}\t{f}\t{c}" for word, f, c in zip(words, fine, coarse, strict=True))
    write("clusters.tsv.gz", "Keys of words, fine and coarse cluster. Learned from the texts that "
          "weights/README.md names; holds none of them.", table)  # fmt: skip


def different_sentences(data: Path) -> list[str]:
    """Every different sentence to learn from, in order."""
    return list(dict.fromkeys(text[s:e] for text in map(_normal, _sources(data)) for s, e in sentences(text)))


def _normal(text: str) -> str:
    return normalise(text).text


def _sources(data: Path) -> Iterator[str]:
    for path in sorted((data / "text" / "news-2020").glob("*.txt")):
        yield path.read_text(encoding="utf-8")
    for name in ("news_hi_train", "news_en_train", "own_news"):
        yield from (text.source for text in read_texts(data / "ner" / f"{name}.jsonl"))
    with (data / "companies" / "financedatabase_NSE.csv").open(encoding="utf-8", newline="") as file:
        yield from (row["summary"] for row in csv.DictReader(file))
    for name in ("il_ner_hi_train.txt", "multiconer2_hi-train.conll", "wnut17_wnut17train.conll"):
        yield from (" ".join(words) for words, _ in read_columns(data / "ner" / name))


def neighbours(said: list[list[str]], words: list[str]) -> Matrix:
    """How often each of `words` has each frequent word, another word or an end at each place beside it."""
    place_of = {word: i for i, word in enumerate(words)}
    width = NEIGHBOURS + 2
    rows: list[int] = []
    columns: list[int] = []
    for sentence in said:
        ids = [-2, *(place_of.get(word, -1) for word in sentence), -2]
        for i, this in enumerate(ids):
            if this < 0:
                continue
            for block, step in enumerate(_PLACES):
                if 0 <= i + step < len(ids) and (beside := ids[i + step]) < NEIGHBOURS:
                    rows.append(this)
                    columns.append(block * width + (beside if beside >= 0 else NEIGHBOURS - 1 - beside))
    counts = np.zeros((len(words), len(_PLACES) * width), dtype=np.float32)
    np.add.at(counts, (np.array(rows), np.array(columns)), 1)
    return counts


def information(counts: Matrix) -> Matrix:
    """Positive pointwise mutual information, the neighbours smoothed by the power 0.75."""
    beside = counts.sum(axis=0, keepdims=True) ** 0.75
    expected = counts.sum(axis=1, keepdims=True) * (beside / beside.sum())
    ratio = np.divide(counts, expected, out=np.ones_like(counts), where=counts > 0)
    positive: Matrix = np.maximum(np.log(ratio), 0)
    return positive


def reduced(matrix: Matrix) -> Matrix:
    """Unit row vectors of DIMENSIONS: a truncated singular value decomposition by subspace iteration."""
    random = np.random.default_rng(0)
    basis = matrix @ random.standard_normal((matrix.shape[1], DIMENSIONS + 20), dtype=np.float32)
    for _ in range(3):
        basis = matrix @ (matrix.T @ np.linalg.qr(basis)[0])
    basis = np.linalg.qr(basis)[0]
    left, values, _ = np.linalg.svd(basis.T @ matrix, full_matrices=False)
    vectors: Matrix = (basis @ left)[:, :DIMENSIONS] * np.sqrt(values[:DIMENSIONS])
    return _unit(vectors)


def clustered(vectors: Matrix, number: int, rounds: int = 25) -> NDArray[np.intp]:
    """The cluster of each row by spherical k-means, begun at the most frequent words."""
    centres = vectors[:number].copy()
    nearest = np.zeros(len(vectors), dtype=np.intp)
    for _ in range(rounds):
        nearest = np.argmax(vectors @ centres.T, axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, vectors)
        filled = np.bincount(nearest, minlength=number) > 0
        centres[filled] = _unit(sums[filled])
    return nearest


def _unit(vectors: Matrix) -> Matrix:
    lengths: Matrix = np.linalg.norm(vectors, axis=1, keepdims=True)
    unit: Matrix = vectors / (lengths + 1e-9)
    return unit


if __name__ == "__main__":
    main()
