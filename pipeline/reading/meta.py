"""The meta tags of a page."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urlsplit

import regex

from pipeline.reading.markup import Element

_ADDRESS = regex.compile(r"https?://\S+", regex.I)


def metadata(page: Element) -> dict[str, str]:
    """What the meta tags say, by name, property or itemprop in lower case; of each the first that says it."""
    found: dict[str, str] = {}
    for tag in page.iter("meta"):
        content = str(tag.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            key = str(tag.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, content)
    return found


def first(meta: Mapping[str, str], *keys: str) -> str | None:
    """The first of `keys` that the page has."""
    return next((meta[key] for key in keys if key in meta), None)


def address(page: Element, meta: Mapping[str, str]) -> str | None:
    """The address the page gives as its own."""
    links = (link for link in page.iter("link") if (link.get("rel") or "").lower() == "canonical")
    link = next(links, None)
    candidates = ((link.get("href") or "").strip() if link is not None else "", meta.get("og:url", ""))
    return next(filter(_is_address, candidates), None)


def _is_address(value: str) -> bool:
    try:
        return _ADDRESS.fullmatch(value) is not None and bool(urlsplit(value).netloc)
    except ValueError:  # brackets that hold no IPv6 address
        return False
