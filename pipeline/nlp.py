"""The one spaCy pipeline: Khabar's tokeniser, sentences, names and amounts, assembled by nlp.cfg."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, SpanGroup
from spacy.util import load_config, load_model_from_config, registry
from spacy.vocab import Vocab

from pipeline.money.amounts import Sum, find_sums
from pipeline.names.recogniser import load as load_recogniser
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens

CONFIG = Path(__file__).with_name("nlp.cfg")
NAMES = "names"
"""The span group of the recognised names; its `attrs["scores"]` are their scores, in order."""

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
        return Doc(self.vocab, words=words, spaces=spaces)

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
    spans = sentences(doc.text)
    doc._.sentence_spans = tuple(spans)
    starts = np.isin(doc.to_array("IDX"), [start for start, _ in spans])
    marks = np.where(starts, 1, -1).astype(np.uint64).reshape(-1, 1)
    return doc.from_array(["SENT_START"], marks)  # type: ignore[arg-type]  # thinc's name for such an array


@Language.component("khabar_names")
def mark_names(doc: Doc) -> Doc:
    """Set `doc.spans["names"]` and `doc.ents` to the people, companies, organisations and places."""
    names = load_recogniser().names(doc.text, doc._.sentence_spans)
    spans = [_span(doc, name.start, name.end, name.type) for name in names]
    doc.spans[NAMES] = SpanGroup(
        doc, name=NAMES, spans=spans, attrs={"scores": [name.score for name in names]}
    )
    doc.set_ents(spans)
    return doc


@Language.component("khabar_amounts")
def mark_amounts(doc: Doc) -> Doc:
    """Set `doc._.sums` to the sums of money, whose offsets need not fall on tokens."""
    sums: list[Sum] = find_sums(doc.text)
    doc._.sums = tuple(sums)
    return doc


@cache
def load() -> Language:
    """The pipeline, made once per process."""
    nlp = load_model_from_config(load_config(CONFIG), auto_fill=True)
    nlp.max_length = 2**31 - 1  # every component is linear and none allocates by length squared
    return nlp


def _span(doc: Doc, start: int, end: int, label: str) -> Span:
    span = doc.char_span(start, end, label=label, alignment_mode="expand")
    assert span is not None, "a name lies within its document"
    return span
