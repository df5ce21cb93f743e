"""Speed of the recogniser: beside a classifier of the shape of BERT-base, with two processes, and its start.

`python -m benchmarks.names_speed PYTHON [--data DIR]`: PYTHON is an interpreter with torch. Both read the
same sentences, cut in the same pieces, one thread each, in turns; what counts is CPU time, so that a busy
machine disturbs little. Medians are printed.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import numpy as np

from benchmarks.texts import newspaper_days
from pipeline.names import weights
from pipeline.names.pieces import Pieces
from pipeline.names.recogniser import Recogniser, load
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens

_TURNS = 7
_DAYS = 6
_BATCH = 8  # sentences of like length that BERT reads together
_LONGEST = 510  # pieces that it takes at most
_NUMBERS, _REPEATED = 1 << 14, 3000  # floats that stay in a core's cache
_OWN_TEXT = (
    "मुंबई स्थित कंपनी सूर्यकिरण टेक्सटाइल्स ने मंगलवार को बताया कि उसके निदेशक अनिरुद्ध पाठक ने पद छोड़ दिया है।",
    "राज्य सरकार के मुताबिक पुणे और नासिक के बीच नई सड़क पर करीब ढाई हज़ार करोड़ रुपये खर्च होंगे।",
    "Infosys and Wipro said on Friday that they would hire 20,000 engineers in Hyderabad this year.",
    "बैठक के बाद विपक्ष की नेता सुजाता राव ने कहा, 'हमें जवाब चाहिए'।",
)
_BERT = Path(__file__).with_name("bert_base.py")


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("python", help="an interpreter with torch")
    words.add_argument("--data", type=Path, required=True, help="the folder with text/")
    options = words.parse_args()
    texts = newspaper_days(options.data, _DAYS)
    ours, theirs = _side_by_side(texts, options.python)
    print(f"names, whole way, 1 thread: {ours:,.0f} tokens a CPU second; shape of BERT-base: {theirs:,.0f}")
    print(f"ratio {ours / theirs:.1f}")
    print(f"two processes against one, by the clock: {_two_against_one(texts):.2f}")
    print(f"pace: {pace():.1f} tokens to a million exponentials")
    print(f"opened in {_seconds_to_open():.2f} s")
    print(f"memory of a process that found the names of {_DAYS} days: {_memory(options.data):,.0f} MB")


def _side_by_side(texts: Sequence[str], python: str) -> tuple[float, float]:
    """Tokens a CPU second of ours and of theirs, medians over turns."""
    split = [sentences(text) for text in texts]
    recogniser = load()
    batches = list(_batches(texts))
    ours: list[float] = []
    theirs: list[float] = []
    pipe = subprocess.PIPE
    with subprocess.Popen([python, str(_BERT)], stdin=pipe, stdout=pipe, text=True) as bert:
        _answer(bert, batches[0])
        for turn in range(_TURNS):
            text, cut = texts[turn % len(texts)], split[turn % len(texts)]
            words = len(tokens(text))
            began = time.process_time()
            recogniser.names(text, cut)
            ours.append(words / (time.process_time() - began))
            some = batches[turn :: _TURNS * 3]
            size = sum(words for _, words in some)
            theirs.append(size / sum(_answer(bert, one) for one in some))
        assert bert.stdin is not None
        bert.stdin.close()
    return median(ours), median(theirs)


def pace() -> float:
    """How many tokens are read, whole way, while this processor works out a million exponentials.

    Both are timed in turns in CPU time of one thread, so that it says little of the machine.
    """
    text, numbers = " ".join(_OWN_TEXT * 12), np.linspace(-9, 0, _NUMBERS, dtype=np.float32)
    cut, words = sentences(text), len(tokens(text))
    recogniser = load()
    recogniser.names(text, cut)
    ours: list[float] = []
    theirs: list[float] = []
    for _ in range(_TURNS):
        ours.append(_cpu(lambda: recogniser.names(text, cut)) / words)
        theirs.append(
            _cpu(lambda: [np.exp(numbers) for _ in range(_REPEATED)]) / (_REPEATED * _NUMBERS / 1e6)
        )
    return median(theirs) / median(ours)


def _cpu(work: Callable[[], object]) -> float:
    began = time.thread_time()
    work()
    return time.thread_time() - began


def _batches(texts: Sequence[str]) -> Iterator[tuple[list[list[int]], int]]:
    """Sentences of like length as numbers of pieces, and how many words they have."""
    pieces = Pieces(weights.read(weights.SHIPPED).vocabulary)
    cut: list[tuple[list[int], int]] = []
    for text in texts:
        for start, end in sentences(text):
            words = [text[start + a : start + b] for a, b in tokens(text[start:end])]
            numbers = [number for found in pieces.of(words) for number in found]
            if len(numbers) <= _LONGEST:
                cut.append(([101, *numbers, 102], len(words)))
    cut.sort(key=lambda one: len(one[0]))
    for first in range(0, len(cut), _BATCH):
        some = cut[first : first + _BATCH]
        yield [numbers for numbers, _ in some], sum(words for _, words in some)


def _answer(bert: subprocess.Popen[str], batch: tuple[list[list[int]], int]) -> float:
    assert bert.stdin is not None
    assert bert.stdout is not None
    bert.stdin.write(json.dumps(batch[0]) + "\n")
    bert.stdin.flush()
    return float(bert.stdout.readline())


def _two_against_one(texts: Sequence[str]) -> float:
    """How much more two processes do in the same time."""
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        list(pool.map(_all, [texts] * 4))  # so that both have the model
        one = _clock(lambda: list(pool.map(_all, [texts])))
        two = _clock(lambda: list(pool.map(_all, [texts] * 2)))
    return 2 * one / two


def _clock(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _all(texts: Sequence[str]) -> int:
    return sum(len(load().names(text, sentences(text))) for text in texts)


def _seconds_to_open() -> float:
    def once() -> float:
        return _clock(lambda: Recogniser(weights.read(weights.SHIPPED)))

    return median(once() for _ in range(5))


def _memory(data: Path) -> float:
    """The resident memory, in MB, of a fresh process that has found names in newspaper-days."""
    code = (
        "import sys, psutil; from pathlib import Path; from benchmarks import names_speed as speed; "
        "speed._all(speed.newspaper_days(Path(sys.argv[1]), speed._DAYS)); "
        "print(psutil.Process().memory_info().rss)"
    )
    done = subprocess.run([sys.executable, "-c", code, str(data)], capture_output=True, text=True, check=True)
    return int(done.stdout) / 1e6


if __name__ == "__main__":
    main()
