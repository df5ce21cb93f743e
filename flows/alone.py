"""What processes of one user must not do at the same time."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager

from pipeline.home import home


@contextmanager
def alone(name: str) -> Iterator[None]:
    """Wait until no other process of this home is within the same `name`, and keep others out."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f"{name}.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
