"""The words of a title or byline, brought to a form in which they can be compared or put together."""

from __future__ import annotations

from typing import Final

import regex

SPACE: Final = " \t\r\n"
_BETWEEN_NAMES = regex.compile(r"\s*[,;|&]\s*|\s+(?:and|और|व|एवं)\s+", regex.I)


def squeezed(text: str) -> str:
    """The text with every run of white space as one space, and none around it."""
    return " ".join(text.split())


def solid(text: str) -> str:
    """The letters and digits of a text alone, in one case."""
    return "".join(char for char in text.casefold() if char.isalnum())


def headed(title: str | None, body: str) -> str:
    """A title known apart, a blank line, the body; the body alone where it begins with the title."""
    if not title or _plain(body[: 2 * len(title) + 20]).startswith(_plain(title)):
        return body
    return f"{title}\n\n{body}" if body else title


def names_of(byline: str) -> tuple[str, ...]:
    """The names in a byline."""
    return tuple(dict.fromkeys(name for name in _BETWEEN_NAMES.split(byline.strip(SPACE)) if name))


def _plain(text: str) -> str:
    return squeezed(text).casefold()
