"""Excel workbooks (.xlsx) → stories, a row each, of every sheet that has a column of text."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import BinaryIO, Final, Protocol
from zipfile import BadZipFile, ZipFile

from pipeline.article import Refusal, Story
from pipeline.reading.columns import columns_of
from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.rows import no_text_column, read_row

Cells = tuple[object, ...]

_MOST_ROWS: Final = 1 << 20  # of a sheet, by the format
_MOST_COLUMNS: Final = 256  # that are looked at
_ABOVE: Final = 20  # rows among which the header is looked for
_WHOLE_PARTS: Final = ("xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml")
_LARGEST_PART: Final = 256 << 20  # bytes of a part that is read as a whole


class Sheet(Protocol):
    """What is asked of a sheet of openpyxl."""

    title: str

    def iter_rows(self, *, min_row: int, max_row: int, max_col: int, values_only: bool) -> Iterator[Cells]:
        """The rows as tuples of `max_col` cells, those that are missing too."""


def read_workbook(file: BinaryIO, uri: str, text_column: str | None) -> Iterator[Story | Refusal]:
    """A story or refusal for every row, `#` and its number below the header added to the name.

    Where there are several sheets, that of the sheet stands before the number: `#Sheet!1`.
    """
    import openpyxl  # late: slow to import

    _refuse_large_parts(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and names that are not kept
            book = openpyxl.load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except (BadZipFile, KeyError, ValueError, TypeError, AttributeError) as error:
        raise NotAnArticle("unreadable", f"The workbook is damaged: {error}.") from error
    sheets: list[Sheet] = list(book.worksheets)
    for sheet in sheets:
        yield from _read_sheet(sheet, f"{uri}#{sheet.title}!" if len(sheets) > 1 else f"{uri}#", text_column)


def _refuse_large_parts(file: BinaryIO) -> None:
    for part in ZipFile(file).infolist():
        if part.filename in _WHOLE_PARTS and part.file_size > _LARGEST_PART:
            size = f"{_LARGEST_PART >> 20} MB"
            raise NotAnArticle("too_large", f"The texts of the workbook are larger than {size}.")


def _read_sheet(sheet: Sheet, prefix: str, text_column: str | None) -> Iterator[Story | Refusal]:
    above, names = _header(sheet, text_column)
    if not names:
        return  # an empty sheet, as new workbooks have two of
    if columns_of(names, text_column).text is None:
        yield no_text_column(names).refusal(prefix.rstrip("#!"))
        return
    filled = (row for row in _rows(sheet, above + 1, len(names)) if any(cell is not None for cell in row))
    for number, row in enumerate(filled, 1):
        yield read_row(_fields(names, row), f"{prefix}{number}", text_column)


def _header(sheet: Sheet, text_column: str | None) -> tuple[int, tuple[str, ...]]:
    """The number of the header row and its names: the first with a column of text, else with any."""
    first: tuple[int, tuple[str, ...]] = 0, ()
    for number, row in enumerate(islice(_rows(sheet, 1, _MOST_COLUMNS), _ABOVE), 1):
        names = _names(row)
        if columns_of(names, text_column).text is not None:
            return number, names
        if names and not first[1]:
            first = number, names
    return first


def _names(row: Cells) -> tuple[str, ...]:
    """The names in a row, up to the last; empty for a column without one."""
    names = ["" if cell is None else str(cell) for cell in row]
    while names and not names[-1].strip():
        names.pop()
    return tuple(names)


def _rows(sheet: Sheet, start: int, width: int) -> Iterator[Cells]:
    return sheet.iter_rows(min_row=start, max_row=_MOST_ROWS, max_col=width, values_only=True)


def _fields(names: tuple[str, ...], row: Cells) -> Mapping[str, object]:
    """The cells by the names of their columns; of columns with one name the first."""
    return dict(zip(reversed(names), reversed(row), strict=True))
