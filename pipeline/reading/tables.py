"""Tables of figures as lines; a table that only places things on the page is no such table."""

from __future__ import annotations

from typing import Final

from pipeline.reading.markup import Element, words

_LONGEST_CELL: Final = 200  # characters; longer ones are paragraphs that the table places
_BETWEEN: Final = " | "  # what keeps a figure from running into the next
_STRUCTURE: Final = ("table", "ul", "ol", "h1", "h2", "h3", "h4", "form", "iframe")


def is_data_table(element: Element) -> bool:
    """Whether an element is a table of at least two rows and two columns of short cells."""
    if element.tag != "table" or next(element.iterdescendants(*_STRUCTURE), None) is not None:
        return False
    rows = _rows(element)
    several = [row for row in rows if sum(map(bool, row)) > 1]
    return len(several) > 1 and all(len(cell) <= _LONGEST_CELL for row in rows for cell in row)


def table_text(table: Element) -> str:
    """A line for its caption and for each row, a bar between the cells; empty cells are left out."""
    caption = [words(each) for each in table.iterchildren("caption")]
    lines = [*caption, *(_BETWEEN.join(filter(None, row)) for row in _rows(table))]
    return "\n".join(filter(None, lines))


def is_table_of_links(table: Element) -> bool:
    """Whether every cell with text links."""
    cells = [cell for cell in table.iterdescendants("td", "th") if words(cell)]
    return all(next(cell.iterdescendants("a"), None) is not None for cell in cells)


def _rows(table: Element) -> list[list[str]]:
    return [[words(cell) for cell in row.iterchildren("td", "th")] for row in table.iterdescendants("tr")]
