"""The words of a title or byline, brought to a form in which they can be compared or put together."""

from __future__ import annotations

import unicodedata
from typing import Final

import regex

SPACE: Final = " \t\r\n"
_BETWEEN_NAMES = regex.compile(r"\s*[,;|&]\s*|\s+(?:and|और|व|एवं)\s+", regex.I)


_NO_WORD = regex.compile(r"[^\p{L}\p{M}\p{N}]+")
_WRITTEN_BY = regex.compile(
    r"(?:(?:written|edited|reported|posted|published|curated|compiled|translated|authored)\s+)?by\s*[:\-–]?\s+"
    r"|by\s*:\s*|(?:लेखक|रिपोर्टर?|संवाददाता|संपादन|लेखन|द्वारा)\s*[:：]\s*",
    regex.I,
)


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, and none around it."""
    return " ".join(text.split())


def solid(text: str) -> str:
    """The letters, their signs and the digits of a text alone, in one case and one form."""
    return _NO_WORD.sub("", unicodedata.normalize("NFC", text).casefold())


def headed(title: str | None, body: str) -> str:
    """A title known apart, a blank line, the body; the body alone where it begins with the title."""
    if not title or _plain(body[: 2 * len(title) + 20]).startswith(_plain(title)):
        return body
    return f"{title}\n\n{body}" if body else title


def names_of(byline: str) -> tuple[str, ...]:
    """The names in a byline."""
    return tuple(dict.fromkeys(name for part in _parts(byline) if (name := _bare(part))))


def names_after_by(line: str) -> tuple[str, ...]:
    """The names in a line that says by whom, as `By Asha Rao`; none in another line."""
    return names_of(line) if _WRITTEN_BY.match(line.strip(SPACE)) else ()


def _bare(name: str) -> str:
    match = _WRITTEN_BY.match(name)
    return name[match.end() :] if match else name


def _parts(byline: str) -> list[str]:
    return _BETWEEN_NAMES.split(byline.strip(SPACE))


def _plain(text: str) -> str:
    return squeezed(text).casefold()
