"""What reading finds besides stories and refusals: addresses at which there is more to read."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin, urlsplit

from pipeline.article import Refusal, Repeat, Story
from pipeline.reading.dates import Published

_ADDRESS: Final = re.compile(r"https?://[^\s/]\S*", re.I)


@dataclass(frozen=True, slots=True)
class Lead:
    """The page of an article, with what the feed or sitemap that names it says of it.

    `stamp` is its own mark of the state of the page (a time, as a rule), empty where it has none.
    """

    url: str
    stamp: str = ""
    title: str | None = None
    when: Published | None = None
    publisher: str | None = None


@dataclass(frozen=True, slots=True)
class Listing:
    """Something to read that may lead further: an input, or a sitemap that an index names."""

    url: str
    stamp: str | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when content was got on the web, and what its header says of it."""

    url: str
    charset: str | None = None
    media_type: str | None = None
    at: dt.datetime | None = None


Reading = Story | Refusal | Repeat
Item = Story | Refusal | Lead | Listing


def is_address(name: str) -> bool:
    """Whether a name is an address on the web."""
    return _ADDRESS.fullmatch(name) is not None


def address(link: str, base: str) -> str | None:
    """The address that a link below `base` means; None when it means none on the web."""
    try:
        whole = urljoin(base, link.strip()) if link.strip() else ""
        return whole if is_address(whole) and urlsplit(whole).hostname else None
    except ValueError:  # such as http://[x
        return None
