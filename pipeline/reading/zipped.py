"""A zip archive → what its members hold, each a source of its own; a workbook of Excel is one too."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import BinaryIO, Final

from pipeline.article import Refusal
from pipeline.reading.excel import read_workbook
from pipeline.reading.leads import Item
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.streams import seekable

ReadMember = Callable[[BinaryIO, str], Iterator[Item]]

_WORKBOOK: Final = "xl/workbook.xml"
_DOCUMENTS: Final = (
    "[Content_Types].xml",
    "META-INF/manifest.xml",
    "META-INF/container.xml",
    "META-INF/MANIFEST.MF",
)
_ENCRYPTED, _UTF8 = 1 << 0, 1 << 11  # bits of the flags of a member
_LARGE: Final = 100 << 20  # bytes
_BOMB: Final = 500  # times smaller than unpacked; deflate packs the same article again and again to 1 : 200


def read_archive(
    stream: BinaryIO, uri: str, text_column: str | None, read_member: ReadMember, *, nested: bool
) -> Iterator[Item]:
    """What the members hold, by `read_member`, in the order of their names; a refusal for one not read.

    NotAnArticle for a damaged archive, one `nested` in another, and the document of an office program.
    """
    with seekable(stream) as file, _opened(file) as archive:
        members = archive.infolist()
        names = {member.filename for member in members}
        if _WORKBOOK in names:
            _refuse_bomb(members)
            yield from read_workbook(file, uri, text_column)
        elif not names.isdisjoint(_DOCUMENTS):
            raise NotAnArticle("binary", "This is an office document, a book or a program, not text.")
        elif nested:
            raise NotAnArticle("nested_archive", "This is an archive within an archive.")
        else:
            yield from _members(archive, uri, read_member)


def _opened(file: BinaryIO) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(file)
    except (zipfile.BadZipFile, ValueError, EOFError) as error:
        raise NotAnArticle("unreadable", f"The zip archive is damaged: {error}.") from error


def _members(archive: zipfile.ZipFile, uri: str, read_member: ReadMember) -> Iterator[Item]:
    named = sorted(((_name(member), member) for member in archive.infolist()), key=lambda pair: pair[0])
    for name, member in named:
        if not member.is_dir() and not _is_hidden(name):
            yield from _read(archive, member, f"{uri}/{name}", read_member)


def _read(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, uri: str, read_member: ReadMember
) -> Iterator[Item]:
    try:
        _refuse_bomb([member])
        with archive.open(member) as stream:
            yield from read_member(stream, uri)  # type: ignore[arg-type]  # reads as any binary file does
    except NotAnArticle as no:
        yield no.refusal(uri)
    except NotImplementedError as error:
        yield Refusal(uri, "unsupported_format", f"The member is packed in a way that is not read: {error}.")
    except (zipfile.BadZipFile, RuntimeError, OSError, EOFError, ValueError) as error:
        yield Refusal(uri, "unreadable", f"The member cannot be unpacked: {error}.")


def _refuse_bomb(members: list[zipfile.ZipInfo]) -> None:
    """NotAnArticle for members that only a password opens, or far larger unpacked than any news is."""
    for member in members:
        if member.flag_bits & _ENCRYPTED:
            raise NotAnArticle("encrypted", "It opens only with a password.")
        if member.file_size > max(_LARGE, _BOMB * member.compress_size):
            size = f"{member.file_size >> 20} MB out of {member.compress_size >> 10} KB"
            raise NotAnArticle("too_large", f"It would unpack to {size}, as no text does.")


def _name(member: zipfile.ZipInfo) -> str:
    """The name of a member; one that does not say so may be in UTF-8 all the same."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        with suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/").lstrip("/")


def _is_hidden(name: str) -> bool:
    parts = name.split("/")
    return "__MACOSX" in parts or any(part.startswith(".") and part.strip(".") for part in parts)
