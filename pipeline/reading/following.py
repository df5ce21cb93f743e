"""Leads → the stories of their pages: what a feed or sitemap names is fetched, and no facts are lost."""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import Final, Protocol

from pipeline.article import Refusal, Repeat, Story
from pipeline.period import ALWAYS, OUTSIDE, Period
from pipeline.reading.leads import Item, Lead, Listing, Origin, Reading
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.sites import without_user
from pipeline.reading.wording import headed

_DEEPEST: Final = 4  # an input, an index, an index within it, a sitemap
_MOST_LISTINGS: Final = 1_000  # sitemaps of one input
_MOST_OF_PAGE: Final = 10_000  # stories and refusals of an address that a listing names
_MOST_NAMED: Final = 50_000  # addresses of one listing, as many as a sitemap may have
_MOST_WAITING: Final = 1_000  # stories that may wait for the pages before them
_MOST_CHARACTERS: Final = 4_000_000  # that they may have, or bytes that refused ones may


class Response(Protocol):
    """A final response with a body, unpacked; `Fetched` of the web client is one."""

    @property
    def url(self) -> str:
        """The address that was asked for."""

    @property
    def final_url(self) -> str:
        """The address after redirects."""

    @property
    def at(self) -> dt.datetime:
        """When it was fetched first."""

    @property
    def content(self) -> bytes:
        """The body."""

    @property
    def content_type(self) -> str | None:
        """The media type, without parameters, in lower case."""

    @property
    def charset(self) -> str | None:
        """The charset that the header names."""


class Web(Protocol):
    """What reading asks of the web client; NotAnArticle stands for a page that was not got."""

    def fetch(self, url: str, *, stamp: str | None = None) -> Response:
        """The response for an address, replayed when `stamp` says that it did not change."""

    def fetch_all(
        self, pages: Iterable[tuple[str, str | None]]
    ) -> Iterator[tuple[str, Response | NotAnArticle]]:
        """The responses for addresses with their stamps, lazily and in order."""


ReadContent = Callable[[bytes, str, Origin], Iterator[Item]]


def expanded(found: Iterator[Item | Repeat], web: Web | None, read: ReadContent) -> Iterator[Reading | Lead]:
    """What an input holds, with what its listings lead to in their place, fetched one by one."""
    within, seen = [found], set[str]()
    while within:
        item = next(within[-1], None)
        if item is None:
            within.pop()
        elif not isinstance(item, Listing):
            yield item
        elif item.url in seen or len(within) > _DEEPEST or len(seen) >= _MOST_LISTINGS:
            name = without_user(item.url)
            yield Refusal(name, "not_followed", "It is named again, too deep, or after too many others.")
        else:
            seen.add(item.url)
            within.append(_listed(item, web, read))


def followed(
    found: Iterator[Reading | Lead], web: Web | None, read: ReadContent, period: Period = ALWAYS
) -> Iterator[Reading]:
    """Stories and refusals in their order, those of pages in the place of the leads to them."""
    found = (_in_time(item, period) for item in found)
    for item in found:
        if not isinstance(item, Lead):
            yield item
        elif web is None:
            yield _not_fetched(item.url)
        else:
            yield from _batch(chain([item], found), web, read)


def _in_time(item: Reading | Lead, period: Period) -> Reading | Lead:
    """The item; a refusal in the place of a page that is surely older than what is wanted."""
    if not isinstance(item, Lead) or item.when is None or not period.begins_after(item.when.date):
        return item
    detail = f"It is listed with the day {item.when.date}; wanted is {period}."
    return Refusal(without_user(item.url), OUTSIDE, detail)


def _batch(found: Iterator[Reading | Lead], web: Web, read: ReadContent) -> Iterator[Reading]:
    """What `found` holds up to where too much would wait, its pages fetched at once."""
    waiting = deque[Reading | Lead]()

    def pages() -> Iterator[tuple[str, str | None]]:
        for item in _bounded(found):
            waiting.append(item)
            if isinstance(item, Lead):
                yield item.url, item.stamp

    for _, answer in web.fetch_all(pages()):
        while not isinstance(item := waiting.popleft(), Lead):
            yield item
        yield from _answered(item, answer, read)
    for item in waiting:
        yield _not_fetched(item.url) if isinstance(item, Lead) else item


def _bounded(found: Iterator[Reading | Lead]) -> Iterator[Reading | Lead]:
    """Items until those without a page to fetch are many or large."""
    count = characters = 0
    for item in found:
        yield item
        count += not isinstance(item, Lead)
        characters += _size(item)
        if count >= _MOST_WAITING or characters >= _MOST_CHARACTERS:
            return


def _size(item: Reading | Lead) -> int:
    if isinstance(item, Story):
        return len(item.source_text)
    return len(item.payload or b"") if isinstance(item, Refusal) else 0


def _answered(lead: Lead, answer: Response | NotAnArticle, read: ReadContent) -> Iterator[Reading]:
    if isinstance(answer, NotAnArticle):
        yield answer.refusal(without_user(lead.url))
        return
    for number, item in enumerate(_contents(lead.url, answer, read)):
        if number == _MOST_OF_PAGE:
            yield Refusal(lead.url, "too_large", f"It holds more than {_MOST_OF_PAGE:,} articles.")
            return
        if isinstance(item, Story):
            yield _with_facts(item, lead)
        else:
            yield item if isinstance(item, Refusal) else _not_fetched(item.url)


def _listed(listing: Listing, web: Web | None, read: ReadContent) -> Iterator[Item]:
    name = without_user(listing.url)
    if web is None:
        yield _not_fetched(listing.url)
        return
    try:
        answer = web.fetch(listing.url, stamp=listing.stamp)
    except NotAnArticle as no:
        yield no.refusal(name)
        return
    named = 0
    for item in _contents(listing.url, answer, read):
        named += isinstance(item, Lead | Listing)
        if named > _MOST_NAMED:
            yield Refusal(name, "too_large", f"It names more than {_MOST_NAMED:,} pages.")
            return
        yield item


def _contents(url: str, answer: Response, read: ReadContent) -> Iterator[Item]:
    return read(answer.content, url, Origin(answer.final_url, answer.charset, answer.content_type, answer.at))


def _not_fetched(url: str) -> Refusal:
    return Refusal(without_user(url), "not_fetched", "The page is named by an input, but was not fetched.")


def _with_facts(story: Story, lead: Lead) -> Story:
    """The story of a page; what the page does not say is as the feed or sitemap says it."""
    if story.title is None and lead.title:
        story = replace(story, title=lead.title, source_text=headed(lead.title, story.source_text))
    if story.published_date is None and lead.when:
        when = lead.when
        story = replace(story, published_at=when.at, published_date=when.date, date_source="feed")
    return replace(story, publisher=story.publisher or lead.publisher)
