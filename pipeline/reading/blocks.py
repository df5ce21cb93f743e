"""A page → its blocks: paragraphs, sub-headings and list items in order, with what of each is link.

White space is squeezed as a browser does; joiners, NBSP and all else stay as they are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

import regex
from bs4 import Tag
from bs4.element import NavigableString

from pipeline.reading.markup import BLOCKS, HEADINGS, TEXTS, parse, walk

_PROSE: Final = 40  # characters from which a block without the end of a sentence is taken for prose
_CAPTION: Final = 200  # characters of the longest caption
_ENDS: Final = ("।", "॥", ".", "?", "!", "|", "…", '"', "”", "’")
_IMAGE: Final = "\ufffc"
_GAP: Final = {"br": "\n", "td": " ", "th": " ", "img": _IMAGE}
_BREAKS = regex.compile(r" *\n *")
_SPACES = regex.compile(r"  +")
_WHITE = regex.compile(r"[ \t\r\n\f]+")


@dataclass(frozen=True, slots=True)
class Block:
    """One paragraph of a page, how much of it is links, and the element it stands in.

    `alone`: nothing else stands directly in that element; `pictured`: an image stands before it.
    """

    text: str
    linked: int
    home: Tag
    alone: bool
    pictured: bool

    @property
    def is_heading(self) -> bool:
        """Whether it is a sub-heading."""
        return self.home.name in HEADINGS

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
        return not self.is_prose and not self.is_heading and self.alone and self.home.name not in TEXTS

    @property
    def is_caption(self) -> bool:
        """Whether it says what the image before it shows."""
        short = len(self.text) <= _CAPTION and not self.is_heading
        return short and self.pictured and self.alone and self.home.name not in TEXTS


def fragment_text(markup: str) -> str:
    """The text of a fragment of HTML, a blank line between its paragraphs."""
    return "\n\n".join(block.text for block in blocks(parse(markup)))


def blocks(root: Tag) -> list[Block]:
    """The blocks below `root` that a reader sees, in order."""
    found = list(_paragraphs(root))
    here = Counter(id(each.home) for each in found)
    return [
        Block(each.text, each.linked, each.home, here[id(each.home)] == 1, each.pictured) for each in found
    ]


class _Run(NamedTuple):
    text: str
    linked: bool


class _Paragraph(NamedTuple):
    home: Tag
    text: str
    linked: int
    pictured: bool


def _paragraphs(root: Tag) -> Iterator[_Paragraph]:
    pictured = False
    for home, runs in _run_groups(root):
        for group in _split(runs):
            text = _SPACES.sub(" ", _BREAKS.sub("\n", "".join(run.text for run in group))).strip(" \n")
            pictured |= _IMAGE in text
            if text := text.replace(_IMAGE, "").strip(" \n"):
                linked = sum(len(run.text.strip()) for run in group if run.linked)
                yield _Paragraph(home, text, linked, pictured)
                pictured = False


def _run_groups(root: Tag) -> Iterator[tuple[Tag, list[_Run]]]:
    """The runs of text that stand in one block element without another between them."""
    homes, links, runs = [root], 0, list[_Run]()
    for opening, node in walk(root):
        if isinstance(node, NavigableString):
            runs.append(_Run(_WHITE.sub(" ", node), links > 0))
        elif node.name in BLOCKS:
            yield homes[-1], runs
            runs = []
            homes = [*homes, node] if opening else homes[:-1]
        elif node.name == "a":
            links += 1 if opening else -1
        elif node.name in _GAP and opening:
            runs.append(_Run(_GAP[node.name], False))
    yield homes[-1], runs


def _split(runs: list[_Run]) -> Iterator[list[_Run]]:
    group: list[_Run] = []
    for run in runs:
        before = next((each.text for each in reversed(group) if each.text != " "), "")
        if run.text == "\n" and before == "\n":
            yield group
            group = []
        else:
            group.append(run)
    yield group
