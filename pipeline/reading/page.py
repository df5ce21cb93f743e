"""An HTML page → Story: its JSON-LD first, then its meta tags, then what the page itself shows."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import regex

from pipeline.article import Story
from pipeline.reading import jsonld
from pipeline.reading.blocks import fragment_text
from pipeline.reading.body import page_body
from pipeline.reading.decode import decode, holds_utf8
from pipeline.reading.detect import looks_like_html
from pipeline.reading.facts import byline, canonical, page_title, publisher, when
from pipeline.reading.markup import parse
from pipeline.reading.meta import metadata
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.wording import headed

_CHARSET = regex.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]+)""", regex.I)
_HEAD: Final = 1 << 14
_MOST_BROKEN: Final = 1e-3  # of the characters of a page
_TAG = regex.compile(r"<(?:br|b|i|strong|em|a|span|iframe|script|img|ul|blockquote)\b[^>]*>", regex.I)


def read_page(content: bytes, uri: str) -> Story:
    """The story of a page; NotAnArticle `no_article` when it has none, as a home page."""
    page = parse(_decoded(content))
    meta = metadata(page)
    url = canonical(page, meta)
    node = jsonld.article_node(page, frozenset({url.split("#")[0].rstrip("/")} if url else ()))
    title = page_title(page, meta, node)
    body = "\n\n".join(page_body(page, _stated_body(node), title))
    if not body or (node is None and _is_home(url)):
        raise NotAnArticle("no_article", "The page has no article.")
    moment, source = when(page, meta, node, url)
    return Story(
        source_uri=uri,
        source_text=headed(title, body),
        url=url or jsonld.text(node, "url"),
        publisher=publisher(meta, node),
        title=title,
        byline=byline(page, meta, node),
        published_at=moment.at if moment else None,
        published_date=moment.date if moment else None,
        date_source=source,
    )


def _stated_body(node: jsonld.Node | None) -> str | None:
    """The body in the JSON-LD, as plain text."""
    body = jsonld.text(node, "articleBody")
    if body and (looks_like_html(body) or _TAG.search(body)):
        return fragment_text(body) or None
    return body


def _is_home(url: str | None) -> bool:
    return url is not None and urlsplit(url).path in ("", "/")


def _decoded(content: bytes) -> str:
    """The page's text, by the encoding policy; in UTF-8 a few broken characters do not cost the page."""
    declared = _CHARSET.search(content[:_HEAD])
    try:
        return decode(content, declared[1].decode("ascii", "replace") if declared else None)
    except NotAnArticle:
        text = content.decode("utf-8", "replace")
        if not holds_utf8(content) or text.count("\ufffd") > max(3, _MOST_BROKEN * len(text)):
            raise
        return text
