"""Tags of single words: given name, family name, first or later word of companies, head of a name, title."""

from __future__ import annotations

from collections import Counter, defaultdict

from pipeline.names.sounds import skeleton
from pipeline.names.tables import rows
from pipeline.names.words import key

Tags = dict[str, tuple[str, ...]]

_BY_HAND = 3
_LEAST_LETTERS, _LEAST_SOUNDS = 3, 3


def tags(companies: list[list[str]]) -> tuple[Tags, Tags]:
    """The tags by key of word, and by skeleton for what is listed in Latin letters; `companies` are keys."""
    given, family = _people()
    counts = {
        "G": given,
        "N": family,
        "F": Counter(words[0] for words in companies),
        "I": Counter(word for words in companies for word in words[1:]),
    }
    by_word: dict[str, list[str]] = defaultdict(list)
    by_sound: dict[str, set[str]] = defaultdict(set)
    for tag, words in counts.items():
        for word, count in words.items():
            by_word[word].append(tag + _size(count))
            if word.isascii() and len(word) >= _LEAST_LETTERS:
                by_sound[skeleton(word)].add("k" + tag)
    for word, size in english().items():
        if size == "9" and len(word) > _LEAST_LETTERS:
            by_sound[skeleton(word)].add("kE")
    return (
        {word: tuple(found) for word, found in by_word.items()},
        {sound: tuple(sorted(found)) for sound, found in by_sound.items() if len(sound) >= _LEAST_SOUNDS},
    )


def heads() -> Tags:
    """What the heads of names (hc ho hp) and the titles of people (ht) say, by key."""
    found: dict[str, tuple[str, ...]] = {}
    titles = [[word, "title"] for word, _ in rows("honorifics.tsv")]
    for word, role in [*rows("heads.tsv"), *titles]:
        found[key(word)] = (*found.get(key(word), ()), "h" + role[0])
    return found


def english() -> dict[str, str]:
    """The words of English prose, each with a digit for how often it is used."""
    return dict(rows("english_words.tsv.gz"))


def _people() -> tuple[Counter[str], Counter[str]]:
    """How often each word stands first and last in people's names; the words listed by hand count more."""
    given: Counter[str] = Counter()
    family: Counter[str] = Counter()
    for word, first, last in rows("person_words.tsv.gz"):
        given[key(word)] += int(first)
        family[key(word)] += int(last)
    given.update({key(word): _BY_HAND for (word,) in rows("given_names.tsv")})
    family.update({key(word): _BY_HAND for (word,) in rows("surnames.tsv")})
    return +given, +family


def _size(count: int) -> str:
    """How often, in the steps 1, 2, 5 and 20."""
    return "1" if count < 2 else "2" if count < 5 else "5" if count < 20 else "9"
