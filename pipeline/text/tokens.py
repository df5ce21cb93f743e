"""Words of Hindi, English and mixed text, as offsets.

A word is a run of letters and the marks that belong to them, so no matra is ever cut off. Grouped and
decimal numbers of both scripts hold together, with the currency sign before them. Latin and Devanagari
letters that touch (`Flipkartने`) are two words. Everything else that is no space is a word of its own.
"""

from __future__ import annotations

import regex

_DIGIT = "0-9०-९"
_JOINERS = "\u200c\u200d"
_TOKEN = regex.compile(
    rf"""
      https?://[^\s<>"'।]+ | www\.[^\s<>"'।]+  # addresses on the web
    | [\w.+-]{{1,64}}@[\w-]+\.[\w.-]*\w  # addresses of mail
    | [₹$€£¥][{_DIGIT}]+(?:[.,][{_DIGIT}]+)*  # a sign and its number
    | (?<![\p{{L}}\p{{M}}])[{_DIGIT}]+(?:[.,][{_DIGIT}]+)*(?:[\p{{L}}\p{{M}}{_JOINERS}]+)?  # 2.6 5जी
    | (?:\p{{Lu}}\.){{2,}}  # U.S.
    | [A-Z]{{1,4}}&[A-Z]{{1,4}}(?![\p{{L}}])  # L&T
    | [\p{{Latin}}][\p{{Latin}}\p{{Mn}}{_DIGIT}]*  # micro1
    | [\p{{Devanagari}}--[।॥{_DIGIT}॰]][[\p{{Devanagari}}{_JOINERS}{_DIGIT}]--[।॥॰]]*
    | [\p{{L}}\p{{M}}\p{{N}}{_JOINERS}]+
    | \S
    """,
    regex.VERBOSE | regex.VERSION1,
)


def tokens(text: str) -> list[tuple[int, int]]:
    """The (start, end) of every token of `text`, in order; together they cover all but white space."""
    return [match.span() for match in _TOKEN.finditer(text)]
