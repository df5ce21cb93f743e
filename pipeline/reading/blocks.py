"""A page → its blocks: paragraphs, sub-headings, list items and tables in order, with what of each is link.

White space is squeezed as a browser does; joiners, NBSP and all else stay as they are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from pipeline.reading.markup import BLOCKS, HEADINGS, TEXTS, Element, body_of, parse, walk
from pipeline.reading.tables import is_data_table, is_table_of_links, table_text

_PROSE: Final = 40  # characters from which a block without the end of a sentence is taken for prose
_CAPTION: Final = 200  # characters of the longest caption
_ENDS: Final = ("।", "॥", ".", "?", "!", "|", "…", '"', "”", "’")
_IMAGE: Final = "\ufffc"
_GAP: Final = {"br": "\n", "img": _IMAGE, "amp-img": _IMAGE}
_BREAKS = re.compile(r" *\n *")
_SPACES = re.compile(r"  +")
_WHITE = re.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page, how much of it is links, and the element it stands in.

    `alone`: nothing else stands directly in that element; `pictured`: an image stands before it.
    """

    text: str
    linked: int
    home: Element
    alone: bool
    pictured: bool

    @property
    def is_heading(self) -> bool:
        """Whether it is a sub-heading."""
        return self.home.tag in HEADINGS

    @property
    def is_link(self) -> bool:
        """Whether most of it is links."""
        return self.linked > 0.5 * len(self.text)

    @property
    def is_prose(self) -> bool:
        """Whether it is running text rather than a label, a heading or a link."""
        long = len(self.text) >= _PROSE or self.text.endswith(_ENDS)
        return long and not self.is_heading and not self.is_link

    @property
    def is_label(self) -> bool:
        """Whether it is a word or two in a corner of its own."""
        return not self.is_prose and not self.is_heading and self.alone and self.home.tag not in TEXTS

    @property
    def is_caption(self) -> bool:
        """Whether it says what the image before it shows."""
        short = len(self.text) <= _CAPTION and not self.is_heading
        return short and self.pictured and self.alone and self.home.tag not in TEXTS


def fragment_text(markup: str) -> str:
    """The text of a fragment of HTML, a blank line between its paragraphs."""
    return "\n\n".join(block.text for block in blocks(body_of(parse(markup))))


def blocks(root: Element) -> list[Block]:
    """The blocks below `root` that a reader sees, in order."""
    found = list(_paragraphs(root))
    here = Counter(each.home for each in found)
    return [Block(each.text, each.linked, each.home, here[each.home] == 1, each.pictured) for each in found]


class _Run(NamedTuple):
    text: str
    linked: bool


class _Paragraph(NamedTuple):
    home: Element
    text: str
    linked: int
    pictured: bool


def _paragraphs(root: Element) -> Iterator[_Paragraph]:
    pictured = False
    for home, runs in _run_groups(root):
        for group in _split(runs):
            text = "".join(run.text for run in group)
            if "\n" in text:
                text = _BREAKS.sub("\n", text)
            if "  " in text:
                text = _SPACES.sub(" ", text)
            pictured |= _IMAGE in text
            if text := text.replace(_IMAGE, "").strip(" \n"):
                linked = sum(len(run.text.strip()) for run in group if run.linked)
                yield _Paragraph(home, text, linked, pictured)
                pictured = False


def _run_groups(root: Element) -> Iterator[tuple[Element, list[_Run]]]:
    """The runs of text that stand in one block element without another between them."""
    homes, links, runs = [root], 0, list[_Run]()
    for opening, node in walk(root, is_data_table):
        if isinstance(node, str):
            if runs or not node.isspace():
                runs.append(_Run(_WHITE.sub(" ", node), links > 0))
        elif node.tag in BLOCKS:
            if runs:
                yield homes[-1], runs
            runs = _table(node) if opening and node.tag == "table" else []
            if opening:
                homes.append(node)
            else:
                homes.pop()
        elif node.tag == "a":
            links += 1 if opening else -1
        elif node.tag in _GAP and opening:
            runs.append(_Run(_GAP[node.tag], False))
    yield homes[-1], runs


def _table(table: Element) -> list[_Run]:
    return [_Run(table_text(table), is_table_of_links(table))] if is_data_table(table) else []


def _split(runs: list[_Run]) -> Iterator[list[_Run]]:
    """The runs between two line breaks in a row, with nothing but space between those."""
    group, before = list[_Run](), ""
    for run in runs:
        if run.text == "\n" and before == "\n":
            yield group
            group, before = [], ""
        else:
            group.append(run)
            before = before if run.text == " " else run.text
    yield group
