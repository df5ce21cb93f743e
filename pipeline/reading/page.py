"""An HTML page → Story: its JSON-LD first, then its meta tags, then what the page itself shows."""

from __future__ import annotations

import datetime as dt
from typing import Final

import regex

from pipeline.article import Story
from pipeline.reading import datelines, jsonld
from pipeline.reading.blocks import fragment_text
from pipeline.reading.body import page_body
from pipeline.reading.dates import Published
from pipeline.reading.detect import looks_like_html
from pipeline.reading.facts import byline, page_title, publisher
from pipeline.reading.kinds import refuse_other_kinds
from pipeline.reading.opened import Page, opened
from pipeline.reading.wording import headed

_TAG = regex.compile(r"<(?:br|b|i|strong|em|a|span|iframe|script|img|ul|blockquote)\b[^>]*>", regex.I)
_DESCRIPTIONS: Final = ("description", "og:description", "twitter:description")


def read_page(content: bytes, uri: str, seen_at: dt.datetime | None = None) -> Story:
    """The story of a page that was fetched at `seen_at`; NotAnArticle says what it is when it has none."""
    page = opened(content)
    title = page_title(page)
    body = page_body(page.root, _stated_body(page.node), title, _summaries(page))
    refuse_other_kinds(page, body)
    moment, source = datelines.when(page, body.above, seen_at)
    return Story(
        source_uri=uri,
        source_text=headed(title, "\n\n".join(body.paragraphs)),
        url=page.url or jsonld.text(page.node, "url"),
        publisher=publisher(page),
        title=title,
        byline=byline(page, body.above),
        published_at=moment.at if moment else None,
        published_date=moment.date if moment else None,
        date_source=source,
    )


def read_modified(content: bytes, seen_at: dt.datetime | None = None) -> Published | None:
    """When a page says that its article was last changed; None when it does not."""
    return datelines.modified(opened(content), seen_at)


def _summaries(page: Page) -> list[str]:
    stated = [page.meta.get(name) for name in _DESCRIPTIONS]
    stated += [jsonld.text(node, "description") for node in page.nodes]
    return [text for text in stated if text]


def _stated_body(node: jsonld.Node | None) -> str | None:
    """The body in the JSON-LD, as plain text."""
    body = jsonld.body(node)
    if body and (looks_like_html(body) or _TAG.search(body)):
        return fragment_text(body) or None
    return body
