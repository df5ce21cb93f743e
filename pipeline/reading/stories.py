"""The way from inputs to their stories: open or fetch each, read what it holds, follow what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice

from pipeline.article import Refusal, Repeat, Story
from pipeline.period import ALWAYS, Period
from pipeline.reading.again import Refused, read_again
from pipeline.reading.following import Web, expanded, followed
from pipeline.reading.formats import Place, items, items_of
from pipeline.reading.inputs import Source, sources
from pipeline.reading.leads import Item, Listing, Origin, Reading, is_address
from pipeline.reading.memory import Memory, recalled
from pipeline.reading.reasons import NotAnArticle


def read(
    inputs: Sequence[str],
    *,
    text_column: str | None = None,
    web: Web | None = None,
    refused: Iterable[Refused] = (),
    period: Period = ALWAYS,
    memory: Memory | None = None,
) -> Iterator[Reading]:
    """All stories and refusals of files, folders, globs, addresses or `-`, lazily; files sorted by path.

    Addresses, and pages that feeds and sitemaps name, are fetched by `web`; without it, or when the listing
    dates them before `period`, they are refused. Files that `memory` recalls are repeats and not read.
    What was `refused` before is read again after them. Raises InputNotFound at once when an input names
    nothing.
    """
    content = partial(_read_content, text_column=text_column)
    found = chain(
        [_items(name, text_column, memory) for name in inputs],
        (read_again(each, text_column) for each in refused),
    )
    return followed(chain.from_iterable(expanded(each, web, content) for each in found), web, content, period)


def read_bytes(content: bytes, source_uri: str) -> Iterator[Reading]:
    """The stories and refusals of one file's content, of any format; nothing is fetched."""
    content_of = partial(_read_content, text_column=None)
    found = items_of(content, Place(source_uri))
    return followed(expanded(found, None, content_of), None, content_of)


def fetch_article(url: str, web: Web) -> Story:
    """The one article of the page at `url`; NotAnArticle when it is not got, or is none or several."""
    page = web.fetch(url)
    origin = Origin(page.final_url, page.charset, page.content_type, page.at)
    return _only(_read_content(page.content, url, origin, None))


def read_article(content: bytes, source_uri: str) -> Story:
    """The one article that `content` holds, of any format; NotAnArticle when it holds none or several."""
    return _only(read_bytes(content, source_uri))


def _only(items: Iterator[Item | Repeat]) -> Story:
    found = list(islice(items, 2))
    if len(found) > 1:
        raise NotAnArticle("many_articles", "There are several articles in it, where one is wanted.")
    (item,) = found
    if isinstance(item, Story):
        return item
    if isinstance(item, Refusal):
        raise NotAnArticle(item.reason, item.detail)
    raise NotAnArticle("not_fetched", "It names the page of an article and holds none itself.")


def _items(name: str, text_column: str | None, memory: Memory | None) -> Iterator[Item | Repeat]:
    """What an input holds; InputNotFound at once when it names nothing."""
    if is_address(name):
        return iter([Listing(name)])
    found, read_source = sources(name), partial(_read_source, text_column=text_column)
    if memory:
        return recalled(found, text_column, memory, read_source)
    return chain.from_iterable(map(read_source, found))


def _read_source(source: Source, text_column: str | None) -> Iterator[Item]:
    try:
        with source.open() as stream:
            yield from items(stream, Place(source.uri, text_column))
    except OSError as error:
        yield Refusal(source.uri, "unreadable", f"The file cannot be read: {error.strerror or error}.")


def _read_content(content: bytes, uri: str, origin: Origin, text_column: str | None) -> Iterator[Item]:
    return items_of(content, Place(uri, text_column, origin=origin))
