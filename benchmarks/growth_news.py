"""Articles made up for measuring growth: real sentences of newspapers, put together anew.

They come in the order of their days, DAILY a day, a file each; the same seed makes the same articles.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from pipeline.article import Story
from pipeline.reading import read
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences

DAILY: Final = 1_000
OF_ARTICLE: Final = 8
_FIRST: Final = dt.date(2025, 1, 1)
_WORDS: Final = range(5, 41)
_SEED: Final = 20261122


def real_sentences(data: Path) -> list[str]:
    """The distinct sentences of the newspaper-days below `data` that are neither very short nor very long.

    FileNotFoundError where there are none.
    """
    folder = data / "text" / "news-2020"
    if not folder.is_dir():
        raise FileNotFoundError(f"no newspaper-days at {folder}; nothing was measured")
    texts = [normalise(one.source_text).text for one in read([str(folder)]) if isinstance(one, Story)]
    every = {text[start:end].strip() for text in texts for start, end in sentences(text)}
    return sorted(one for one in every if len(one.split()) in _WORDS and "\n" not in one)


def write_articles(folder: Path, numbers: range, pool: Sequence[str]) -> None:
    """The articles with these numbers as files of the record form, a folder for each day."""
    for number in numbers:
        dice = random.Random(_SEED + number)
        day = _FIRST + dt.timedelta(days=number // DAILY)
        path = folder / day.isoformat() / f"{number:07}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f" date {day} " + "\n".join(dice.sample(pool, OF_ARTICLE)), "utf-8")
