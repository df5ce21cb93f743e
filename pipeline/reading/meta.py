"""The meta tags of a page."""

from __future__ import annotations

from collections.abc import Mapping

from bs4 import BeautifulSoup


def metadata(page: BeautifulSoup) -> dict[str, str]:
    """What the meta tags say, by name, property or itemprop in lower case; of each the first that says it."""
    found: dict[str, str] = {}
    for tag in page.find_all("meta"):
        content = str(tag.get("content") or "").strip()
        for attribute in ("property", "name", "itemprop"):
            key = str(tag.get(attribute) or "").strip().lower()
            if key and content:
                found.setdefault(key, content)
    return found


def first(meta: Mapping[str, str], *keys: str) -> str | None:
    """The first of `keys` that the page has."""
    return next((meta[key] for key in keys if key in meta), None)
