"""An entry of a feed → Story where it holds the whole text, else the lead to its page."""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import Final

import regex

from pipeline.article import Refusal, Story
from pipeline.reading.dates import published
from pipeline.reading.kept import feed_line
from pipeline.reading.leads import Lead, address, is_address
from pipeline.reading.sites import same_site
from pipeline.reading.streams import LARGEST_ARTICLE
from pipeline.reading.wording import headed, squeezed

_WHOLE: Final = 500  # characters from which the field for the text is taken for all of it
_WHOLE_SUMMARY: Final = 1_000  # and from which a summary is none
_CUT_OFF: Final = 3_000  # up to here an end that invites to read on is believed
_MOST_BROKEN: Final = 1e-3  # of the characters of a text
_MARKUP = regex.compile(r"</?[a-z][a-z\d]*\b[^<>]*>|<!--|&(?:#\d+|#x[\da-f]+|[a-z][a-z\d]+);", regex.I)
_TAG = regex.compile(r"</?[a-z][a-z\d]*\b[^<>]*>", regex.I)
_PARAGRAPH = regex.compile(r"<(?:p|br|div|li|h\d)\b", regex.I)
_BLANK_LINE = regex.compile(r"\r?\n[ \t]*(?:\r?\n[ \t]*)+")
_GOES_ON = regex.compile(
    r"(?:…|\.\.\.|(?:read|continue)\s+(?:more|reading|full\s+story)|(?:पढ़ें|पढ़ें|पढिए|पढ़िए))[\]\s.…»>→।]*$",
    regex.I,
)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a feed says of one article; texts as written there, plain or HTML."""

    title: str = ""
    link: str = ""
    content: str = ""
    summary: str = ""
    published: str = ""
    updated: str = ""
    byline: tuple[str, ...] = ()
    publisher: str | None = None


def found_in(entry: Entry, uri: str, base: str) -> Story | Refusal | Lead:
    """The article of an entry: its story, the page to follow, or why there is neither."""
    link = address(entry.link, base)
    if max(len(entry.content), len(entry.summary)) > LARGEST_ARTICLE:
        return Refusal(uri, "too_large", f"The entry is larger than {LARGEST_ARTICLE >> 20} MB.")
    body = _body(entry, must_do=link is None)
    if body and link and is_address(base) and not same_site(link, base):  # for which it does not speak
        return _story(entry, f"{uri.rpartition('#')[0]}#{link}", None, body)
    if body:
        return _story(entry, uri, link, body)
    if link is None:
        return Refusal(uri, "empty", "The entry has neither a text nor a link to one.", _kept(entry))
    when = published(entry.published) or published(entry.updated)
    stamp = entry.updated or entry.published
    return Lead(link, stamp, plain_title(entry.title), when, entry.publisher)


def plain_title(markup: str) -> str | None:
    """A headline without tags and references, None when nothing is left."""
    text = html.unescape(_TAG.sub("", html.unescape(markup))) if _MARKUP.search(markup) else markup
    return squeezed(_TAG.sub("", text)) or None


def plain_text(markup: str) -> str:
    """The paragraphs of a text that may be HTML, a blank line between them, without links to more."""
    if not _MARKUP.search(markup):
        return markup.strip()
    from pipeline.reading.blocks import blocks  # late: the parser is slow to import
    from pipeline.reading.clutter import is_clutter_line
    from pipeline.reading.markup import body_of, parse

    if not _PARAGRAPH.search(markup):
        markup = _BLANK_LINE.sub("<p>", markup)
    texts = [each.text for each in blocks(body_of(parse(markup))) if not each.is_link]
    return "\n\n".join(text for text in texts if not is_clutter_line(text) and any(map(str.isalnum, text)))


def _body(entry: Entry, must_do: bool) -> str:
    """The whole text of an entry, empty when it has but a part of it, unless that `must_do`."""
    content, summary = plain_text(entry.content), plain_text(entry.summary)
    if _is_whole(content, _WHOLE):
        return content
    if _is_whole(summary, _WHOLE_SUMMARY):
        return summary
    return (content or summary) if must_do else ""


def _is_whole(text: str, least: int) -> bool:
    return len(text) >= least and (len(text) > _CUT_OFF or not _GOES_ON.search(text))


def _story(entry: Entry, uri: str, link: str | None, body: str) -> Story | Refusal:
    if body.count("\ufffd") > max(3, _MOST_BROKEN * len(body)):
        return Refusal(uri, "bad_encoding", "The entry is not in the encoding of the feed.", _kept(entry))
    title = plain_title(entry.title)
    when = published(entry.published) or published(entry.updated)
    return Story(
        source_uri=uri,
        source_text=headed(title, body),
        url=link,
        publisher=entry.publisher,
        title=title,
        byline=entry.byline,
        published_at=when.at if when else None,
        published_date=when.date if when else None,
        date_source="feed" if when else None,
    )


def _kept(entry: Entry) -> bytes | None:
    """The entry as an item of a JSON Feed, which reads as it did itself."""
    item = {
        "title": entry.title,
        "url": entry.link,
        "content_html": entry.content,
        "summary": entry.summary,
        "date_published": entry.published,
        "date_modified": entry.updated,
        "authors": [{"name": name} for name in entry.byline],
    }
    return feed_line({name: value for name, value in item.items() if value}, entry.publisher)
