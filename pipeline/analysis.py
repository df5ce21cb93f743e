"""The whole path of an article, from its text to mentions and amounts."""

from __future__ import annotations

import datetime as dt
import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, islice
from typing import TypedDict

from spacy.tokens import Doc

from pipeline import __version__, nlp
from pipeline.article import Amount, Article, Entity, Fact, Mention, stable_id
from pipeline.assembly import model_version
from pipeline.intake import Candidate, candidate
from pipeline.money.amounts import Sum
from pipeline.money.kinds import kinds_of
from pipeline.money.rates import Rate, inr_crore
from pipeline.reading import parse_text
from pipeline.text.tokens import tokens

BATCH = 64
"""Articles that `analyse_many` holds at once."""

_one_reader = threading.Lock()  # spaCy's string store may be swept by one thread at a time only


@dataclass(frozen=True, slots=True)
class Analysis:
    """An article and all that was found in it, each in the order of the text."""

    article: Article
    mentions: tuple[Mention, ...]
    amounts: tuple[Amount, ...]
    entities: tuple[Entity, ...] = ()
    facts: tuple[Fact, ...] = ()


def analyse(text: str, *, date: dt.date | None = None) -> Analysis:
    """Analyse one article text, with or without a record header; never raises on odd text.

    `date` is the article's day when it carries none of its own (default: today).
    """
    return next(analyse_many([text], date=date))


def analyse_many(texts: Iterable[str], *, date: dt.date | None = None) -> Iterator[Analysis]:
    """Analyse article texts in order, lazily, holding a few at a time; `date` as in `analyse`."""
    given = date or dt.date.today()
    return analyse_candidates(candidate(parse_text(text, ""), given) for text in texts)


def analyse_candidates(candidates: Iterable[Candidate]) -> Iterator[Analysis]:
    """The analyses of `candidates`, in order; a duplicate's holds the article alone."""
    stream = iter(candidates)
    while batch := list(islice(stream, BATCH)):
        yield from _batch(batch)


def _batch(batch: Sequence[Candidate]) -> list[Analysis]:
    pipeline = nlp.load()
    with _one_reader, pipeline.memory_zone():
        return [
            _repeated(one) if one.duplicate_of else _analysis(one, pipeline(one.normalised.text))
            for one in batch
        ]


def _repeated(one: Candidate) -> Analysis:
    return Analysis(_article(one), (), ())


def _analysis(one: Candidate, doc: Doc) -> Analysis:
    starts = [start for start, _ in doc._.sentence_spans]
    return Analysis(
        article=_article(one),
        mentions=tuple(_mentions(one, doc, starts)),
        amounts=tuple(_amounts(one, doc, starts)),
    )


def _article(one: Candidate) -> Article:
    story = one.story
    return Article(
        article_id=one.article_id,
        source_uri=story.source_uri,
        url=story.url,
        publisher=story.publisher,
        title=story.title,
        byline=story.byline,
        published_at=story.published_at,
        published_date=one.published_date,
        date_source=one.date_source,
        language=one.language.code,
        code_mixed=one.language.code_mixed,
        source_text=one.normalised.source,
        text=one.normalised.text,
        n_tokens=len(tokens(one.normalised.text)),
        content_hash=one.content_hash,
        duplicate_of=one.duplicate_of,
        pipeline_version=__version__,
        model_version=model_version(),
    )


class _Place(TypedDict):
    """Where a span stands: in the text, in the source, and in which sentence."""

    text: str
    start: int
    end: int
    source_start: int
    source_end: int
    sentence: int


def _place(one: Candidate, start: int, end: int, sentence_starts: Sequence[int]) -> _Place:
    start, end = one.normalised.snap(start, end)
    source_start, source_end = one.normalised.source_span(start, end)
    return _Place(
        text=one.normalised.text[start:end],
        start=start,
        end=end,
        source_start=source_start,
        source_end=source_end,
        sentence=max(bisect_right(sentence_starts, start) - 1, 0),
    )


def _mentions(one: Candidate, doc: Doc, starts: Sequence[int]) -> Iterator[Mention]:
    sums = [found.start for found in doc._.sums], [found.end for found in doc._.sums]
    free = 0
    for name in doc._.names:
        if _is_within(name.start, name.end, *sums):
            continue  # the US of US$ 450 million
        at = _place(one, name.start, name.end, starts)
        if at["start"] < free:
            continue  # widened to whole characters, it runs into the one before
        free = at["end"]
        yield Mention(
            mention_id=stable_id("mention", one.article_id, at["start"], at["end"], name.type),
            article_id=one.article_id,
            published_date=one.published_date,
            type=name.type,
            **at,
            score=name.score,
        )


def _is_within(start: int, end: int, starts: Sequence[int], ends: Sequence[int]) -> bool:
    """Whether a span lies within one of the spans from `starts` to `ends`, which are in order."""
    at = bisect_right(starts, start) - 1
    return at >= 0 and end <= ends[at]


def _amounts(one: Candidate, doc: Doc, starts: Sequence[int]) -> Iterator[Amount]:
    placed: list[tuple[Sum, _Place]] = []
    for found in doc._.sums:
        at = _place(one, found.start, found.end, starts)
        if not placed or placed[-1][1]["end"] <= at["start"]:  # as in _mentions
            placed.append((found, at))
    for number, group in groupby(placed, key=lambda pair: pair[1]["sentence"]):
        yield from _amounts_of_sentence(one, list(group), doc._.sentence_spans[number])


def _amounts_of_sentence(
    one: Candidate, placed: Sequence[tuple[Sum, _Place]], sentence: tuple[int, int]
) -> Iterator[Amount]:
    start, end = sentence
    kinds = kinds_of(
        one.normalised.text[start:end], [(at["start"] - start, at["end"] - start) for _, at in placed]
    )
    for (found, at), kind in zip(placed, kinds, strict=True):
        yield _amount(one, found, at, kind[0] if kind else None)


def _amount(one: Candidate, found: Sum, at: _Place, kind: str | None) -> Amount:
    low, foreign = _in_crore(found.minimum, found.currency, one.published_date)
    high, _ = _in_crore(found.maximum, found.currency, one.published_date)
    return Amount(
        amount_id=stable_id("amount", one.article_id, at["start"], at["end"]),
        article_id=one.article_id,
        published_date=one.published_date,
        **at,
        currency=found.currency,
        amount_min=found.minimum,
        amount_max=found.maximum,
        inr_crore_min=low,
        inr_crore_max=high,
        fx_rate=foreign.rate if foreign else None,
        fx_date=foreign.date if foreign else None,
        form=found.form,
        modifier=found.modifier,
        per=found.per,
        kind=kind,
    )


def _in_crore(amount: Decimal | None, currency: str, day: dt.date) -> tuple[Decimal | None, Rate | None]:
    """₹ crore, and the exchange rate if one was used."""
    if amount is None:
        return None, None
    crore, used = inr_crore(amount, currency, day)
    return crore, used if currency != "INR" else None
