"""RSS 0.9 to 2.0, RDF and Atom → the articles of their entries.

Our own reader over lxml rather than a library: it streams, resolves nothing in the document, and leaves
dates to dates.py, which knows Indian ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import BinaryIO, Final

import regex
from lxml import etree

from pipeline.article import Refusal
from pipeline.reading.elements import elements, local, named, text_of
from pipeline.reading.entries import Entry, found_in, plain_title
from pipeline.reading.leads import Item, is_address
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.wording import names_of

_ENTRIES: Final = frozenset(("item", "entry"))
_FEEDS: Final = frozenset(("channel", "feed"))
_MAIL = regex.compile(r"\S+@\S+")
_LONGEST_BYLINE: Final = 300  # characters, with addresses of mail
_ABOUT: Final = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"

Fields = Mapping[str, list[etree._Element]]


def read_feed(stream: BinaryIO, uri: str, base: str) -> Iterator[Item]:
    """A story, a lead or a refusal for every entry, `#` and its number added to the name.

    Relative links are below `base`. NotAnArticle as `elements` says, and `empty` for a feed without entries.
    """
    publisher, number = None, 0
    for element in elements(stream, _ENTRIES | {"title"}):
        if local(element) in _ENTRIES:
            number += 1
            yield _found(element, publisher, f"{uri}#{number}", base)
        elif publisher is None and (above := element.getparent()) is not None and local(above) in _FEEDS:
            publisher = plain_title(text_of(element))
    if not number:
        raise NotAnArticle("empty", "The feed has no entries.")


def _found(element: etree._Element, publisher: str | None, uri: str, base: str) -> Item:
    """What an entry holds; whatever goes wrong costs this one alone."""
    try:
        return found_in(_entry(element, publisher), uri, base)
    except Exception as error:
        kept = b"<rss>%s</rss>" % etree.tostring(element, with_tail=False)
        return Refusal(uri, "unreadable", f"The entry cannot be read ({type(error).__name__}).", kept)


def _entry(element: etree._Element, publisher: str | None) -> Entry:
    fields: dict[str, list[etree._Element]] = {}
    for child in element:
        fields.setdefault(named(child), []).append(child)
    return Entry(
        title=_first(fields, "title", "atom:title", "dc:title"),
        link=_link(element, fields),
        content=_first(fields, "content:encoded", "atom:content", "xhtml:body", "xhtml:div", "content"),
        summary=_first(fields, "description", "atom:summary", "dc:description", "summary"),
        published=_first(fields, "pubDate", "atom:published", "atom:issued", "dcterms:issued", "dc:date",
                         "dcterms:created", "pubdate", "published", "date"),
        updated=_first(fields, "atom:updated", "atom:modified", "dcterms:modified", "updated"),
        byline=_byline(fields),
        publisher=_source(fields) or publisher,
    )  # fmt: skip


def _first(fields: Fields, *names: str) -> str:
    """The text, or markup, of the first field of these names that has any."""
    texts = (_written(each) for name in names for each in fields.get(name, ()))
    return next(filter(None, texts), "")


def _written(element: etree._Element) -> str:
    """What an element holds as its publisher wrote it: elements within it are markup."""
    if not len(element):
        return text_of(element)
    whole = deepcopy(element)
    for each in whole.iter(etree.Element):  # and no reference to an entity
        each.tag = local(each)  # the prefixes of XHTML mean nothing to a parser of HTML
    return etree.tostring(whole, encoding="unicode", with_tail=False)


def _link(element: etree._Element, fields: Fields) -> str:
    links = [*fields.get("link", ()), *fields.get("atom:link", ())]
    pages = [each.get("href") or "" for each in links if each.get("rel", "alternate") == "alternate"]
    guids = [text_of(each) for each in fields.get("guid", ()) if each.get("isPermaLink") != "false"]
    written = [text_of(each) for each in fields.get("feedburner:origLink", ())]
    written += [*map(text_of, links), *pages]
    last = [*guids, *map(text_of, fields.get("atom:id", ())), element.get(_ABOUT) or ""]
    return next(filter(None, written), None) or next(filter(is_address, last), "")


def _byline(fields: Fields) -> tuple[str, ...]:
    people = [each.find("{*}name") for each in fields.get("atom:author", ())]
    written = [text_of(each) for each in people if each is not None]
    written += [text_of(each) for name in ("dc:creator", "author") for each in fields.get(name, ())]
    names = (_MAIL.sub("", each[:_LONGEST_BYLINE]).strip(" ()<>\t\r\n") for each in written)
    return tuple(dict.fromkeys(name for each in names for name in names_of(each)))


def _source(fields: Fields) -> str | None:
    """The newspaper that an entry of a collection of feeds comes from."""
    inner = (title for each in fields.get("atom:source", ()) for title in each.findall("{*}title"))
    names = (plain_title(text_of(each)) for each in (*fields.get("source", ()), *inner))
    return next(filter(None, names), None)
