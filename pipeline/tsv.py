"""The tables beside the code that reads them: tab-separated, with comment lines that name the source."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files


def rows(package: str, name: str) -> Iterator[list[str]]:
    """The rows of `name` in `package`, as cells; empty lines and lines that begin with # are left out."""
    for line in files(package).joinpath(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t")
