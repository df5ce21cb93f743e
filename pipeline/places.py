"""Where a store's files lie: a folder of this machine, or an object store by pyarrow or fsspec.

Names of files are relative to the place, with `/` between folders. What is written under a name is there
whole or not at all, except under the names of staged files, which nobody reads before they are moved.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

import pyarrow as pa
from pyarrow import fs

from pipeline.article import stable_id
from pipeline.home import INTERNAL, Root, home, root_of

_PARQUET = b"PAR1"


class NoPlace(Exception):
    """The address names no file system that can be used; the message is one sentence."""


class Place(Protocol):
    """What a store asks of a file system; errors are OSError, FileNotFoundError for what is not there."""

    @property
    def address(self) -> str:
        """The place as a user names it."""

    @property
    def folder(self) -> Path | None:
        """The folder, when it is on this machine."""

    def own_folder(self, name: str) -> Path:
        """The folder `name` of the store that is on this machine in any case, and no part of its tables."""

    def open(self, name: str) -> pa.NativeFile:
        """A file for reading, anywhere in it."""

    def exists(self, name: str) -> bool:
        """Whether there is such a file or folder."""

    def files(self, folder: str) -> Mapping[str, int]:
        """The files below a folder, named from there, and their bytes; none where there is no folder."""

    def is_whole(self, name: str, size: int) -> bool:
        """Whether a Parquet file of `size` bytes was not cut short: a cheap look, for each at each start."""

    def write(self, name: str, content: bytes | pa.Buffer) -> None:
        """Write a file that outlives a loss of power, once its folder is synced."""

    def move(self, staged: str, final: str) -> None:
        """Put a staged file where readers see it, at once and in place of what is there.

        Nothing when it is not there, for then it was moved before a kill. It may stay staged until `sweep`.
        """

    def sweep(self, folder: str) -> None:
        """Delete what moves have left in a folder of staged files, none of which is still to be moved."""

    def delete(self, name: str) -> None:
        """Delete a file, if it is there."""

    def sync(self, names: Iterable[str]) -> None:
        """See to it that what was done to these files outlives a loss of power."""


class Local:
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        """The folder need not be there."""
        self.folder = folder

    @property
    def address(self) -> str:
        """The folder's path."""
        return str(self.folder)

    def own_folder(self, name: str) -> Path:
        """As `Place.own_folder`: beside the ledger."""
        return self.folder / INTERNAL / name

    def open(self, name: str) -> pa.NativeFile:
        """As `Place.open`."""
        return pa.OSFile(str(self.folder / name), "rb")

    def exists(self, name: str) -> bool:
        """As `Place.exists`."""
        return (self.folder / name).exists()

    def files(self, folder: str) -> Mapping[str, int]:
        """As `Place.files`."""
        return dict(_walk(f"{self.folder}/{folder}", ""))

    def is_whole(self, name: str, size: int) -> bool:
        """As `Place.is_whole`: whether it ends as Parquet does."""
        if size < len(_PARQUET):
            return False
        with suppress(OSError), _handle(f"{self.folder}/{name}") as file:
            return os.pread(file, len(_PARQUET), size - len(_PARQUET)) == _PARQUET
        return False

    def write(self, name: str, content: bytes | pa.Buffer) -> None:
        """As `Place.write`; the folder must be there."""
        try:
            with (self.folder / name).open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            if error.filename is None:  # a full disk says no name
                error.filename = self.address
            raise

    def move(self, staged: str, final: str) -> None:
        """As `Place.move`, by a rename."""
        target = self.folder / final
        target.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            (self.folder / staged).replace(target)

    def sweep(self, folder: str) -> None:
        """As `Place.sweep`: a rename leaves nothing."""

    def delete(self, name: str) -> None:
        """As `Place.delete`."""
        (self.folder / name).unlink(missing_ok=True)

    def sync(self, names: Iterable[str]) -> None:
        """As `Place.sync`, for the folders up to the place's own."""
        for folder in sorted({folder for name in names for folder in Path(name).parents}):
            with _handle(str(self.folder / folder)) as handle:
                os.fsync(handle)


class Remote:
    """A prefix in an object store, or in what copies a file as these do: whole at once."""

    folder = None

    def __init__(self, address: str, filesystem: fs.FileSystem, prefix: str) -> None:
        """The objects of `filesystem` below `prefix`."""
        self.address = address
        self.filesystem = filesystem
        self._prefix = prefix.rstrip("/")

    def path(self, name: str) -> str:
        """A file's path in the file system."""
        return f"{self._prefix}/{name}"

    def own_folder(self, name: str) -> Path:
        """As `Place.own_folder`: in Khabar's home."""
        return home() / "stores" / stable_id("store", self.address) / name

    def open(self, name: str) -> pa.NativeFile:
        """As `Place.open`."""
        return self.filesystem.open_input_file(self.path(name))

    def exists(self, name: str) -> bool:
        """As `Place.exists`."""
        found = self.filesystem.get_file_info(self.path(name))
        return bool(found.type != fs.FileType.NotFound)

    def files(self, folder: str) -> Mapping[str, int]:
        """As `Place.files`, in one listing."""
        base = self.path(folder)
        selector = fs.FileSelector(base, recursive=True, allow_not_found=True)
        found = self.filesystem.get_file_info(selector)
        return {one.path[len(base) + 1 :]: one.size for one in found if one.type == fs.FileType.File}

    def is_whole(self, name: str, size: int) -> bool:
        """As `Place.is_whole`: an object is written whole, so that the listing says enough."""
        return size > len(_PARQUET)

    def write(self, name: str, content: bytes | pa.Buffer) -> None:
        """As `Place.write`."""
        path = self.path(name)
        if self.filesystem.type_name != "s3":  # where folders are more than a part of the name
            self.filesystem.create_dir(path.rpartition("/")[0], recursive=True)
        with self.filesystem.open_output_stream(path, compression=None) as file:
            file.write(content)

    def move(self, staged: str, final: str) -> None:
        """As `Place.move`, by a copy that readers see whole."""
        if self.filesystem.type_name != "s3":
            self.filesystem.create_dir(self.path(final).rpartition("/")[0], recursive=True)
        try:
            self.filesystem.copy_file(self.path(staged), self.path(final))
        except OSError:
            if self.exists(staged):
                raise

    def sweep(self, folder: str) -> None:
        """As `Place.sweep`, of all in few requests."""
        self.filesystem.delete_dir_contents(self.path(folder), missing_dir_ok=True)

    def delete(self, name: str) -> None:
        """As `Place.delete`."""
        with suppress(FileNotFoundError):
            self.filesystem.delete_file(self.path(name))

    def sync(self, names: Iterable[str]) -> None:
        """As `Place.sync`: an object that is written is safe."""


def placed(root: Root) -> Place:
    """The place at `root`; NoPlace when there is no such file system."""
    root = root_of(root) if isinstance(root, str) else root
    if isinstance(root, Path):
        return Local(root)
    try:
        return Remote(root, *_filesystem(root))
    except (pa.ArrowException, OSError, ValueError, ImportError) as error:
        raise NoPlace(f"cannot use {root}: {error}") from error


def _filesystem(address: str) -> tuple[fs.FileSystem, str]:
    if address.startswith("s3://"):
        return _s3(address), address.removeprefix("s3://")
    try:
        filesystem, path = fs.FileSystem.from_uri(address)
    except pa.ArrowInvalid:  # not one of pyarrow's own
        import fsspec

        known, path = fsspec.core.url_to_fs(address)
        filesystem = fs.PyFileSystem(fs.FSSpecHandler(known))
    return filesystem, path


def _s3(address: str) -> fs.FileSystem:
    """S3 as the usual variables of the environment (AWS_…) say; a region that they do not is looked up."""
    said = os.environ.get
    endpoint = urlsplit(said("AWS_ENDPOINT_URL_S3") or said("AWS_ENDPOINT_URL") or "")
    region = said("AWS_REGION") or said("AWS_DEFAULT_REGION")
    if not region and not endpoint.netloc:
        region = fs.resolve_s3_region(urlsplit(address).netloc)
    return fs.S3FileSystem(
        region=region,
        scheme=endpoint.scheme or "https",
        endpoint_override=endpoint.netloc or None,
        allow_delayed_open=True,  # so that a small object is one request, and whole at once
        background_writes=False,
    )


def _walk(folder: str, inside: str) -> Iterator[tuple[str, int]]:
    try:
        entries = os.scandir(folder)
    except (FileNotFoundError, NotADirectoryError):
        return
    with entries:
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                yield from _walk(entry.path, f"{inside}{entry.name}/")
                continue
            with suppress(FileNotFoundError):  # a writer has moved it since
                yield inside + entry.name, entry.stat().st_size


@contextmanager
def _handle(path: str) -> Iterator[int]:
    handle = os.open(path, os.O_RDONLY)
    try:
        yield handle
    finally:
        os.close(handle)
