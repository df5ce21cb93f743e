"""The end by which a response must be complete, known to all that is done for it in this thread."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Final

_END: Final[ContextVar[float]] = ContextVar("end")


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Give what is done inside at most `seconds`."""
    token = _END.set(time.monotonic() + seconds)
    try:
        yield
    finally:
        _END.reset(token)


def left() -> float:
    """The seconds that are left, more than none; TimeoutError when the time is up."""
    seconds = _END.get() - time.monotonic()
    if seconds <= 0:
        raise TimeoutError("the time for the whole response is up")
    return seconds
