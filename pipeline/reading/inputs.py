"""What an input names: a file, a folder, a glob or `-`, as sources with portable names, in order."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, Final

from pipeline.home import INTERNAL

_WILD: Final = frozenset("*?[")
_HIDDEN: Final = re.compile(r"(?:^|/)\.[^/]")


class InputNotFound(Exception):
    """An input names nothing that exists; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Source:
    """Something to read: its portable name and how to open it (OSError when that fails).

    `again`: it is a regular file and can be opened again.
    """

    uri: str
    open: Callable[[], AbstractContextManager[BinaryIO]]
    again: bool = False


def sources(name: str) -> Iterator[Source]:
    """The sources that an input names, sorted by path; InputNotFound at once when there is none."""
    if name == "-":
        return iter([Source("-", lambda: nullcontext(sys.stdin.buffer))])
    path = Path(name)
    if name and path.is_dir():
        return _folder(path, "")
    if name and os.path.lexists(path):
        return iter([_file(path, path.name, again=path.is_file())])
    if _WILD.intersection(name):
        return _glob(name)
    raise InputNotFound(f"There is no file or folder {name!r}.")


def _glob(pattern: str) -> Iterator[Source]:
    base, rest = _fixed_folder(pattern)
    try:
        found = sorted({path.relative_to(base).as_posix() for path in base.glob(rest)})
    except ValueError as error:
        raise InputNotFound(f"{pattern!r} is no pattern for file names: {error}.") from error
    if not found:
        raise InputNotFound(f"Nothing matches {pattern!r}.")
    return _matches(found, base, hidden=bool(_HIDDEN.search(rest)))


def _matches(found: list[str], base: Path, hidden: bool) -> Iterator[Source]:
    """Files that match and files below folders that match, each once; hidden ones if the pattern is."""
    seen: set[str] = set()
    folders = {folder for uri in found for folder in PurePosixPath(uri).parents}
    stores = {folder for folder in folders if _is_store(base / folder)}
    for uri in found:
        if (_HIDDEN.search(uri) and not hidden) or stores.intersection(PurePosixPath(uri).parents):
            continue
        for source in _below(base / uri, "" if uri == "." else uri):
            if source.uri not in seen:
                seen.add(source.uri)
                yield source


def _below(path: Path, uri: str) -> Iterator[Source]:
    if path.is_dir():
        return _folder(path, f"{uri}/" if uri else "")
    return iter([_regular_file(path, uri)])


def _fixed_folder(pattern: str) -> tuple[Path, str]:
    """The folder part of a glob before its first wildcard, and the rest."""
    parts = Path(pattern).parts
    wild = next(at for at, part in enumerate(parts) if _WILD.intersection(part))
    return Path(*parts[:wild]), "/".join(parts[wild:])


def _is_store(folder: Path) -> bool:
    return (folder / INTERNAL).is_dir()  # its tables are what was made and not what is read


def _folder(folder: Path, prefix: str) -> Iterator[Source]:
    """The files below a folder in the order of their whole paths; hidden ones and stores are no input."""
    if _is_store(folder):
        return
    try:
        with os.scandir(folder) as scan:
            entries = [(entry.name + "/" * entry.is_dir(follow_symlinks=False), entry) for entry in scan]
    except OSError as error:
        yield Source(_portable(prefix.rstrip("/") or folder.name), _failing(error))
        return
    for name, entry in sorted(entries, key=lambda pair: pair[0]):
        if name.startswith("."):
            continue
        if name.endswith("/"):
            yield from _folder(Path(entry.path), prefix + name)
        elif entry.is_file():  # without a look at the file itself, unless it is a link
            yield _file(entry.path, prefix + name, again=True)
        else:
            yield _regular_file(Path(entry.path), prefix + name)


def _regular_file(path: Path, uri: str) -> Source:
    """A file that was not named itself; a pipe or device among such must not be waited for."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return Source(_portable(uri), _failing(OSError("not a regular file")))
    except OSError as error:
        return Source(_portable(uri), _failing(error))
    return _file(path, uri, again=True)


def _file(path: Path | str, uri: str, *, again: bool) -> Source:
    # Of 100,000 files, to make a Path of each takes longer than to read them.
    return Source(_portable(uri), lambda: open(path, "rb"), again)  # noqa: PTH123


def _failing(error: OSError) -> Callable[[], AbstractContextManager[BinaryIO]]:
    def fail() -> AbstractContextManager[BinaryIO]:
        raise error

    return fail


def _portable(uri: str) -> str:
    """A name that can be stored as UTF-8, whatever bytes the file system has in it."""
    return uri.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
