"""What was refused, kept to be looked at and tried again: a gzip file for each payload, named by its content.

A payload is on the disk before the row of `rejects` that names it, and equal payloads are one file. All may
be deleted at any time: then there is nothing to look at, and only what has an address can be tried again.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from typing import Final

from pipeline.home import INTERNAL, STAGED, STAGING
from pipeline.places import Place

LARGEST: Final = 20 << 20  # bytes, unpacked
_SHAPE: Final = re.compile(rf"{INTERNAL}/payloads/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.gz")


class Payloads:
    """The payloads of a store that is open for writing."""

    def __init__(self, place: Place) -> None:
        """Those of the store at `place`; nothing is made yet."""
        self._place = place
        self._changed: set[str] = set()

    def keep(self, content: bytes | None) -> str | None:
        """The path, from the store's root, at which `content` is kept; None when it is not, as too large."""
        if content is None or len(content) > LARGEST:
            return None
        digest = hashlib.sha256(content).hexdigest()
        path = f"{INTERNAL}/payloads/{digest[:2]}/{digest}.gz"
        self._changed.add(path)
        if not self._place.exists(path):
            staged = f"{STAGING}/{digest}.gz{STAGED}"
            self._place.write(staged, gzip.compress(content, 6, mtime=0))
            self._place.move(staged, path)
        return path

    def sync(self) -> None:
        """See to it that what was kept outlives a loss of power."""
        self._place.sync(self._changed)
        self._changed.clear()


def is_path(name: str) -> bool:
    """Whether `name` is the path of a payload, as `rejects.payload_path` has it."""
    return _SHAPE.fullmatch(name) is not None


def is_kept(place: Place, path: str | None) -> bool:
    """Whether the payload at `path`, from the store's root, is there."""
    return path is not None and is_path(path) and place.exists(path)


def payload(place: Place, path: str) -> bytes:
    """The payload at `path`, from the store's root; OSError when it is not there or damaged."""
    with place.open(path) as file:
        packed = file.read()
    try:
        return gzip.decompress(packed)
    except EOFError as error:
        raise OSError(f"{path} is cut short") from error
