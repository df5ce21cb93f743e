"""What is known of a story before any model reads it: its id, date, normalised text, language and twin.

A story counts once. What repeats an original is its duplicate: the same words, nearly the same, or an
older version of it. A newer version of an original takes its place, and so does a telling more than
twice as long. What is decided of a story depends on the stories before it, never on batches.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from pipeline.article import DateSource, Refusal, Story, stable_id
from pipeline.originals import Originals, Shelf
from pipeline.period import ALWAYS, OUTSIDE, Period
from pipeline.similar import Telling, source_of, told_at
from pipeline.story_lines import story_line
from pipeline.text.devanagari import normalise
from pipeline.text.duplicates import fingerprint
from pipeline.text.language import Language, identify
from pipeline.text.offsets import Normalised
from pipeline.text.outline import outline

LANGUAGES = ("hi", "en")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A story ready to be analysed.

    `duplicate_of` names the article that already tells the same, `replaces` those that count no more
    because of this one.
    """

    story: Story
    article_id: str
    published_date: dt.date
    date_source: DateSource
    normalised: Normalised
    content_hash: str
    language: Language
    duplicate_of: str | None = None
    replaces: tuple[str, ...] = ()

    @property
    def heir(self) -> str:
        """The article that counts for this story."""
        return self.duplicate_of or self.article_id


@dataclass(frozen=True, slots=True)
class Settled:
    """A story that needs no analysis: its article stands in the store, or goes there with this run."""

    article_id: str
    outcome: Literal["unchanged", "duplicate"]
    source_uri: str = ""


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

    def __init__(
        self, shelf: Shelf, given: dt.date, languages: Sequence[str] = LANGUAGES, period: Period = ALWAYS
    ) -> None:
        """Compare with what `shelf` holds; stories without a date get the day `given`.

        Stories in other languages (ISO 639) than `languages`, or of a day outside `period`, are refused.
        """
        self._shelf = shelf
        self._given = given
        self._period = period
        self._languages = frozenset(languages)
        self._of_this_run: set[int] = set()  # ids as numbers, for there may be millions
        self._originals = Originals(shelf)

    def admit(self, story: Story) -> Candidate | Settled | Refusal:
        """Decide on one story; candidates are remembered until `stored` names them."""
        identity = article_id(story)
        if int(identity, 16) in self._of_this_run or self._shelf.has(identity):
            return self.known(identity, story.source_uri)
        if (day := story.published_date or self._given) not in self._period:
            return Refusal(story.source_uri, OUTSIDE, f"its day is {day}; wanted is {self._period}")
        new = candidate(story, self._given)
        if refusal := _refusal(new, self._languages):
            return refusal
        self._of_this_run.add(int(identity, 16))
        return self._compared(new)

    def known(self, article_id: str, source_uri: str = "") -> Settled:
        """What becomes of a story whose article is stored or comes with this run."""
        of_this_run = int(article_id, 16) in self._of_this_run
        return Settled(article_id, "duplicate" if of_this_run else "unchanged", source_uri)

    def stored(self, candidates: Iterable[Candidate]) -> None:
        """Forget candidates that the shelf now answers for."""
        for done in candidates:
            self._originals.forget(done.article_id, done.content_hash, done.replaces)

    def _compared(self, new: Candidate) -> Candidate:
        verdict = self._originals.judge(_telling(new), new.content_hash)
        return replace(new, duplicate_of=verdict.duplicate_of, replaces=verdict.replaces)


def _telling(new: Candidate) -> Telling:
    story = new.story
    return Telling(
        new.article_id,
        source_of(story.url, story.source_uri),
        told_at(story.published_at, story.published_date),
        outline(new.normalised.text),
    )


def _refusal(new: Candidate, languages: Collection[str]) -> Refusal | None:
    uri, language = new.story.source_uri, new.language.code
    if not new.normalised.text:
        return Refusal(uri, "empty", "there is no text in it", story_line(new.story))
    if language not in languages:
        detail = f"the text reads as '{language}', not as {' or '.join(sorted(languages))}"
        return Refusal(uri, "language", detail, story_line(new.story))
    return None
