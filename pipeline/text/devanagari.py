"""One spelling for one text: Unicode forms, white space and invisible signs, with the way back kept.

The source is cut into segments that normalise on their own, so a slice of it normalises to the same
slice of the text: runs of white space, and letters with the marks, joiners and invisible signs after
them. What a reader would see as another word, a colon or a dash included, is never touched.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from itertools import groupby

import regex

from pipeline.text.offsets import Edit, Normalised, with_edits

# White space as str.isspace sees it, the information separators 1C-1F among it.
_SPACE = r"\t-\r\x1c- \x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000"
# Controls, soft hyphen, zero-width space and no-break space, word joiner, bidi controls: nothing to read.
_UNSEEN = (
    r"\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e"
    r"\u2060-\u206f\ufeff\ufff9-\ufffb"
)
_JOINER = r"\u200c\u200d"
_QUOTES_AND_SURROGATES = r"\u2018-\u201f\ud800-\udfff"
_PLAIN = dict(zip(range(0x2018, 0x2020), "''''\"\"\"\"", strict=True)) | dict.fromkeys(
    range(0xD800, 0xE000), "\ufffd"
)
# What may unite with the code point before it: marks, Hangul vowels and finals, Kirat Rai vowels.
_EXTENDING = rf"\p{{M}}\u1160-\u11ff\ud7b0-\ud7ff\U00016d63-\U00016d6a{_UNSEEN}{_JOINER}"
_PICTURE = r"\p{Extended_Pictographic}"

_LEADING = re.compile(rf"[{_SPACE}{_UNSEEN}{_JOINER}]+")
_NEWLINE = re.compile(r"\r\n|[\n\v\f\r\x85\u2028\u2029]")
_WORD = re.compile(rf"[^{_SPACE}]+")
_EVEN_WORD = rf"[^{_SPACE}{_UNSEEN}{_JOINER}{_QUOTES_AND_SURROGATES}]++(?=[{_SPACE}]|\Z)"
_CHUNK = re.compile(
    rf"""
      (?P<even>{_EVEN_WORD}(?:(?:[ ]|\n\n?+){_EVEN_WORD})*+)   # single spaces and newlines, nothing unseen
    | (?P<gap>[{_SPACE}][{_SPACE}{_UNSEEN}{_JOINER}]*)
    | (?P<word>[^{_SPACE}]+)
    """,
    re.VERBOSE,
)
_SEGMENT = regex.compile(
    rf"""
      {_PICTURE}
      (?:[{_EXTENDING}\p{{Emoji_Modifier}}]++(?<=\u200d[{_UNSEEN}]*){_PICTURE})*+
      [{_EXTENDING}\p{{Emoji_Modifier}}]*+
    | [^{_EXTENDING}][{_EXTENDING}]*+
    | [{_EXTENDING}]++
    """,
    regex.VERBOSE,
)
_ODD = re.compile(rf"[{_UNSEEN}{_JOINER}{_QUOTES_AND_SURROGATES}]")
_UNSEEN_RUN = re.compile(rf"[{_UNSEEN}]+")
_JOINER_RUN = re.compile(rf"[{_JOINER}]+")
_LOOSE_JOINER = regex.compile(rf"\u200c|\u200d(?!{_PICTURE})")
_PICTURE_FIRST = regex.compile(_PICTURE)
# Scripts in which a joiner makes another letter or another word: Arabic, Bengali, Malayalam, Sinhala …
_JOINING_LETTER = regex.compile(
    r"[\p{L}--[\p{Devanagari}\p{Latin}\p{Greek}\p{Cyrillic}\p{Han}\p{Common}]]", regex.VERSION1
)
# A nukta that may have to unite with the letter before it or change places with a mark.
_UNSURE_NUKTA = re.compile("़(?:(?<=[नरळ्॑-॔]़)|(?<![\u0900-\u097f]़)|(?![\x00-\x7f\u0900-\u097f]|\\Z))")
_FEW_MARKS = 64


def normalise(source: str) -> Normalised:
    """`source` in the one form all later steps expect: NFC, one kind of space, newline and quote.

    Takes any string, lone surrogates too (they become U+FFFD); the text has no white space at its ends.
    """
    pieces: list[str] = []
    edits: list[Edit] = []
    copied = length = 0
    for start, end, piece in _changes(source):
        length += start - copied
        pieces += source[copied:start], piece
        if not end - start == len(piece) == 1:
            edits.append(Edit(start, end, length, length + len(piece)))
        copied, length = end, length + len(piece)
    pieces.append(source[copied:])
    return with_edits(source, "".join(pieces), edits)


def _changes(source: str) -> Iterator[tuple[int, int, str]]:
    """Every span of the source that changes or must not be cut, with what becomes of it, in order."""
    leading = _LEADING.match(source)
    if leading:
        yield 0, leading.end(), ""
    for chunk in _CHUNK.finditer(source, leading.end() if leading else 0):
        start, end = chunk.span()
        if chunk.lastgroup == "gap":
            gap = _gap(chunk.group()) if end < len(source) else ""
            if gap != chunk.group():
                yield start, end, gap
        elif chunk.lastgroup == "word" or not _is_composed(chunk.group()):
            yield from _word_changes(source, start, end)


def _gap(run: str) -> str:
    """A run of white space as a space, or as one newline or two when it holds as many or more."""
    return "\n" * min(2, len(_NEWLINE.findall(_UNSEEN_RUN.sub("", run)))) or " "


def _word_changes(source: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    for word in _WORD.finditer(source, start, end):
        if _is_plain(word.group()):
            continue
        for segment in _SEGMENT.finditer(source, *word.span()):
            if not _is_plain(segment.group()):
                yield *segment.span(), _segment(segment.group())


def _is_plain(text: str) -> bool:
    """Whether nothing in `text` changes and it may be cut anywhere."""
    return not _ODD.search(text) and unicodedata.is_normalized("NFC", text)


def _segment(segment: str) -> str:
    seen = _UNSEEN_RUN.sub("", segment)
    if _PICTURE_FIRST.match(seen):
        seen = _LOOSE_JOINER.sub("", seen)
    elif not _JOINING_LETTER.match(seen):
        seen = _JOINER_RUN.sub("", seen)
    return _composed(seen).translate(_PLAIN)


def _is_composed(text: str) -> bool:
    """Whether `text` is NFC; twenty times faster on Hindi than to ask so, as every nukta raises a doubt."""
    if not _UNSURE_NUKTA.search(text) and unicodedata.is_normalized("NFC", text.replace("़", "")):
        return True
    return unicodedata.is_normalized("NFC", text)


def _composed(segment: str) -> str:
    """NFC; a long run of marks is ordered beforehand, for the library sorts in quadratic time."""
    if len(segment) > _FEW_MARKS:
        apart = "".join(unicodedata.normalize("NFD", sign) for sign in segment)
        runs = groupby(apart, key=lambda sign: unicodedata.combining(sign) > 0)
        segment = "".join("".join(sorted(run, key=unicodedata.combining)) for _, run in runs)
    return unicodedata.normalize("NFC", segment)


# Nasals before a stop of their own class, which the anusvara may stand for: हिन्दी is हिंदी.
_HOMORGANIC = re.compile("ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])")
# The candra vowels of English words, written with and without the candra: कॉलेज is कालेज, ॲप is एप.
# No joiner makes another word.
_FOLDED = str.maketrans(
    {"\u200c": None, "\u200d": None, "़": None, "ँ": "ं", "ऑ": "आ", "ॉ": "ा", "ॲ": "ए", "ऍ": "ए", "ॅ": "े"}
)


def comparison_key(text: str) -> str:
    """What spellings of the same words share, for matching and never for show.

    Folds joiners, nukta, nasal signs (हिन्दी, हिंदी; चाँद, चांद), candra vowels, case and white space.
    """
    apart = unicodedata.normalize("NFD", unicodedata.normalize("NFD", normalise(text).text).casefold())
    folded = _HOMORGANIC.sub("ं", apart.translate(_FOLDED))
    return " ".join(unicodedata.normalize("NFC", folded).split())
