"""The tables that stand beside this code; the larger ones are gzipped."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path

from pipeline import tsv

_HERE = Path(__file__).parent


def rows(name: str) -> Iterator[list[str]]:
    """The rows of the table `name`, each a list of its cells."""
    if not name.endswith(".gz"):
        yield from tsv.rows(__package__, name)
        return
    for line in gzip.decompress((_HERE / name).read_bytes()).decode("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")
