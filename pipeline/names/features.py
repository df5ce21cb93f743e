"""What the recogniser sees of each token: its form, its neighbours, the tables it stands in.

The weights know these features by their names, so a change here means to train again.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from pipeline.names import clusters, lexicon
from pipeline.names.sounds import acronym
from pipeline.names.words import is_devanagari, is_latin, key, shape

_DIGIT = re.compile(r"\d")
_CAPITALISED_HEADLINE = 0.6


PARTS: Final = {0: "own", -1: "before", 1: "after", -2: "far_before", 2: "far_after"}
"""What a word tells of the token in question, by how far behind that token it stands."""


class Word(NamedTuple):
    """One word, its features ready for each place it can take beside the token in question."""

    key: str
    shape: str
    tags: str
    cluster: str
    own: tuple[str, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]
    far_before: tuple[str, ...]
    far_after: tuple[str, ...]


def features(forms: Sequence[str]) -> list[list[str]]:
    """The features of every token of one sentence."""
    words = [word(form) for form in forms]
    found = [[*parts] for parts in shared(forms, words)]
    for place, own in enumerate(found):
        for away, part in PARTS.items():
            if 0 <= place + away < len(words):
                own += getattr(words[place + away], part)
    return found


def shared(forms: Sequence[str], words: Sequence[Word]) -> list[list[str]]:
    """Of the features of every token those that no single word has: of pairs, of the sentence, of tables."""
    found = [_of_pairs(words, place) for place in range(len(words))]
    script = _kind_of_sentence(forms)
    for own, this in zip(found, words, strict=True):
        own.append(f"l={script}{this.shape[:3]}")
    for start, end, kind in lexicon.listed(tuple(forms)):
        _mark_listed(found, start, end, kind)
    return found


@lru_cache(maxsize=1 << 16)
def word(form: str) -> Word:
    """The features of `form`, worked out once."""
    k, s = key(form), shape(form)
    tags = lexicon.load().word_tags(form)
    signature = "".join(tag[:-1] if tag[-1].isdigit() else tag for tag in tags)
    fine, coarse = clusters.of(_DIGIT.sub("0", k))
    near = ["w=" + k, "s=" + s, "x=" + k[-3:], fine, coarse, "t=" + signature, *_spelt(k)]
    far = [k, fine, "t=" + signature]
    return Word(
        k,
        s,
        signature,
        coarse,
        (*_own(form, k, s), *near[3:], *tags),
        tuple("-" + feature for feature in near),
        tuple("+" + feature for feature in near),
        tuple("--" + feature for feature in far),
        tuple("++" + feature for feature in far),
    )


def _own(form: str, k: str, s: str) -> list[str]:
    found = ["b", "w=" + k, "s=" + s, f"n={min(len(k), 9)}"]
    found += [f"p{n}={k[:n]}" for n in (1, 2, 3, 4) if len(k) > n]
    found += [f"x{n}={k[-n:]}" for n in (1, 2, 3, 4) if len(k) > n]
    if is_latin(form):
        found.append("e" + lexicon.load().english.get(k, "0"))
    return found


def _spelt(k: str) -> list[str]:
    letters = acronym(k)
    return [f"a{min(len(letters), 4)}"] if letters else []


def _of_pairs(words: Sequence[Word], i: int) -> list[str]:
    this, last = words[i], len(words) - 1
    before = _with_before(words[i - 1], this) if i else ("first", f"first{this.shape}{this.tags}")
    after = _with_after(this, words[i + 1]) if i < last else ("last",)
    around = (f"<>{words[i - 1].key}|{words[i + 1].key}",) if 0 < i < last else ()
    return [*before, *after, *around]


def _with_before(before: Word, this: Word) -> tuple[str, ...]:
    return (
        f"<{before.key}|{this.key}",
        f"s<{before.shape}|{this.shape}",
        f"t<{before.tags}|{this.tags}",
        f"c<{before.cluster}|{this.cluster}",
        f"k<{before.key}|{this.tags}",
    )


def _with_after(this: Word, after: Word) -> tuple[str, ...]:
    return (
        f">{this.key}|{after.key}",
        f"s>{this.shape}|{after.shape}",
        f"t>{this.tags}|{after.tags}",
        f"c>{this.cluster}|{after.cluster}",
        f"k>{this.tags}|{after.key}",
    )


def _kind_of_sentence(forms: Sequence[str]) -> str:
    """The script of the sentence, and whether most of its Latin words are capitalised."""
    latin = [form for form in forms if is_latin(form)]
    hindi = sum(map(is_devanagari, forms))
    capitals = sum(form[0].isupper() for form in latin)
    capitalised = bool(latin) and capitals / len(latin) > _CAPITALISED_HEADLINE
    return ("h" if hindi * 3 >= len(latin) else "e") + ("T" if capitalised else "t")


def _mark_listed(found: list[list[str]], start: int, end: int, kind: str) -> None:
    for place in range(start, end):
        part = "U" if end - start == 1 else "B" if place == start else "L" if place == end - 1 else "I"
        found[place].append(f"y={part}{kind}")
        if place:
            found[place - 1].append(f"+y={part}{kind}")
        if place + 1 < len(found):
            found[place + 1].append(f"-y={part}{kind}")
