"""Articles that say the same in other dress: another encoding, spacing, punctuation, case or nukta."""

from __future__ import annotations

import hashlib

import regex

from pipeline.text.devanagari import comparison_key

# A point between digits stays: 1.5 crore is not 15 crore.
_DRESS = regex.compile(r"(?<=\p{Nd})\.(?=\p{Nd})(*SKIP)(*FAIL)|[\p{P}\p{Z}\p{C}\p{Sk}|\s]+")


def fingerprint(text: str) -> str:
    """Hex SHA-256 of the words of `text`, the same for texts that differ in dress alone."""
    return hashlib.sha256(_DRESS.sub("", comparison_key(text)).encode("utf-8")).hexdigest()
