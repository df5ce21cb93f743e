"""Khabar's own places: a folder on this machine, and the folder in each store that holds no table."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import unquote

INTERNAL = "_ledger"
"""The folder by which a store is known; neither readers of its tables nor a walk for inputs look into it."""

STAGING = f"{INTERNAL}/staging"
"""Where files wait to be moved into place; what nobody promised to move is cleared away by the next run."""
STAGED = ".staged"
"""How the name of such a file ends."""

Root = Path | str
"""Where a store is: a folder of this machine, or the address of another file system, such as `s3://…`."""


def home() -> Path:
    """The folder for what outlives a run and belongs to no store: $KHABAR_HOME, else `~/.khabar`."""
    return Path(os.environ.get("KHABAR_HOME") or Path.home() / ".khabar")


def root_of(text: str) -> Root:
    """The root that a user names: a path, also as `file://…`, or an address."""
    if text.startswith("file://"):
        return Path(unquote(text.removeprefix("file://").removeprefix("localhost")))
    return text.rstrip("/") if "://" in text else Path(text)
