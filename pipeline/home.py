"""Khabar's own places: a folder on this machine, and the folder in each store that holds no table."""

from __future__ import annotations

import os
from pathlib import Path

INTERNAL = "_ledger"
"""The folder by which a store is known; neither readers of its tables nor a walk for inputs look into it."""


def home() -> Path:
    """The folder for what outlives a run and belongs to no store: $KHABAR_HOME, else `~/.khabar`."""
    return Path(os.environ.get("KHABAR_HOME") or Path.home() / ".khabar")
