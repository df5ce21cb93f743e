"""What is known of a story before any model reads it: its id, date, normalised text, language and twin."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal, Protocol

from pipeline.article import DateSource, Refusal, Story, stable_id
from pipeline.text.devanagari import normalise
from pipeline.text.duplicates import fingerprint
from pipeline.text.language import Language, identify
from pipeline.text.offsets import Normalised

LANGUAGES = ("hi", "en")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story ready to be analysed; `duplicate_of` names the article that already tells the same."""

    story: Story
    article_id: str
    published_date: dt.date
    date_source: DateSource
    normalised: Normalised
    content_hash: str
    language: Language
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Settled:
    """A story that needs no analysis: its article stands in the store, or goes there with this run."""

    article_id: str
    outcome: Literal["unchanged", "duplicate"]


class Shelf(Protocol):
    """What an intake asks of the store."""

    def has(self, article_id: str) -> bool:
        """Whether the article is stored."""

    def original(self, content_hash: str) -> str | None:
        """The id of the stored article that first had this content."""


def article_id(story: Story) -> str:
    """The id of a story's article: of its source (URL, else file name), its own date and its text."""
    source = story.url or PurePosixPath(story.source_uri.partition("#")[0]).name
    own_date = story.published_date.isoformat() if story.published_date else ""
    return stable_id("article", source, own_date, story.source_text)


def candidate(story: Story, given: dt.date) -> Candidate:
    """The candidate a story makes; `given` is its date when it carries none of its own."""
    normalised = normalise(story.source_text)
    own = story.published_date
    return Candidate(
        story=story,
        article_id=article_id(story),
        published_date=own or given,
        date_source=(story.date_source or "given") if own else "given",
        normalised=normalised,
        content_hash=fingerprint(normalised.text),
        language=identify(normalised.text),
    )


class Intake:
    """Tells new stories from known, repeated and foreign ones, within a run and against the store."""

    def __init__(self, shelf: Shelf, given: dt.date) -> None:
        """Compare with what `shelf` holds; stories without a date get the day `given`."""
        self._shelf = shelf
        self._given = given
        self._of_this_run: set[int] = set()  # ids as numbers, for there may be millions
        self._originals: dict[str, str] = {}

    def admit(self, story: Story) -> Candidate | Settled | Refusal:
        """Decide on one story; the contents of candidates are remembered until `stored` names them."""
        identity = article_id(story)
        if int(identity, 16) in self._of_this_run:
            return Settled(identity, "duplicate")
        if self._shelf.has(identity):
            return Settled(identity, "unchanged")
        new = candidate(story, self._given)
        if refusal := _refusal(new):
            return refusal
        return self._remember(new)

    def stored(self, candidates: Iterable[Candidate]) -> None:
        """Forget the contents of candidates that the shelf now answers for."""
        for done in candidates:
            self._originals.pop(done.content_hash, None)

    def _remember(self, new: Candidate) -> Candidate:
        original = self._shelf.original(new.content_hash) or self._originals.get(new.content_hash)
        self._of_this_run.add(int(new.article_id, 16))
        if original is None:
            self._originals[new.content_hash] = new.article_id
            return new
        return replace(new, duplicate_of=original)


def _refusal(new: Candidate) -> Refusal | None:
    uri, language = new.story.source_uri, new.language.code
    if not new.normalised.text:
        return Refusal(uri, "empty", "there is no text in it")
    if language not in LANGUAGES:
        return Refusal(uri, "language", f"the text reads as '{language}', not as Hindi or English")
    return None
