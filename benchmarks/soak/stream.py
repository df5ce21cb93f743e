"""The stories of the soak: a stream that can be made again, with copies, newer versions and refusals.

Each story tells of one firm and one sum, and its title says how much the sum is, so that a reader can
tell from the rows of a story alone whether they are right.
"""

from __future__ import annotations

import datetime as dt
import json
import random
from collections.abc import Iterator
from pathlib import Path

STORIES = 20
"""In a round; one more row has no text and is refused."""
FIRM = "तारा टेक"
FIRST_DAY = dt.date(2025, 12, 20)
DAYS = 3
_COPIES, _VERSIONS = 0.05, 0.1  # of the stories
_LENGTH = 40  # words around the sentence that counts

_TEXT = """
कंपनी शहर बाजार किसान सड़क नदी सरकार योजना गांव मकान पानी बिजली दुकान व्यापार सौदा निवेश कारखाना मजदूर
महिला युवा छात्र स्कूल अस्पताल डॉक्टर दवा मौसम बारिश फसल गेहूं चावल सब्जी फल दूध मंडी भाव तेल गैस रेल
बस गाड़ी यात्री टिकट पुल इमारत जमीन पेड़ जंगल पहाड़ समुद्र नाव मछली कपड़ा धागा मिल सोना चांदी बैंक कर्ज
ब्याज बचत बीमा किराया वेतन नौकरी भर्ती परीक्षा नतीजा खेल मैदान टीम जीत हार मुकाबला पुरस्कार समारोह
त्योहार मेला संगीत फिल्म कलाकार किताब लेखक अखबार खबर चुनाव मतदान नेता भाषण सभा विरोध मांग फैसला अदालत
"""
_WORDS = _TEXT.split()
_VERBS = ["बढ़ा है", "घट गया है", "शुरू हुआ है", "बंद रहा", "खुल गया है", "मिल गया है", "टल गया है", "पूरा हुआ है"]


def write_round(folder: Path, number: int) -> Path:
    """The file of JSON lines with the stories of a round, written if it is not there; its path."""
    path = folder / f"{number:05}.jsonl"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        rows = [*_stories(number), {"title": "", "text": "", "url": f"https://soak.example/empty/{number}"}]
        path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def _stories(number: int) -> Iterator[dict[str, str]]:
    chance = random.Random(number)
    for at in range(STORIES):
        key = number * STORIES + at
        draw = chance.random()
        older = chance.randrange(max(key - 10 * STORIES, 0), max(key, 1))
        if draw < _COPIES and older < key:
            yield {**_story(older), "url": f"https://copy.example/{key}"}
        elif draw < _COPIES + _VERSIONS and older < key:
            yield _story(older, version=key)
        else:
            yield _story(key)


def _story(key: int, version: int = 0) -> dict[str, str]:
    chance = random.Random(-1 - key)
    before, after = _sentences(chance), _sentences(chance)
    day = FIRST_DAY + dt.timedelta(chance.randrange(DAYS))
    more = " ".join(_sentences(random.Random(version))[:1]) if version else ""
    return {
        "url": f"https://soak.example/{key}",
        "title": f"खबर {key + version + 1}",
        "date": f"{day}T{10 if version else 6}:{version % 60:02}:00+05:30",
        "text": " ".join([*before, f"{FIRM} ने {key + version + 1} करोड़ रुपये जुटाए।", *after, more]).strip(),
    }


def _sentences(chance: random.Random) -> list[str]:
    words = chance.choices(_WORDS, k=_LENGTH)
    return [
        f"{' '.join(words[at : at + 5])} का {chance.choice(_WORDS)} {chance.choice(_VERBS)}।"
        for at in range(0, _LENGTH, 5)
    ]
