"""The one spaCy pipeline: Khabar's tokeniser, sentences, names and amounts, assembled by nlp.cfg."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache, partial
from pathlib import Path
from typing import Protocol

import numpy as np
import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import filter_spans, load_config, load_model_from_config, registry
from spacy.vocab import Vocab

from pipeline import assembly
from pipeline.article import MentionType
from pipeline.money.amounts import Sum, find_sums
from pipeline.names.others import SpacyNames, TransformersNames
from pipeline.names.recogniser import Name
from pipeline.names.recogniser import load as load_recogniser
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens

NAMES = "names"
"""The span group of the recognised names; its `attrs["scores"]` are their scores, in order."""

Doc.set_extension("plain", default=None, force=True)
Doc.set_extension("names", default=(), force=True)
Doc.set_extension("sums", default=(), force=True)
Doc.set_extension("sentence_spans", default=(), force=True)


class Tokeniser:
    """spaCy's tokeniser interface over `pipeline.text.tokens`; white space beyond one space is a token."""

    def __init__(self, vocab: Vocab) -> None:
        """Keep the vocabulary that the documents share."""
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """A Doc of `text`; `doc.text == text` for any text."""
        words: list[str] = []
        spaces: list[bool] = []
        position = 0
        for start, end in [*tokens(text), (len(text), len(text))]:
            gap = text[position:start]
            if gap.startswith(" ") and words:
                spaces[-1] = True
                gap = gap[1:]
            if gap:
                words.append(gap)
                spaces.append(False)
            if end > start:
                words.append(text[start:end])
                spaces.append(False)
            position = end
        doc = Doc(self.vocab, words=words, spaces=spaces)
        doc._.plain = text
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        """Nothing to save: the rules are code."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> Tokeniser:
        """Nothing to load."""
        return self

    def to_disk(self, path: str | Path, **kwargs: object) -> None:
        """Nothing to save."""

    def from_disk(self, path: str | Path, **kwargs: object) -> Tokeniser:
        """Nothing to load."""
        return self


@registry.tokenizers("khabar.tokeniser.v1")  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
def make_tokeniser() -> Callable[[Language], Tokeniser]:
    """The tokeniser factory that nlp.cfg names."""
    return lambda nlp: Tokeniser(nlp.vocab)


@Language.component("khabar_sentences")
def mark_sentences(doc: Doc) -> Doc:
    """Set sentence starts and `doc._.sentence_spans`, the (start, end) of every sentence."""
    spans = sentences(_text(doc))
    doc._.sentence_spans = tuple(spans)
    starts = np.isin(doc.to_array("IDX"), [start for start, _ in spans])
    marks = np.where(starts, 1, -1).astype(np.uint64).reshape(-1, 1)
    return doc.from_array(["SENT_START"], marks)  # type: ignore[arg-type]  # thinc's name for such an array


class NameFinder(Protocol):
    """What finds names: our own recogniser, or one that a config names."""

    def names(self, text: str, sentences: Sequence[tuple[int, int]]) -> list[Name]:
        """The names in the sentences of a normalised text, in order, without overlaps."""


@registry.misc("khabar.names.v1")  # type: ignore[untyped-decorator]  # spaCy leaves it untyped
def our_names(folder: str | None = None) -> NameFinder:
    """Our recogniser, with the model in `folder` or the one that ships."""
    return load_recogniser(Path(folder)) if folder else load_recogniser()


@registry.misc("khabar.spacy_names.v1")  # type: ignore[untyped-decorator]
def spacy_names(model: str, types: dict[str, MentionType]) -> NameFinder:
    """An installed spaCy model, its labels turned into our types; labels not in `types` are left out."""
    return SpacyNames(spacy.load(model), types)


@registry.misc("khabar.transformers_names.v1")  # type: ignore[untyped-decorator]
def transformers_names(model: str, types: dict[str, MentionType]) -> NameFinder:
    """A token classifier of Hugging Face, by name or folder, its labels turned into our types."""
    from transformers import pipeline  # type: ignore[import-not-found]  # the user's own

    return TransformersNames(pipeline("token-classification", model, aggregation_strategy="simple"), types)


@Language.factory("khabar_names", default_config={"finder": {"@misc": "khabar.names.v1"}})
def make_names(nlp: Language, name: str, finder: NameFinder) -> Callable[[Doc], Doc]:
    """The component that marks the names that `finder` finds."""
    return partial(mark_names, finder)


def mark_names(finder: NameFinder, doc: Doc) -> Doc:
    """Set `doc._.names`, and `doc.spans["names"]` and `doc.ents` widened to tokens, to the names."""
    names = finder.names(_text(doc), doc._.sentence_spans)
    doc._.names = tuple(names)
    spans = [_span(doc, name.start, name.end, name.type) for name in names]
    doc.spans[NAMES] = SpanGroup(
        doc, name=NAMES, spans=spans, attrs={"scores": [name.score for name in names]}
    )
    doc.set_ents(filter_spans(spans))  # widened to tokens, two of a finder of others may overlap
    return doc


@Language.component("khabar_amounts")
def mark_amounts(doc: Doc) -> Doc:
    """Set `doc._.sums` to the sums of money, whose offsets need not fall on tokens."""
    sums: list[Sum] = find_sums(_text(doc))
    doc._.sums = tuple(sums)
    return doc


@cache
def load() -> Language:
    """The pipeline that `pipeline.assembly` names, made once per process."""
    nlp = load_model_from_config(load_config(assembly.config()), auto_fill=True)
    nlp.max_length = 2**31 - 1  # every component is linear and none allocates by length squared
    return nlp


def _text(doc: Doc) -> str:
    """`doc.text`, which spaCy puts together from its tokens each time that it is asked."""
    plain: str | None = doc._.plain  # only our tokeniser sets it
    return doc.text if plain is None else plain


def _span(doc: Doc, start: int, end: int, label: str) -> Span:
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    assert span is not None, "a name lies within its document"
    return span
