"""What was refused, kept to be looked at and tried again: a gzip file for each payload, named by its content.

A payload is on the disk before the row of `rejects` that names it, and equal payloads are one file. All may
be deleted at any time: then there is nothing to look at, and only what has an address can be tried again.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
from pathlib import Path
from typing import Final

from pipeline.home import INTERNAL

LARGEST: Final = 20 << 20  # bytes, unpacked
_SHAPE: Final = re.compile(rf"{INTERNAL}/payloads/[0-9a-f]{{2}}/[0-9a-f]{{64}}\.gz")


class Payloads:
    """The payloads of a store that is open for writing."""

    def __init__(self, root: Path) -> None:
        """Those of the store at `root`; nothing is made yet."""
        self._root = root
        self._changed: set[Path] = set()

    def keep(self, content: bytes | None) -> str | None:
        """The path, from the store's root, at which `content` is kept; None when it is not, as too large."""
        if content is None or len(content) > LARGEST:
            return None
        digest = hashlib.sha256(content).hexdigest()
        path = f"{INTERNAL}/payloads/{digest[:2]}/{digest}.gz"
        self._changed.update(list((self._root / path).parents)[:3])
        if not (self._root / path).exists():
            self._write(content, self._root / path)
        return path

    def sync(self) -> None:
        """See to it that what was kept outlives a loss of power."""
        for folder in self._changed:
            handle = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(handle)
            finally:
                os.close(handle)
        self._changed.clear()

    def _write(self, content: bytes, path: Path) -> None:
        staged = self._root / INTERNAL / "staging" / f"{path.name}.staged"
        with staged.open("wb") as file:
            file.write(gzip.compress(content, 6, mtime=0))
            file.flush()
            os.fsync(file.fileno())
        path.parent.mkdir(parents=True, exist_ok=True)
        staged.replace(path)


def is_path(name: str) -> bool:
    """Whether `name` is the path of a payload, as `rejects.payload_path` has it."""
    return _SHAPE.fullmatch(name) is not None


def is_kept(root: Path, path: str | None) -> bool:
    """Whether the payload at `path`, from the store's root, is there."""
    return path is not None and is_path(path) and (root / path).is_file()


def payload(root: Path, path: str) -> bytes:
    """The payload at `path`, from the store's root; OSError when it is not there or damaged."""
    try:
        return gzip.decompress((root / path).read_bytes())
    except EOFError as error:
        raise OSError(f"{path} is cut short") from error
