"""The article among the blocks of a page: the part of the page with the most prose and the least clutter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import dropwhile
from typing import Final

from bs4 import BeautifulSoup, Tag

from pipeline.reading.agreement import agreeing, is_teaser
from pipeline.reading.blocks import Block, blocks
from pipeline.reading.clutter import is_clutter, is_clutter_line
from pipeline.reading.markup import WHOLE
from pipeline.reading.wording import solid

_MOST_TOLD: Final = 0.7  # of the prose of a story, when what stands below its images is captions
_HEADLINE: Final = 20  # characters of the shortest headline
_MOST: Final = 0.4  # an element with this share of a page's prose is no clutter, whatever its class


def page_body(page: BeautifulSoup, known: str | None, title: str | None) -> list[str]:
    """The paragraphs and sub-headings of the article of a page, empty when it has none.

    `known` is the body as the publisher gives it apart, which often has lost its paragraphs: the page's
    own paragraphs are taken where they carry it all, and the page's own body where `known` only teases it.
    """
    seen = _without_clutter(blocks(page.body or page))
    inside = _within_main(seen)
    kept = [block for block in _without_captions(inside) if not _is_aside(block)]
    own = [] if _is_index(inside) else _texts(_between(kept, title))
    if not known or is_teaser(known, "\n".join(own)):
        return own
    kept = agreeing(kept, known) or agreeing([block for block in seen if block.is_prose], known)
    return _texts(kept) or known.split("\n\n")


def _is_aside(block: Block) -> bool:
    wordless = not any(char.isalnum() for char in block.text)
    return wordless or block.is_link or is_clutter_line(block.text)


def _without_captions(found: Sequence[Block]) -> Sequence[Block]:
    """The blocks without captions, unless these are much of the text, as in a story told in pictures."""
    rest = [block for block in found if not block.is_caption]
    text = sum(len(block.text) for block in found if block.is_prose)
    kept = sum(len(block.text) for block in rest if block.is_prose)
    return rest if kept >= _MOST_TOLD * text else found


def _around(block: Block) -> list[Tag]:
    """The elements a block stands in, innermost first."""
    return [block.home, *block.home.parents]


def _without_clutter(found: Sequence[Block]) -> list[Block]:
    """The blocks outside elements whose class names clutter."""
    prose: Counter[int] = Counter()
    for block in found:
        for element in _around(block):
            prose[id(element)] += len(block.text) * block.is_prose
    most = _MOST * max(prose.values(), default=0)

    def clutter(element: Tag) -> bool:
        return element.name not in WHOLE and prose[id(element)] <= most and is_clutter(element)

    return [block for block in found if not any(map(clutter, _around(block)))]


def _within_main(found: Sequence[Block]) -> list[Block]:
    """The blocks of the element whose blocks sum up to the highest value, the innermost of equals."""
    sums: Counter[int] = Counter()
    depths: dict[int, int] = {}
    for block in found:
        for depth, element in enumerate(reversed(_around(block))):
            sums[id(element)] += _value(block)
            depths[id(element)] = depth
    main = max(sums, key=lambda key: (sums[key], depths[key]), default=0)
    return [block for block in found if any(id(element) == main for element in _around(block))]


def _value(block: Block) -> int:
    if block.is_prose and not is_clutter_line(block.text):
        return len(block.text)
    return 0 if block.is_heading and not block.is_link else -len(block.text) // 2 - 10


def _is_index(found: Sequence[Block]) -> bool:
    """Whether blocks are a list of stories rather than one: as many headlines that link as paragraphs."""
    links = sum(block.is_link and len(block.text) >= _HEADLINE for block in found)
    prose = sum(block.is_prose for block in found)
    return prose == 0 or (links > 2 and links >= prose)


def _between(kept: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks without the title and labels above the text, and without labels below it."""
    start = next((at for at, block in enumerate(kept) if block.is_prose), len(kept))
    above = [block for block in kept[:start] if not (block.is_label or block.home.name == "li")]
    lead = [block for block in above if solid(block.text) != solid(title or "")]
    back = dropwhile(lambda block: block.is_label or block.is_heading, reversed(kept[start:]))
    return lead + list(back)[::-1]


def _texts(kept: Sequence[Block]) -> list[str]:
    back = dropwhile(lambda block: block.is_heading, reversed(kept))
    return [block.text for block in back][::-1]
