"""The archive: every final response as a record on the disk, before anything points to it."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import threading
import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

from fastwarc.warc import ArchiveIterator

from pipeline.reading.web.exchange import Answer
from pipeline.reading.web.records import Kept, about_record, kept, response_record

LARGEST: Final = 256 << 20  # bytes, after which a new file begins
_GZIP: Final = 16 + zlib.MAX_WBITS


class Place(NamedTuple):
    """Where a record lies: the bytes `start` to `end` of `file`."""

    file: str
    start: int
    end: int


class Archive:
    """Files `YYYYMMDD-NNN.warc.gz` in a folder, one gzip member a record; thread-safe."""

    def __init__(self, folder: Path, whole: Callable[[str], int]) -> None:
        """`whole` says how many bytes of a file are known to be whole, so that the rest alone is checked."""
        self._folder = folder
        self._whole = whole
        self._lock = threading.Lock()
        self._file: BinaryIO | None = None
        self._name = ""

    def append(self, asked: str, answer: Answer) -> Place:
        """Keep an answer to what was asked for at the address `asked`; OSError when the disk cannot."""
        with self._lock:
            file = self._current(f"{answer.at:%Y%m%d}")
            start = file.tell()
            _write(file, response_record(asked, answer))
            return Place(self._name, start, file.tell())

    def read(self, name: str, start: int) -> Kept | None:
        """The response whose record begins at `start`; None when it is not there, or not whole."""
        try:
            with (self._folder / name).open("rb") as file:
                file.seek(start)
                return kept(next(iter(ArchiveIterator(file))), start)
        except (OSError, ValueError, KeyError, StopIteration):
            return None

    def close(self) -> None:
        """Close the file that was last appended to."""
        with self._lock:
            if self._file:
                self._file.close()
                self._file = None

    def _current(self, day: str) -> BinaryIO:
        """The file to append to, at its end: that of the day, until it is full."""
        if self._file is None or not self._name.startswith(day) or self._file.tell() >= LARGEST:
            if self._file:
                self._file.close()
                self._file = None
            self._folder.mkdir(parents=True, exist_ok=True)
            self._name, self._file = next(self._free(day))
        return self._file

    def _free(self, day: str) -> Iterator[tuple[str, BinaryIO]]:
        for number in count(1):
            name = f"{day}-{number:03}.warc.gz"
            file = _claimed(self._folder / name, self._whole(name))
            if file:
                yield name, file


def _claimed(path: Path, whole: int) -> BinaryIO | None:
    """The file behind its last whole record; None when it is full or another process writes it."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o666), "r+b")
    try:
        end = _end_of_whole(file, whole) if _locked(file) else LARGEST
        if end < LARGEST:
            _begin(file, path, end)
            return file
    except BaseException:
        file.close()
        raise
    file.close()
    return None


def _begin(file: BinaryIO, path: Path, end: int) -> None:
    """Go to the end of what is whole, and say in an empty file what it is."""
    file.truncate(end)  # what follows was torn when a run was killed
    file.seek(end)
    if end == 0:
        _write(file, about_record(path.name, dt.datetime.now(dt.UTC)))
        _sync_folder(path.parent)


def _locked(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _end_of_whole(file: BinaryIO, whole: int) -> int:
    """Where the last complete gzip member ends, looked for from byte `whole` on."""
    end = whole if whole <= file.seek(0, os.SEEK_END) else 0
    file.seek(end)
    engine = zlib.decompressobj(_GZIP)
    position = end
    rest = b""
    while piece := rest or file.read(1 << 16):
        try:
            engine.decompress(piece)
        except zlib.error:
            break
        rest = engine.unused_data
        position += len(piece) - len(rest)
        if engine.eof:
            end, engine = position, zlib.decompressobj(_GZIP)
    return end


def _write(file: BinaryIO, record: Iterable[bytes]) -> None:
    """Append one record as a gzip member; nothing is left of it when the disk is full."""
    start = file.tell()
    try:
        packer = zlib.compressobj(wbits=_GZIP)
        for piece in record:
            file.write(packer.compress(piece))
        file.write(packer.flush())
        file.flush()
        os.fsync(file.fileno())
    except BaseException:
        file.seek(start)
        file.truncate()
        raise


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
