"""Folders of tables put in the place of others: at once, so that whoever lists one sees the old or the new.

The new folder is made complete beside the tables, of new files and of hard links to those that stay, and
exchanged with the old one in one step of the file system (renameat2, on Linux). The old one is kept as it
is for a while: a reader may be in the middle of listing it. A reader that listed it and opens its files
after the exchange finds those that were replaced gone, and has to list again.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
import time
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from pipeline.home import INTERNAL, STAGING

STAGED: Final = ".folder"
"""How the name of a staged folder ends; what stands before is the name of a file that is new in it."""
GRACE: Final = 3600
"""Seconds for which a folder that was replaced is kept."""

_RETIRED = f"{INTERNAL}/retired"
_HERE = -100  # AT_FDCWD: paths from the working folder
_EXCHANGE = 2  # RENAME_EXCHANGE


def exchange(one: Path, other: Path) -> None:
    """Let two folders take each other's name at once; OSError where the file system cannot."""
    if not sys.platform.startswith("linux"):
        raise OSError(errno.ENOSYS, os.strerror(errno.ENOSYS), str(one))
    library = ctypes.CDLL(None, use_errno=True)
    if library.renameat2(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE):
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), str(one), None, str(other))


def can_exchange(root: Path) -> bool:
    """Whether the file system of the store at `root` exchanges folders."""
    folders = [root / STAGING / f"{uuid.uuid4().hex}{STAGED}" for _ in range(2)]
    for folder in folders:
        folder.mkdir()
    try:
        exchange(*folders)
    except (OSError, AttributeError):  # a C library without the call
        return False
    finally:
        for folder in folders:
            folder.rmdir()
    return True


def staged(root: Path, final: str, without: Collection[str], files: Sequence[tuple[str, str]]) -> str:
    """Make a folder as the one at `final`, without some of its files and with others; its staged path.

    `files` are staged files, the first not in the folder at `final` yet, and their names in the new one.
    """
    table = final.partition("/")[0]
    name = f"{STAGING}/{table}-{files[0][1]}{STAGED}"
    folder = root / name
    folder.mkdir()
    for entry in os.scandir(root / final):
        if entry.name not in without and entry.is_file():
            os.link(entry.path, folder / entry.name)
    for staged_file, own_name in files:
        (root / staged_file).rename(folder / own_name)
    _sync(folder)
    return name


def exchanged(root: Path, staged_name: str, final: str) -> None:
    """Put a staged folder in its place, and the one that was there aside, unless it was done before."""
    staged_folder, folder = root / staged_name, root / final
    new_file = staged_folder.name.removesuffix(STAGED).partition("-")[2]
    if staged_folder.exists() and not (folder / new_file).exists():
        exchange(staged_folder, folder)
        _sync(staged_folder.parent, folder.parent)
    if staged_folder.exists():
        os.utime(staged_folder)
        (root / _RETIRED).mkdir(exist_ok=True)
        staged_folder.rename(root / _RETIRED / uuid.uuid4().hex)


def cleared(root: Path) -> None:
    """Delete staged folders that were never promised, and replaced ones that no reader can be listing."""
    for folder in (root / STAGING).glob(f"*{STAGED}"):
        shutil.rmtree(folder)
    long_ago = time.time() - GRACE
    for folder in (root / _RETIRED).glob("*"):
        if folder.stat().st_mtime < long_ago:
            shutil.rmtree(folder)


def _sync(*folders: Path) -> None:
    for folder in folders:
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
