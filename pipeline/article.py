"""What flows through Khabar: a story as read, the article made of it, and what is found in it.

Offsets are code points, end exclusive. Money is `Decimal`. The attributes of Article, Mention, Amount,
Entity and Fact are the columns of the tables of the same names.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

MentionType = Literal["PERSON", "COMPANY", "ORG", "LOC"]
DateSource = Literal["header", "metadata", "feed", "url", "text", "given"]
Form = Literal["point", "range", "indefinite"]
Modifier = Literal["approx", "more_than", "less_than", "up_to", "at_least"]


@dataclass(frozen=True, slots=True)
class Story:
    """One article as it was read, before anything is worked out about it.

    `source_text` is the article text as decoded: of a text input one contiguous part of it; where the
    title is known apart (HTML), the title, a blank line, then the body. `source_uri` names the source
    without machine paths: a URL, or the path below the input it was found in, `#row` added for a row
    of a table. `published_date` is None when the story carries no date of its own.
    """

    source_uri: str
    source_text: str
    url: str | None = None
    publisher: str | None = None
    title: str | None = None
    byline: tuple[str, ...] = ()
    published_at: dt.datetime | None = None
    published_date: dt.date | None = None
    date_source: DateSource | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something read that is no article for us: `reason` is a stable code, `detail` a sentence.

    `payload` is what was refused, where it is at hand: a file, a page, a row or an entry, as bytes; it is
    no part of what makes two refusals equal.
    """

    source_uri: str
    reason: str
    detail: str
    payload: bytes | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Repeat:
    """Stories of a file that was read before, byte for byte: the ids of their articles, in their order."""

    source_uri: str
    article_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Article:
    """A row of `articles`."""

    article_id: str
    source_uri: str
    url: str | None
    publisher: str | None
    title: str | None
    byline: tuple[str, ...]
    published_at: dt.datetime | None
    published_date: dt.date
    date_source: DateSource
    language: str
    code_mixed: bool
    source_text: str
    text: str
    n_tokens: int
    content_hash: str
    duplicate_of: str | None
    pipeline_version: str
    model_version: str


@dataclass(frozen=True, slots=True)
class Mention:
    """A row of `mentions`: a name where it stands in the text."""

    mention_id: str
    article_id: str
    published_date: dt.date
    type: MentionType
    text: str
    start: int
    end: int
    source_start: int
    source_end: int
    sentence: int
    score: float
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A row of `amounts`: a sum of money where it stands in the text.

    `amount_*` are single units of the currency (rupees, dollars), `inr_crore_*` tens of millions of
    rupees; both are None when the sum is indefinite, the second also when no exchange rate is known.
    """

    amount_id: str
    article_id: str
    published_date: dt.date
    text: str
    start: int
    end: int
    source_start: int
    source_end: int
    sentence: int
    currency: str
    amount_min: Decimal | None
    amount_max: Decimal | None
    inr_crore_min: Decimal | None
    inr_crore_max: Decimal | None
    fx_rate: Decimal | None
    fx_date: dt.date | None
    form: Form
    modifier: Modifier | None
    per: str | None
    kind: str | None
    entity_id: str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """A row of `entities`: one person, company, organisation or place behind its mentions."""

    entity_id: str
    type: MentionType
    name: str
    name_hi: str | None
    name_en: str | None
    aliases: tuple[str, ...]
    symbol: str | None
    isin: str | None
    n_articles: int
    first_seen: dt.date
    last_seen: dt.date


@dataclass(frozen=True, slots=True)
class Fact:
    """A row of `facts`: a relation that a sentence states between two entities."""

    fact_id: str
    article_id: str
    published_date: dt.date
    subject_id: str
    relation: str
    object_id: str
    role: str | None
    amount_id: str | None
    sentence: int
    start: int
    end: int


def stable_id(*parts: object) -> str:
    """Sixteen hex digits that depend on the parts alone, the same on any machine."""
    joined = "\x1f".join(str(part) for part in parts)
    return hashlib.sha256(joined.encode("utf-8", "surrogatepass")).hexdigest()[:16]
