"""A table's bytes → lines of text, in bounded memory."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from pipeline.reading.decode import encoding_of
from pipeline.reading.streams import LARGEST_ARTICLE, rejoined

_HEAD: Final = 1 << 16
_ESCAPED = re.compile("[\udc80-\udcff]")


def lines(stream: BinaryIO) -> Iterator[str]:
    """The lines with their ends; bytes outside the encoding as lone surrogates, endless lines cut off."""
    head = stream.read(_HEAD)
    encoding = encoding_of(head, complete=False) or "utf-8"
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    text = io.TextIOWrapper(rejoined(head, stream), encoding, errors, newline="")
    try:
        while line := text.readline(LARGEST_ARTICLE + 1):
            yield line
            while len(line) > LARGEST_ARTICLE and not line.endswith("\n"):  # the rest of it is passed over
                line = text.readline(LARGEST_ARTICLE + 1)
    finally:
        text.detach()


def misencoded(line: str) -> bool:
    """Whether a line holds bytes that are not in the encoding of its table."""
    return _ESCAPED.search(line) is not None
