"""Khabar's own folder on this machine, for what outlives a run and belongs to no store."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder: $KHABAR_HOME, else `~/.khabar`. It need not exist."""
    return Path(os.environ.get("KHABAR_HOME") or Path.home() / ".khabar")
