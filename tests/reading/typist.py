"""Types Hindi for Kruti Dev, as one who knows the font does: the way back of `to_unicode`."""

from __future__ import annotations

import regex

from pipeline.tsv import rows

KEYS: dict[str, str] = {}
for letters, key in rows("pipeline.reading", "kruti_dev.tsv"):
    KEYS.setdefault(letters, key)

_SYLLABLE = regex.compile(
    r"(?P<reph>र्(?=[क-ह]))?(?P<cluster>(?:[क-ह]़?्)*[क-ह]़?)(?P<sign>[ािीुूृेैोौॉ])?(?P<nasal>[ँंः]*)(?P<halant>्)?"
)
_SIGNS = {"ो": "ks", "ौ": "kS", "ॉ": "kW"}
_VOWELS = {"आ": "vk", "ओ": "vks", "औ": "vkS", "ऑ": "vkW", "ऐ": ",s"}


def typed(text: str) -> str:
    """The keys for `text`, which is letters of Hindi, digits, spaces, danda and comma."""
    parts, at = [], 0
    while at < len(text):
        syllable = _SYLLABLE.match(text, at)
        if syllable:
            parts.append(_syllable(syllable))
            at = syllable.end()
        else:
            parts.append(_VOWELS.get(text[at]) or KEYS.get(text[at]) or text[at])
            at += 1
    return "".join(parts)


def _syllable(match: regex.Match[str]) -> str:
    sign = match["sign"] or ""
    before, after = ("f", "") if sign == "ि" else ("", _SIGNS.get(sign) or KEYS.get(sign, ""))
    nasals = "".join(KEYS[nasal] for nasal in match["nasal"])
    reph = "Z" if match["reph"] else ""
    return before + _cluster(match["cluster"]) + after + reph + nasals + ("~" if match["halant"] else "")


def _cluster(cluster: str) -> str:
    """The longest pieces of a cluster that the font has keys for, as halves, wholes and halves with the bar."""
    parts, at = [], 0
    while at < len(cluster):
        end = next(end for end in range(len(cluster), at, -1) if _key(cluster, at, end) is not None)
        parts.append(_key(cluster, at, end) or "")
        at = end
    return "".join(parts)


def _key(cluster: str, start: int, end: int) -> str | None:
    piece, rest = cluster[start:end], cluster[end:]
    if piece.endswith("्र") and piece not in KEYS:
        return None if len(piece) > 2 else KEYS["्र"]
    if piece in ("़", "्"):
        return KEYS[piece]
    if rest.startswith("्र") and not piece.endswith("्") and piece in KEYS:
        return KEYS[piece]
    if rest.startswith("्") or (piece.startswith("्") and piece != "्र"):
        return None
    if piece in KEYS:
        return KEYS[piece]
    return KEYS[piece + "्"] + "k" if piece + "्" in KEYS else None
