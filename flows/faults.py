"""What may be written down of an error where no word of an article should stand."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import NamedTuple

from pipeline.holding import StoreBusy, StoreUnusable


class Fault(NamedTuple):
    """The class of an error, what it says where that is of our making, and where in the code it arose."""

    error: str
    message: str | None
    at: str | None


def fault(error: BaseException) -> Fault:
    """What may be known of an error."""
    frames = traceback.extract_tb(error.__traceback__)
    at = f"{'/'.join(Path(frames[-1].filename).parts[-2:])}:{frames[-1].lineno}" if frames else None
    return Fault(type(error).__name__, _message(error), at)


def _message(error: BaseException) -> str | None:
    match error:
        case StoreBusy() | StoreUnusable():
            return str(error)
        case OSError():
            return error.strerror
        case _:
            return None
