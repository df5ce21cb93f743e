"""`make bench`: how fast each step is, on real newspaper-days, in one run on one core.

Each figure is the median of several rounds; machines are noisy, so read the ratios.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from statistics import median

from pipeline import nlp
from pipeline.analysis import analyse_many
from pipeline.article import Story
from pipeline.money.amounts import find_sums
from pipeline.names.recogniser import load as load_recogniser
from pipeline.reading import read
from pipeline.text.devanagari import normalise
from pipeline.text.duplicates import fingerprint
from pipeline.text.language import identify
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens

ROUNDS = 5
DAYS = 40
"""Newspaper-days that are measured; each is some 2,700 tokens, as much as five or six articles."""


def main() -> int:
    """Print the tables; the exit status."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True, help="the folder of the developer sets")
    options = words.parse_args()
    folder = options.data / "text" / "news-2020"
    if not folder.is_dir():
        print(f"no newspaper-days at {folder}; nothing was measured", file=sys.stderr)
        return 1
    stories = [one for one in read([str(folder)]) if isinstance(one, Story)][:DAYS]
    _print_steps(stories, folder)
    _print_start_up()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory of this process: {peak:.0f} MiB")
    return 0


def _print_steps(stories: Sequence[Story], folder: Path) -> None:
    texts = [normalise(story.source_text).text for story in stories]
    split = [sentences(text) for text in texts]
    count = sum(len(tokens(text)) for text in texts)
    recogniser, pipeline = load_recogniser(), nlp.load()
    steps: dict[str, Callable[[], object]] = {
        "reading (all files)": lambda: list(read([str(folder)])),
        "normalising": lambda: [normalise(story.source_text) for story in stories],
        "fingerprint": lambda: list(map(fingerprint, texts)),
        "language": lambda: list(map(identify, texts)),
        "sentences": lambda: list(map(sentences, texts)),
        "tokens": lambda: list(map(tokens, texts)),
        "names": lambda: list(map(recogniser.names, texts, split)),
        "amounts": lambda: list(map(find_sums, texts)),
        "spaCy pipeline, all components": lambda: [pipeline(text) for text in texts],
        "analyse_many, the whole path": lambda: list(analyse_many([story.source_text for story in stories])),
    }
    print(f"{len(stories)} newspaper-days, {count:,} tokens; median of {ROUNDS} rounds\n")
    print(f"{'step':32} {'seconds':>8} {'tokens/s':>12} {'days/s':>8}")
    for name, step in steps.items():
        seconds = _median(step)
        if name.startswith("reading"):
            print(f"{name:32} {seconds:8.3f}")
        else:
            print(f"{name:32} {seconds:8.3f} {count / seconds:12,.0f} {len(stories) / seconds:8.1f}")


def _print_start_up() -> None:
    print(f"\n{'start-up':32} {'seconds':>8}")
    commands = {"khabar --help": ["--help"], "khabar analyse, a short text": ["analyse", "-"]}
    for name, words in commands.items():
        print(f"{name:32} {_median(partial(_khabar, words)):8.3f}")


def _khabar(words: Sequence[str]) -> None:
    text = "तारा टेक ने करीब ₹2.6 करोड़ जुटाए.".encode()
    subprocess.run([sys.executable, "-m", "flows", *words], input=text, stdout=subprocess.DEVNULL, check=True)


def _median(step: Callable[[], object]) -> float:
    return median(_seconds(step) for _ in range(ROUNDS))


def _seconds(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


if __name__ == "__main__":
    sys.exit(main())
