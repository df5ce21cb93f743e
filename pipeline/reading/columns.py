"""Which column of a table plays which part, by its name."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from pipeline.tsv import rows

_BESIDE = "beside"
_CASE = regex.compile(r"(?<=[a-z])(?=[A-Z])")
_GAPS = regex.compile(r"[\s\-.]+")


@dataclass(frozen=True, slots=True)
class Columns:
    """The names of the columns that hold an article and what is known of it, None where there is none."""

    text: str | None
    title: str | None
    date: str | None
    url: str | None
    byline: str | None
    publisher: str | None


@lru_cache(maxsize=256)
def columns_of(names: tuple[str, ...], text_column: str | None = None) -> Columns:
    """The part of each column; `text_column` names the one with the text when it is not an obvious one."""
    plain: dict[str, str] = {}
    for name in names:
        for form in _plain(name):
            plain.setdefault(form, name)
    best = {role: next((plain[each] for each in known if each in plain), None) for role, known in _parts()}
    if text_column is not None:
        best["text"] = text_column if text_column in names else plain.get(_plain(text_column)[0])
    return Columns(**best)


@lru_cache(maxsize=256)
def known_parts(names: tuple[str, ...], text_column: str | None = None) -> int:
    """How many different parts, of an article or beside it, columns of these names are known to play."""
    plain = {form for name in names for form in _plain(name)}
    known = sum(not plain.isdisjoint(each) for role, each in _known().items() if role != "text")
    return known + (columns_of(names, text_column).text is not None)


def _parts() -> list[tuple[str, list[str]]]:
    """The parts that are read, without what only stands beside an article."""
    return [(role, names) for role, names in _known().items() if role != _BESIDE]


def _plain(name: str) -> tuple[str, str]:
    """The name in lower case, as it is and with its words apart: `articlebody`, `article_body`."""
    bare = unicodedata.normalize("NFC", name.strip("\ufeff \t"))
    return _GAPS.sub("_", bare.lower()), _GAPS.sub("_", _CASE.sub("_", bare).lower())


@cache
def _known() -> dict[str, list[str]]:
    """The known names of each part, best first."""
    known: dict[str, list[str]] = {}
    for role, name in rows(__package__, "columns.tsv"):
        known.setdefault(role, []).append(unicodedata.normalize("NFC", name))
    return known
