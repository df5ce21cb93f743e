"""A feed's or sitemap's bytes → its elements, however broken the XML, in bounded memory.

No entity, document type or address in the document is ever resolved: every reference that is not one of
XML's own is made text before the parser sees it, so that an entity bomb stays the few bytes it is.
"""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from html import escape, unescape
from html.entities import html5
from typing import BinaryIO, Final, cast

import regex
from lxml import etree

from pipeline.reading.decode import encoding_of, holds_utf8
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.streams import LARGEST_ARTICLE, rejoined

_MOST_ELEMENTS: Final = 1_000_000
_CHUNK: Final = 1 << 16
_DECLARED = regex.compile(rb"""<\?xml[^>]{0,200}encoding\s*=\s*["']([\w.:-]+)""")
_CDATA: Final = "<![CDATA["
_MARK = regex.compile(r"<!\[CDATA\[|<!--")  # up to whose end no other counts
_END: Final = {_CDATA: regex.compile("]]>"), "<!--": regex.compile("-->")}
_REFERENCE = regex.compile(r"&(#\d{1,7};|#[xX][\da-fA-F]{1,6};|[a-zA-Z][a-zA-Z\d]{1,31};)?")
_LONGEST_REFERENCE: Final = 40
_AND: Final = "&#38;"
_CONTROLS: Final = bytes(set(range(0x20)) - set(b"\t\n\r"))  # no characters of XML
_NONE = regex.compile(r"[\ufffe\uffff]")  # nor these
_PREFIXES: Final = {
    "http://www.w3.org/2005/Atom": "atom:",
    "http://purl.org/atom/ns#": "atom:",
    "http://purl.org/rss/1.0/modules/content/": "content:",
    "http://purl.org/dc/elements/1.1/": "dc:",
    "http://purl.org/dc/terms/": "dcterms:",
    "http://www.w3.org/1999/xhtml": "xhtml:",
    "http://rssnamespace.org/feedburner/ext/1.0": "feedburner:",
    "http://www.google.com/schemas/sitemap-news/0.9": "news:",
    "http://wordpress.org/export/1.2/excerpt/": "excerpt:",
    "http://purl.org/rss/1.0/": "",
    "http://my.netscape.com/rdf/simple/0.9/": "",
    "http://my.netscape.com/publish/formats/rss-0.91.dtd": "",
    "http://channel.netscape.com/rdf/simple/0.9/": "",
    "http://backend.userland.com/rss2": "",
}


def elements(stream: BinaryIO, wanted: frozenset[str]) -> Iterator[etree._Element]:
    """Each outermost element with one of the local names `wanted`; it is emptied when the next is asked for.

    NotAnArticle at the end of what can be read: `bad_encoding`, `too_large` (one element), `unreadable`.
    """
    parser = etree.XMLPullParser(
        events=("start", "end"), encoding="utf-8", recover=True,
        resolve_entities=False, load_dtd=False, no_network=True, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    depth = inside = size = seen = 0
    begun = False
    for text in _mended(_chunks(stream)):
        parser.feed(text.encode().translate(None, _CONTROLS))
        size += len(text)
        for event, found in parser.read_events():
            element = cast(etree._Element, found)
            begun = True
            if event == "start":
                depth += 1
                seen += 1
                if seen > _MOST_ELEMENTS:
                    raise NotAnArticle("too_large", f"{_MOST_ELEMENTS:,} elements are of one entry or none.")
                inside = inside or (depth if local(element) in wanted else 0)
                continue
            if inside == depth:
                yield element
                seen = 0
            if inside in (0, depth):
                _free(element)
                inside = size = 0
            depth -= 1
        if size > LARGEST_ARTICLE:
            raise NotAnArticle("too_large", f"One entry is larger than {LARGEST_ARTICLE >> 20} MB.")
    if depth or not begun:
        raise NotAnArticle("unreadable", "The XML is damaged or ends early.")


def local(element: etree._Element) -> str:
    """The name of an element without its namespace."""
    return str(element.tag).rpartition("}")[2].rpartition(":")[2]


def named(element: etree._Element) -> str:
    """The name of an element with the usual prefix of its namespace; as written where none is declared."""
    space, _, name = str(element.tag).removeprefix("{").rpartition("}")
    return _PREFIXES.get(space, "?:") + name if space else name


def text_of(element: etree._Element) -> str:
    """All text in an element, stripped."""
    return "".join(str(part) for part in element.itertext()).strip()


def _free(element: etree._Element) -> None:
    """Give the memory of an element that was read back, and that of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _chunks(stream: BinaryIO) -> Iterator[str]:
    """The text, decoded piece by piece, without white space before it; U+FFFD for what is in no encoding."""
    head = stream.read(_CHUNK)
    declared = _DECLARED.search(head)
    encoding = encoding_of(head, declared=declared[1].decode() if declared else None, complete=False)
    encoding = encoding or ("utf-8" if holds_utf8(head) else None)  # what is damaged is told by its entry
    if encoding is None:
        raise NotAnArticle("bad_encoding", "The XML is neither UTF-8 nor in another encoding that is sure.")
    decoder, rest, begun = codecs.getincrementaldecoder(encoding)("replace"), rejoined(head, stream), False
    while chunk := rest.read(_CHUNK):
        text = decoder.decode(chunk).replace("\ufffe", "").replace("\uffff", "")
        text = text if begun else text.lstrip("\ufeff \t\r\n")
        begun = begun or bool(text)
        yield text
    yield decoder.decode(b"", True)


def _mended(chunks: Iterator[str]) -> Iterator[str]:
    """The text with only references and characters that XML knows; within CDATA none is a reference."""
    rest, within = "", ""
    for chunk in chunks:
        rest += chunk
        while match := (_END[within] if within else _MARK).search(rest):
            yield _written(rest[: match.end()], within)
            rest, within = rest[match.end() :], "" if within else match[0]
        end = max(0, len(rest) - 2) if within else _complete(rest)
        yield _written(rest[:end], within)
        rest = rest[end:]
    yield _written(rest, within)


def _written(text: str, within: str) -> str:
    return text if within == _CDATA else _escaped(text)


def _complete(text: str) -> int:
    """Up to where `text` ends in no part of a reference or mark that may go on."""
    start = max(0, len(text) - _LONGEST_REFERENCE)
    return min((at for mark in "&<" if (at := text.find(mark, start)) >= 0), default=len(text))


def _escaped(text: str) -> str:
    return _REFERENCE.sub(_reference, text) if "&" in text else text


def _reference(match: regex.Match[str]) -> str:
    """What a reference means as XML; `&` by number, for by name the parser loses it after an error."""
    name = match[1] or ""
    if name.startswith("#") or name in html5:
        return escape(_NONE.sub("", unescape(match[0]))).replace("&amp;", _AND)
    return _AND + name
