"""Sentences of Hindi, English and mixed news as spans of normalised text.

A newline always ends a sentence, so a sub-heading is one. Within a line ।, ॥, ?, ! and … end one, `|`
where it stands for a danda, and `.` unless it belongs to an abbreviation, an initial, a number or an
address (abbreviations.tsv). Closing quotes and brackets go with the sentence they close.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import regex

from pipeline.tsv import rows

# How much of either side of a stop is looked at: more than any word of the table.
_NEAR = 32
_LETTER = r"\p{L}\p{M}"
_OPENING = r"[\"'“‘«(\[]"
_CLOSING = rf"(?:[)\]}}»”’]|[\"'](?![{_LETTER}\p{{N}}]))"
_ADDRESS = r"(?:https?://|www\.)[^\s।|]*(?<![.?!…,;:)\]\"'»”’])"
# A danda that stands apart after another stop belongs to it: no sentence begins with one.
_STOP = regex.compile(rf"{_ADDRESS}|(?P<mark>[.।॥?!…|]+){_CLOSING}*+(?P<late>(?:\s*+[।॥]++{_CLOSING}*+)*+)")
_SAYS_SOMETHING = regex.compile(rf"[{_LETTER}\p{{N}}]")

_WORD_BEFORE = regex.compile(rf"(?r)[{_LETTER}]+")
_LIST_NUMBER = regex.compile(r"\s*[(\[]?\p{N}{1,3}\s*\Z")
_AFTER = regex.compile(rf"\s*{_OPENING}*(?P<word>[{_LETTER}]+|\p{{N}})?(?P<dot>\.)?")
_LOWER_AFTER = regex.compile(rf"\s*{_OPENING}*\p{{Ll}}")
_OPENING_AFTER = regex.compile(_OPENING)
_CAPITALISED = regex.compile(r"\p{Lu}\p{Ll}+")
_LOWER_WORD = regex.compile(r"\p{Ll}{2,}")
_DEVANAGARI = regex.compile(r"[\p{Devanagari}--[।॥०-९]]", regex.VERSION1)
_DEVANAGARI_BEFORE = regex.compile(r"[\p{Devanagari}--[।॥]][\"')]?\s?\Z", regex.VERSION1)
_DEVANAGARI_AFTER = regex.compile(rf"\s|{_OPENING}?\p{{Devanagari}}")


def sentences(text: str) -> list[tuple[int, int]]:
    """The (start, end) of every sentence of `text`, in order, without white space around them.

    They do not overlap, and together they cover everything but white space.
    """
    spans: list[tuple[int, int]] = []
    position = 0
    for line in text.split("\n"):
        if line:
            spans += [(position + start, position + end) for start, end in _line_sentences(line)]
        position += len(line) + 1
    return spans


def _line_sentences(line: str) -> list[tuple[int, int]]:
    """The sentences of one line; signs without a letter or digit go with the sentence before them."""
    spans: list[tuple[int, int]] = []
    start = 0
    for end in [*_ends(line), len(line)]:
        piece = line[start:end]
        first, last = end - len(piece.lstrip()), start + len(piece.rstrip())
        if spans and not _SAYS_SOMETHING.search(piece):
            spans[-1] = (spans[-1][0], max(spans[-1][1], last))
        elif first < last:
            spans.append((first, last))
        start = end
    return spans


def _ends(line: str) -> Iterator[int]:
    """Where sentences end within a line: after the stop and what closes with it."""
    start = 0
    said = _SAYS_SOMETHING.search(line)
    for match in _STOP.finditer(line):
        if said is None:
            return
        if match["mark"] is None or match.start() < said.start():
            continue
        begin, end = match.span()
        if match["late"] or _is_end(
            match["mark"], line[max(start, begin - _NEAR) : begin], line[end : end + _NEAR]
        ):
            yield end
            start = end
            said = _SAYS_SOMETHING.search(line, start)


def _is_end(mark: str, before: str, after: str) -> bool:
    """Whether a sentence ends with `mark`, by the text on both sides of it."""
    if not after.strip() or "।" in mark or "॥" in mark:
        return True
    if "|" in mark:
        return bool(_DEVANAGARI_BEFORE.search(before) and _DEVANAGARI_AFTER.match(after))
    if mark in {".", ".."}:
        return _is_full_stop(before, after)
    if before.endswith("(") or _LOWER_AFTER.match(after):
        return False
    return after[0].isspace() or bool(_DEVANAGARI.match(after) and (mark[-1] in "?!" or _is_said(before)))


def _is_said(before: str) -> bool:
    """Whether the last word is a verb with which a Hindi sentence ends: डरता है...आप"""
    found = _WORD_BEFORE.match(before)
    word = found.group() if found else ""
    return word in _words()["final"] or word.endswith(tuple(_words()["future"]))


def _is_full_stop(before: str, after: str) -> bool:
    found = _WORD_BEFORE.match(before.rstrip())
    word = found.group() if found else ""
    following = _AFTER.match(after)
    next_word, dotted = (following["word"] or "", bool(following["dot"])) if following else ("", False)
    if _LOWER_AFTER.match(after) or not (after[0].isspace() or _may_touch(word, next_word, after)):
        return False
    if next_word in _words()["postposition"] and not dotted:
        return False
    if not word:
        return not _LIST_NUMBER.match(before)
    in_chain = dotted or before.rstrip()[: -len(word)].rstrip().endswith(".")
    return not _is_shortened(word, next_word, in_chain) or next_word in _words()["starter"]


def _may_touch(word: str, next_word: str, after: str) -> bool:
    """Whether a sentence may begin right after a stop without a space: था.उसने, said.The, not x.com."""
    if _OPENING_AFTER.match(after):
        return True
    if _DEVANAGARI.match(after):
        return next_word not in _words()["domain"]
    if next_word.isnumeric():
        return word.endswith(tuple(_words()["final"]))
    if _CAPITALISED.fullmatch(next_word):
        return bool(_DEVANAGARI.match(word) or _LOWER_WORD.fullmatch(word))
    return False


def _is_shortened(word: str, next_word: str, in_chain: bool) -> bool:
    """Whether the stop after `word` marks an abbreviation or an initial."""
    words = _words()
    if word in words["number"] and next_word.isnumeric():
        return True
    if word in words["verb"]:
        return in_chain
    return len(word) == 1 or word in words["abbreviation"] or word in words["initial"]


@cache
def _words() -> dict[str, frozenset[str]]:
    """The words of abbreviations.tsv by kind."""
    words: dict[str, frozenset[str]] = {}
    for kind, listed in rows(__package__, "abbreviations.tsv"):
        words[kind] = words.get(kind, frozenset()) | set(listed.split())
    return words
