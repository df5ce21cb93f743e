"""JSON Feed → the articles of its items."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import BinaryIO

from pipeline.article import Refusal
from pipeline.reading.decode import decode
from pipeline.reading.entries import Entry, found_in, plain_title
from pipeline.reading.kept import feed_line
from pipeline.reading.leads import Item
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.streams import read_whole

Values = Mapping[str, object]


def read_json_feed(stream: BinaryIO, uri: str, base: str) -> Iterator[Item]:
    """A story, a lead or a refusal for every item, `#` and its number added to the name."""
    try:
        feed = json.loads(decode(read_whole(stream)), strict=False)
    except (ValueError, RecursionError) as error:
        raise NotAnArticle("unreadable", f"The JSON Feed cannot be parsed: {error}.") from error
    items = feed.get("items") if isinstance(feed, dict) else None
    if not isinstance(items, list) or not items:
        raise NotAnArticle("empty", "The feed has no entries.")
    for number, item in enumerate(items, 1):
        name = f"{uri}#{number}"
        if isinstance(item, dict):
            yield found_in(_entry(item, feed), name, base)
        else:
            yield Refusal(name, "broken_row", "The item is not a JSON object.", feed_line(item))


def _entry(item: Values, feed: Values) -> Entry:
    return Entry(
        title=_string(item, "title"),
        link=_string(item, "url") or _string(item, "external_url"),
        content=_string(item, "content_html") or _string(item, "content_text"),
        summary=_string(item, "summary"),
        published=_string(item, "date_published"),
        updated=_string(item, "date_modified"),
        byline=_byline(item) or _byline(feed),
        publisher=plain_title(_string(feed, "title")),
    )


def _byline(values: Values) -> tuple[str, ...]:
    """The names of the authors, of version 1.1 or of version 1."""
    many = values.get("authors")
    people = [*(many if isinstance(many, list) else ()), values.get("author")]
    names = (_string(each, "name").strip() for each in people if isinstance(each, dict))
    return tuple(dict.fromkeys(filter(None, names)))


def _string(values: Values, key: str) -> str:
    value = values.get(key)
    return value if isinstance(value, str) else ""
