"""Articles that say the same in other dress: another encoding, spacing, punctuation, case or nukta."""

from __future__ import annotations

import hashlib

import regex

from pipeline.text.devanagari import comparison_key

_SIGNS = r"[\p{P}\p{Z}\p{C}\p{Sk}|\s]"
_GROUPING = regex.compile(r"(?<=\p{Nd}),(?=(?:\p{Nd}{2,3},){0,6}\p{Nd}{3}(?!\p{Nd}))")
# Figures that were apart stay apart: 1.5 is not 15, 2-3 is not 23.
_APART = regex.compile(rf"(\p{{Nd}})(?!\.\p{{Nd}}){_SIGNS}++(?=\p{{Nd}})")
_DRESS = regex.compile(rf"(?<=\p{{Nd}})[. ](?=\p{{Nd}})(*SKIP)(*FAIL)|{_SIGNS}+")


def fingerprint(text: str) -> str:
    """Hex SHA-256 of the words of `text`, the same for texts that differ in dress alone."""
    key = _APART.sub(r"\1 ", _GROUPING.sub("", comparison_key(text)))
    return hashlib.sha256(_DRESS.sub("", key).encode("utf-8")).hexdigest()
