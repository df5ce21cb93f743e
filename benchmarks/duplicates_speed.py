"""How fast the index of stored stories is, and how large: `python -m benchmarks.duplicates_speed [STORIES]`.

The stories are made up: words by a Zipf law, turns of phrase that many share, and one in seven a bulletin
of one of a few hundred forms. So a new story is compared with more stored ones than a real one is: those
of five real newspapers (3,536 pieces of 80 words or more, spring 2020) with 6.1 on average.
A look-up begins with the outline of a story and ends with the outlines of the stored stories that it may
repeat; then it is compared with them. Seconds are of the processor, on one core: the machine may have
other work.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from benchmarks.duplicates_quality import labelled
from pipeline.database import Database, sqlite
from pipeline.similar import SCHEMA, Similar, Telling, closest
from pipeline.text.likeness import likeness, likenesses
from pipeline.text.outline import Codes, landmarks, outline

STORIES = 1_000_000
BATCH, FILLING = 500, 20_000
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
        pieces = self._words(40 * (size // 40)).reshape(-1, 40)
        phrases = (self._dice.random(len(pieces)) ** 3 * PHRASES).astype(int).tolist()
        told = [
            part for piece, at in zip(pieces, phrases, strict=True) for part in (piece, self._phrases[at])
        ]
        return np.concatenate(told)

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
        database = sqlite(path)
        for statement in SCHEMA.split(";"):
            database.execute(statement)
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


def _print_index(database: Database, path: Path, count: int) -> None:
    index, newsroom = Similar(database), Newsroom(1)
    stories = newsroom.stories()
    some: list[tuple[str, bytes]] = []
    began = time.process_time()
    database.execute("PRAGMA synchronous = OFF")  # to fill it soon; what is measured is as in a run
    for start in range(0, count, FILLING):
        batch = [next(stories) for _ in range(min(FILLING, count - start))]
        some += [
            (_name(start + place), batch[place]) for place in range(0, len(batch), max(1, count // LOOK_UPS))
        ]
        _store(database, index, start, batch)
    database.execute("PRAGMA synchronous = FULL")
    print(f"{time.process_time() - began:12,.0f} seconds to make up and store {count:,} stories")
    batch = [next(stories) for _ in range(BATCH)]
    _rate(f"stored beside {count:,}", BATCH, lambda: _store(database, index, count, batch))
    print(f"{path.stat().st_size / count:12,.0f} bytes a story on disk")
    new = [next(stories) for _ in range(LOOK_UPS)]
    near = sum(len(closest([index], words)) for words in new) / len(new)
    print(f"{near:12.1f} stored stories are found for a new one, and compared with it")
    _rate("look-ups of new stories", len(new), lambda: [closest([index], words) for words in new])
    _rate("the same, and compared", len(new), lambda: [_compared(index, words) for words in new])
    _print_copies(index, [(name, newsroom.copy(words)) for name, words in some[:LOOK_UPS]])
    print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:12,.0f} MiB of memory at most")


def _print_copies(index: Similar, copies: Sequence[tuple[str, bytes]]) -> None:
    """Of copies, each with the name of its original."""
    _rate("look-ups of copies", len(copies), lambda: [closest([index], words) for _, words in copies])
    _rate("the same, and compared", len(copies), lambda: [_compared(index, words) for _, words in copies])
    hits = sum(any(one.article_id == name for one in closest([index], words)) for name, words in copies)
    print(f"{hits / len(copies):12.4f} of the copies find their original")
    told = sum(max(_compared(index, words), default=0) > 0 for _, words in copies)
    print(f"{told / len(copies):12.4f} are then told for copies: made-up words look like changes more often")


def _store(database: Database, index: Similar, start: int, batch: list[bytes]) -> None:
    database.execute("BEGIN IMMEDIATE")
    index.add(Telling(_name(start + place), start + place, None, words) for place, words in enumerate(batch))
    database.execute("COMMIT")


def _name(number: int) -> str:
    return f"{number:016x}"


def _compared(index: Similar, words: bytes) -> list[float]:
    return likenesses(words, [one.words for one in closest([index], words)])


def _rate(what: str, count: int, work: Callable[[], object]) -> None:
    print(f"{count / _seconds(work):12,.0f} a second: {what}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
