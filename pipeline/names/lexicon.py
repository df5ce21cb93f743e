"""What the tables know of a word or a run of words: names of people, companies, organisations, places.

A Devanagari word also answers to what is listed in Latin letters, by its sound and its letter names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from pipeline.names.sounds import acronym, skeleton
from pipeline.names.tables import rows
from pipeline.names.word_tags import Tags, english, heads, tags
from pipeline.names.words import is_devanagari, is_latin, key
from pipeline.text.tokens import tokens

Phrases = dict[str, dict[tuple[str, ...], str]]
"""Listed names by their first word: the whole name as keys, and its kind."""

_LISTS = {
    "companies.tsv": "K",
    "organisations.tsv": "O",
    "places.tsv": "T",
    "world_places.tsv.gz": "W",
    "towns.tsv.gz": "T",
    "listed_companies.tsv.gz": "C",
}
_COMPANIES, _PLACES = "KC", ("T", "W")
_LONGEST = 6
_LEAST_SOUND = 4
_ACRONYM = re.compile(r"[A-Z]{2,6}")


@dataclass(slots=True)
class Lexicon:
    """The tables as the features need them: tags by word or sound, kinds by phrase."""

    tags: Tags = field(default_factory=dict)
    sound_tags: Tags = field(default_factory=dict)
    phrases: Phrases = field(default_factory=lambda: defaultdict(dict))
    sound_phrases: Phrases = field(default_factory=lambda: defaultdict(dict))
    acronyms: dict[str, str] = field(default_factory=dict)
    capitals: set[str] = field(default_factory=set)
    heads: Tags = field(default_factory=dict)
    english: dict[str, str] = field(default_factory=dict)

    def word_tags(self, form: str) -> tuple[str, ...]:
        """The tags of one word; a Latin word in lower case may be a title, but is no part of a name."""
        heads = self.heads.get(key(form), ())
        if is_latin(form) and form[0].islower():
            return heads
        tags = heads + self.tags.get(key(form), ())
        if is_devanagari(form):
            tags += self.sound_tags.get(skeleton(key(form)), ())
        return tags

    def is_coined(self, key: str) -> bool:
        """Whether a word is neither a head, nor a title, nor an English word, nor a place by any table."""
        spoken = self.sound_tags.get(skeleton(key), ()) if is_devanagari(key) else ()
        known = key in self.heads or key in self.english or "kE" in spoken
        return not known and self.phrases.get(key, {}).get((key,), "") not in _PLACES

    def may_begin(self, form: str) -> bool:
        """Whether a listed name can begin with this word; most words are told apart by this alone."""
        if is_latin(form) and form[0].islower():
            return False
        k = key(form)
        return k in self.phrases or (
            is_devanagari(form) and (acronym(k) in self.acronyms or skeleton(k) in self.sound_phrases)
        )

    def matches(self, forms: Sequence[str]) -> Iterator[tuple[int, int, str]]:
        """Listed names in a sentence as (first, last + 1, kind), from the left the longest, no overlaps."""
        keys = [key(form) for form in forms]
        place = 0
        while place < len(keys):
            length, kind = self._match_at(forms, keys, place) if _begins(forms[place]) else (0, "")
            if length:
                yield place, place + length, kind
            place += length or 1

    def _match_at(self, forms: Sequence[str], keys: Sequence[str], place: int) -> tuple[int, str]:
        form = forms[place]
        if keys[place] in self.phrases:
            found = _longest(self.phrases[keys[place]], keys[place : place + _LONGEST])
            if found[0] and not (found[0] == 1 and keys[place] in self.capitals and not form.isupper()):
                return found
        return self._sound_match(keys, place) if is_devanagari(form) else (0, "")

    def _sound_match(self, keys: Sequence[str], place: int) -> tuple[int, str]:
        letters = acronym(keys[place])
        if letters:
            kind = self.acronyms.get(letters, "")
            return (1, "a" + kind) if kind else (0, "")
        first = skeleton(keys[place])
        if first not in self.sound_phrases:
            return 0, ""
        near = [skeleton(k) if is_devanagari(k) else "" for k in keys[place : place + _LONGEST]]
        length, kind = _longest(self.sound_phrases[first], near)
        return length, kind.lower()


def _longest(listed: dict[tuple[str, ...], str], ahead: Sequence[str]) -> tuple[int, str]:
    for length in range(len(ahead), 0, -1):
        kind = listed.get(tuple(ahead[:length]))
        if kind:
            return length, kind
    return 0, ""


@cache
def load() -> Lexicon:
    """The lexicon of the shipped tables, read once for each process."""
    lexicon = Lexicon(heads=heads(), english=english())
    companies: list[list[str]] = []
    for table, kind in _LISTS.items():
        for (name,) in rows(table):
            words = [key(name[start:end]) for start, end in tokens(name)]
            _add_phrase(lexicon, name, tuple(words), kind)
            if kind in _COMPANIES:
                companies.append(words)
    lexicon.tags, lexicon.sound_tags = tags(companies)
    return lexicon


@lru_cache(maxsize=1 << 16)
def _begins(form: str) -> bool:
    return load().may_begin(form)


@lru_cache(maxsize=1 << 12)
def listed(forms: tuple[str, ...]) -> tuple[tuple[int, int, str], ...]:
    """Listed names in a sentence, as `Lexicon.matches` has them: two readers of a sentence ask for them."""
    return tuple(load().matches(forms))


def _add_phrase(lexicon: Lexicon, name: str, words: tuple[str, ...], kind: str) -> None:
    lexicon.phrases[words[0]].setdefault(words, kind)
    if not name.isascii():
        return
    sounds = tuple(skeleton(word) for word in words)
    if all(sounds) and sum(map(len, sounds)) >= _LEAST_SOUND:
        lexicon.sound_phrases[sounds[0]].setdefault(sounds, kind)
    if _ACRONYM.fullmatch(name):
        lexicon.capitals.add(words[0])
        lexicon.acronyms.setdefault(words[0], kind)
