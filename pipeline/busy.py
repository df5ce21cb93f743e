"""Whether a run holds a store at this moment, without waiting for it or standing in its way for long."""

from __future__ import annotations

import fcntl
from pathlib import Path

from pipeline.home import INTERNAL, Root


def is_busy(root: Root) -> bool | None:
    """Whether some process holds the store's lock; None where that cannot be told from this machine."""
    if not isinstance(root, Path):
        return None
    try:
        with (root / INTERNAL / "lock").open() as lock:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
            return False
    except BlockingIOError:
        return True
    except OSError:
        return None
