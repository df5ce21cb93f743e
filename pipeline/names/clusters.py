"""Words that stand in like company share a cluster, so what is learned of one helps the others."""

from __future__ import annotations

from functools import cache

from pipeline.names.tables import rows


def of(key: str) -> tuple[str, str]:
    """The fine and the coarse cluster of a word's key (digits as 0), `c-` and `C-` when it is in none."""
    return _load().get(key, ("c-", "C-"))


@cache
def _load() -> dict[str, tuple[str, str]]:
    return {word: ("c" + fine, "C" + coarse) for word, fine, coarse in rows("clusters.tsv.gz")}
