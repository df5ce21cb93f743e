"""The way from a stream to what it holds: unpack, detect, hand to the reader of the format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from functools import partial
from io import BytesIO
from pathlib import PurePosixPath
from typing import Any, BinaryIO, Final, Literal
from urllib.parse import unquote, urlsplit

from pipeline.article import Refusal, Story
from pipeline.reading import delimited, json_rows, parquet
from pipeline.reading.decode import decode, encoding_of
from pipeline.reading.detect import HEAD, Format, detect
from pipeline.reading.dialect import Dialect
from pipeline.reading.kept import DAMAGE, payload_of, remembered
from pipeline.reading.leads import Item, Lead, Listing, Origin, is_address
from pipeline.reading.lines import misencoded
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.record import parse_text
from pipeline.reading.sites import same_site
from pipeline.reading.streams import Allowance, limited, read_whole, rejoined, unpacked
from pipeline.reading.unmangled import meant

_PAGES: Final = frozenset(("text/html", "application/xhtml+xml"))
_OF_ROWS: Final = frozenset(("text", "jsonl", "json"))  # how what is left of a row may look
_NAMES: Final = {"text/csv": ".csv", "text/tab-separated-values": ".tsv"}
_MOST_UNPACKED: Final = 512 << 20  # bytes of a packed file from the web
_PACKED: Final = re.compile(r"\.(?:gz|bz2|xz)$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a stream comes from: its name in the tables, and what bears on how it is read.

    `within`: it is a member of an archive; `origin`: it was got on the web; `part`: it is one row or entry
    of what its name says, refused before, in a document of its own; `allowance`: what all members of an
    archive may unpack to.
    """

    uri: str
    text_column: str | None = None
    within: bool = False
    origin: Origin | None = None
    part: bool = False
    allowance: Allowance | None = None

    @property
    def base(self) -> str:
        """The address below which relative links in it are; empty when it has none."""
        return self.origin.url if self.origin else ""

    @property
    def server(self) -> str:
        """The address of who served it, be it as a part of something; empty for what is the user's own."""
        return next(filter(is_address, (self.base, self.uri)), "")


Reader = Callable[[BinaryIO, Place], Iterator[Item]]


def items_of(content: bytes, place: Place) -> Iterator[Item]:
    """What `content` holds, of any format."""
    return items(BytesIO(content), place)


def items(stream: BinaryIO, place: Place) -> Iterator[Item]:
    """What `stream` holds; damage met on the way becomes the last refusal, after what was read before."""
    stream, again = remembered(stream)
    try:
        for found in _found(stream, place):
            if isinstance(found, Refusal) and found.source_uri == place.uri and found.payload is None:
                found = replace(found, payload=payload_of(again))
            yield found
        return
    except NotAnArticle as error:
        no = error
    except DAMAGE as error:
        no = NotAnArticle("unreadable", f"The data are damaged or end early: {error}.")
    # The boundary of "one bad file never ends a run": whatever a library raises on strange bytes stops here.
    except Exception as error:
        no = NotAnArticle("unreadable", f"It cannot be read ({type(error).__name__}: {error}).")
    yield no.refusal(place.uri, payload_of(again))


def _found(stream: BinaryIO, place: Place) -> Iterator[Item]:
    plain, name = unpacked(stream, _file_name(place))
    if place.allowance or (place.server and plain is not stream):
        plain = limited(plain, place.allowance or Allowance(_MOST_UNPACKED))
    head = plain.read(HEAD)
    read_format = _reader(_format(head, name, place))
    found = (
        _storable(_meant(_owned(each, place), place)) for each in read_format(rejoined(head, plain), place)
    )
    first = next(found, None)
    if first is None:
        raise NotAnArticle("empty", "It holds no rows, entries or pages.")
    yield first
    yield from found


def _file_name(place: Place) -> str:
    """The name that may break ties between formats."""
    path = place.uri
    if is_address(path):
        path = unquote(urlsplit(path).path)
    name = _PACKED.sub("", PurePosixPath(path).name)
    return name + (_NAMES.get(place.origin.media_type or "", "") if place.origin else "")


def _format(head: bytes, name: str, place: Place) -> Format | Dialect | Literal["row"]:
    found = detect(head, name, place.text_column)
    if place.part and (found in _OF_ROWS or isinstance(found, Dialect)):
        return "row"
    said = place.origin is not None and place.origin.media_type in _PAGES
    return "html" if said and (found == "text" or isinstance(found, Dialect)) else found


def _reader(found: Format | Dialect | Literal["row"]) -> Reader:
    if isinstance(found, Dialect):
        return partial(_delimited, dialect=found)
    return _READERS[found]


def _delimited(stream: BinaryIO, place: Place, dialect: Dialect) -> Iterator[Item]:
    return delimited.read_rows(stream, place.uri, place.text_column, dialect)


def _text(stream: BinaryIO, place: Place) -> Iterator[Item]:
    story = parse_text(decode(_in_utf8(read_whole(stream), place)), place.uri)
    if not story.source_text:
        raise NotAnArticle("empty", "There is no text.")
    if not any(char.isalpha() for char in story.source_text):
        raise NotAnArticle("not_text", "The text has not a single letter.")
    yield _placed(story, place)


def _page(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.page import read_page  # late: the HTML parser is slow to import

    seen_at = place.origin.at if place.origin else None
    yield _placed(read_page(_in_utf8(read_whole(stream), place), place.uri, seen_at), place)


def _in_utf8(content: bytes, place: Place) -> bytes:
    """Content in UTF-8 where only the header it came with says in which encoding it is."""
    declared = place.origin.charset if place.origin else None
    encoding = encoding_of(content, declared=declared) if declared else None
    return content.decode(encoding).encode() if encoding and encoding != "utf-8" else content


def _placed(story: Story, place: Place) -> Story:
    """The story with the address it was got from, where it names none of its own site."""
    believed = story.url and (not place.server or same_site(story.url, place.server))
    return replace(story, url=place.origin.url) if place.origin and not believed else story


def _owned(found: Item, place: Place) -> Item:
    """What a server sent; where it claims an address of another site, the name says who sent it instead."""
    if not place.server or isinstance(found, Lead | Listing):
        return found
    if found.source_uri != place.uri and not same_site(found.source_uri, place.uri):
        found = replace(found, source_uri=f"{place.uri}#{found.source_uri}")
    if isinstance(found, Refusal) or not found.url or same_site(found.url, place.server):
        return found
    return replace(found, url=None)


def _feed(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.feeds import read_feed  # late: so is that of XML

    return read_feed(stream, place.uri, place.base)


def _json_feed(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.json_feed import read_json_feed

    return read_json_feed(stream, place.uri, place.base)


def _sitemap(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.sitemaps import read_sitemap

    return read_sitemap(stream, place.uri, place.base)


def _warc(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.warc import read_records

    def read_record(content: bytes, url: str, origin: Origin) -> Iterator[Item]:
        return items_of(content, replace(place, uri=url, origin=origin))

    return read_records(stream, place.uri, read_record)


def _zip(stream: BinaryIO, place: Place) -> Iterator[Item]:
    from pipeline.reading.zipped import read_archive

    inside = replace(place, within=True, origin=None)
    if place.server:
        inside = replace(inside, allowance=place.allowance or Allowance(_MOST_UNPACKED))

    def read_member(member: BinaryIO, uri: str) -> Iterator[Item]:
        return items(member, replace(inside, uri=uri))

    return read_archive(stream, place.uri, place.text_column, read_member, nested=place.within)


_READERS: Final[dict[Format | Literal["row"], Reader]] = {
    "text": _text,
    "html": _page,
    "jsonl": lambda stream, place: json_rows.read_lines(stream, place.uri, place.text_column),
    "json": lambda stream, place: json_rows.read_document(stream, place.uri, place.text_column),
    "row": lambda stream, place: json_rows.read_row_alone(stream, place.uri, place.text_column),
    "parquet": lambda stream, place: parquet.read_rows(stream, place.uri, place.text_column),
    "feed": _feed,
    "json feed": _json_feed,
    "sitemap": _sitemap,
    "warc": _warc,
    "zip": _zip,
}


def _meant(found: Item, place: Place) -> Item:
    """A story as its author meant it, or the refusal of one in an encoding or a font that is not sure."""
    if not isinstance(found, Story):
        return found
    try:
        return meant(found)
    except NotAnArticle as no:
        whole = found.source_uri == place.uri  # then all of the stream is kept
        return no.refusal(found.source_uri, None if whole else found.source_text.encode("utf-8", "replace"))


def _storable(found: Item) -> Item:
    """What was read, with U+FFFD for halves of surrogate pairs, which no file can hold."""
    values = {field.name: getattr(found, field.name) for field in fields(found)}
    whole: dict[str, Any] = {name: _whole(value) for name, value in values.items()}
    return found if whole == values else replace(found, **whole)


def _whole(value: object) -> object:
    if isinstance(value, tuple):
        return tuple(map(_whole, value))
    if not isinstance(value, str) or not misencoded(value):
        return value
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
