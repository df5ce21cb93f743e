"""Bytes → stories: detect the format, one module a format; whatever is no article is refused by a code."""

from pipeline.reading.again import Refused
from pipeline.reading.inputs import InputNotFound
from pipeline.reading.reasons import REASONS, NotAnArticle
from pipeline.reading.record import parse_text
from pipeline.reading.stories import fetch_article, read, read_article, read_bytes

__all__ = [
    "REASONS",
    "InputNotFound",
    "NotAnArticle",
    "Refused",
    "fetch_article",
    "parse_text",
    "read",
    "read_article",
    "read_bytes",
]
