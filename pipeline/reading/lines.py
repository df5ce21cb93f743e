"""A table's bytes → lines of text, in bounded memory, by the policy of decode.py."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from pipeline.reading.decode import encoding_of, holds_utf8
from pipeline.reading.streams import LARGEST_ARTICLE, rejoined

_HEAD: Final = 1 << 16
_MARKED: Final = "khabar-lone"  # wide encodings know no surrogateescape


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines with their ends; bytes outside the encoding as lone surrogates, endless lines cut off."""
    head = stream.read(_HEAD)
    encoding = encoding_of(head, complete=False) or "utf-8"
    errors = _MARKED if encoding.startswith(("utf-16", "utf-32")) else "surrogateescape"
    name = "utf-8" if encoding == "cp1252" else encoding  # line by line, for some may be UTF-8 after all
    mend = _mending(head, encoding)
    text = io.TextIOWrapper(rejoined(head, stream), name, errors, newline="")
    try:
        while line := text.readline(LARGEST_ARTICLE + 1):
            yield mend(line) if misencoded(line) else line
            while len(line) > LARGEST_ARTICLE and not line.endswith("\n"):  # the rest of it is passed over
                line = text.readline(LARGEST_ARTICLE + 1)
    finally:
        with suppress(ValueError):  # whoever opened the stream may have closed it
            text.detach()


def misencoded(line: str) -> bool:
    """Whether a line holds bytes that are not in the encoding of its table."""
    try:
        line.encode()  # ten times as fast as to look for surrogates
    except UnicodeEncodeError:
        return True
    return False


def _mending(head: bytes, encoding: str) -> Callable[[str], str]:
    """What becomes of a line with other bytes: nothing in a table that is known to be in Unicode."""
    if encoding == "cp1252":
        return lambda line: _decoded(line, encoding)
    if encoding != "utf-8" or holds_utf8(head):
        return lambda line: line
    return lambda line: _decoded(line, encoding_of(line.encode("utf-8", "surrogateescape")))


def _decoded(line: str, encoding: str | None) -> str:
    try:
        return line.encode("utf-8", "surrogateescape").decode(encoding) if encoding else line
    except UnicodeError:
        return line


def _marked(error: UnicodeError) -> tuple[str, int]:
    if isinstance(error, UnicodeDecodeError):
        return "\udcff", error.end
    raise error


codecs.register_error(_MARKED, _marked)
