"""How fast the index of stored stories is, and how large: `python -m benchmarks.duplicates_speed [STORIES]`.

The stories are made up: words by a Zipf law, turns of phrase that many share, and one in seven a bulletin
of one of a few hundred forms. So a new story is compared with more stored ones than a real one is: those
of five real newspapers (3,536 pieces of 80 words or more, spring 2020) with 6.1 on average.
Seconds are of the processor, on one core: the machine may have other work.
"""

from __future__ import annotations

import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.duplicates_quality import labelled
from pipeline.similar import SCHEMA, Similar, Telling, closest
from pipeline.text.likeness import likeness
from pipeline.text.outline import Codes, landmarks, outline

STORIES = 1_000_000
BATCH, FILLING = 500, 5_000
LOOK_UPS = 5_000
VOCABULARY, PHRASES, FORMS = 60_000, 40_000, 400

Dice = np.random.Generator
Words = npt.NDArray[np.int64]


class Newsroom:
    """Makes stories up, as outlines."""

    def __init__(self, seed: int) -> None:
        """The same stories for the same seed."""
        self._dice = np.random.default_rng(seed)
        law = 1 / np.arange(3, VOCABULARY + 3)
        self._law = np.cumsum(law / law.sum())
        self._codes = self._dice.integers(0, 1 << 14, VOCABULARY).astype("<u2")
        self._phrases = [self._words(int(size)) for size in self._dice.integers(6, 12, PHRASES)]
        self._forms = [self._words(int(size)) for size in self._dice.integers(90, 160, FORMS)]

    def stories(self) -> Iterator[bytes]:
        """Stories without end."""
        while True:
            yield (self._bulletin() if self._dice.random() < 1 / 7 else self._story()).tobytes()

    def copy(self, words: bytes) -> bytes:
        """A copy of a story: cut, under another headline."""
        kept = np.frombuffer(words, "<u2")
        return np.concatenate([self._words(8), kept[8 : len(kept) * 3 // 4]]).tobytes()

    def _words(self, size: int) -> Codes:
        return self._codes[np.searchsorted(self._law, self._dice.random(size))]

    def _story(self) -> Codes:
        size = int(np.clip(self._dice.lognormal(5.3, 0.5), 60, 1500))
        pieces = [self._words(40) for _ in range(size // 40)]
        rare = self._dice.random(len(pieces)) ** 3
        return np.concatenate(
            [
                part
                for piece, place in zip(pieces, rare, strict=True)
                for part in (piece, self._phrases[int(place * PHRASES)])
            ]
        )

    def _bulletin(self) -> Codes:
        words = self._forms[self._dice.integers(FORMS)].copy()
        changed = self._dice.random(len(words)) < 0.2
        words[changed] = self._words(int(changed.sum()))
        return words


def main() -> None:
    """Fill an index and print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else STORIES
    _print_outlines()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "index.sqlite"
        database = sqlite3.connect(path, isolation_level=None)
        database.executescript(SCHEMA)
        _print_index(database, path, count)


def _print_outlines() -> None:
    texts = [pair.second for pair in labelled()]
    outline.cache_clear()
    unique = list(dict.fromkeys(texts))
    _rate("outlines made of texts of 140 words", len(unique), lambda: [outline(text) for text in unique])
    outlines = [outline(text) for text in unique]
    _rate("landmarks of them", len(unique), lambda: [landmarks(words) for words in outlines])
    pairs = [(outline(pair.first), outline(pair.second)) for pair in labelled()]
    _rate("pairs compared", len(pairs), lambda: [likeness(*pair) for pair in pairs])


def _print_index(database: sqlite3.Connection, path: Path, count: int) -> None:
    index, newsroom = Similar(database), Newsroom(1)
    stories = newsroom.stories()
    some: list[bytes] = []
    database.execute("PRAGMA synchronous = OFF")  # to fill it soon; what is measured is as in a run
    for start in range(0, count, FILLING):
        batch = [next(stories) for _ in range(min(FILLING, count - start))]
        some += batch[:: max(1, count // LOOK_UPS)]
        _store(database, index, start, batch)
    database.execute("PRAGMA synchronous = FULL")
    batch = [next(stories) for _ in range(BATCH)]
    _rate(f"stored beside {count:,}", BATCH, lambda: _store(database, index, count, batch))
    print(f"{path.stat().st_size / count:12,.0f} bytes a story on disk")
    new = [next(stories) for _ in range(LOOK_UPS)]
    copies = [newsroom.copy(words) for words in some[:LOOK_UPS]]
    _rate("look-ups of new stories", len(new), lambda: [closest([index], words) for words in new])
    near = sum(len(closest([index], words)) for words in new) / len(new)
    print(f"{near:12.1f} stored stories are compared with a new one")
    _rate("look-ups of copies", len(copies), lambda: [closest([index], words) for words in copies])
    _rate("the same, and compared", len(copies), lambda: [_compared(index, words) for words in copies])
    hits = sum(max(_compared(index, words), default=0) > 0 for words in copies)
    print(f"{hits / len(copies):12.3f} of the copies are found")
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12,.0f} MiB of memory at most")


def _store(database: sqlite3.Connection, index: Similar, start: int, batch: list[bytes]) -> None:
    database.execute("BEGIN IMMEDIATE")
    index.add(
        Telling(f"{start + place:016x}", start + place, None, words) for place, words in enumerate(batch)
    )
    database.execute("COMMIT")


def _compared(index: Similar, words: bytes) -> list[float]:
    return [likeness(words, one.words) for one in closest([index], words)]


def _rate(what: str, count: int, work: Callable[[], object]) -> None:
    print(f"{count / _seconds(work):12,.0f} a second: {what}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
