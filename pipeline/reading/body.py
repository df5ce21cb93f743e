"""The article among the blocks of a page: the part of the page with the most prose and the least clutter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import dropwhile, takewhile
from typing import Final, NamedTuple

from pipeline.reading.agreement import agreeing, is_teaser, without_standfirst
from pipeline.reading.blocks import Block, blocks
from pipeline.reading.clutter import is_clutter, is_clutter_line
from pipeline.reading.dates import is_only_date
from pipeline.reading.markup import WHOLE, Element, body_of, marked
from pipeline.reading.nesting import depths, inside, sums
from pipeline.reading.wording import solid

_MOST_TOLD: Final = 0.7  # of the prose of a story, when what stands below its images is captions
_HEADLINE: Final = 20  # characters of the shortest headline
_MOST_ABOVE: Final = 25
_MOST_IN_CARD: Final = 2  # paragraphs under a headline in a list of stories
_MOST_MARKED: Final = 0.5  # of the prose of a page, from which microdata is believed
_MOST: Final = 0.4  # an element with this share of a page's prose is no clutter, whatever its class


class Body(NamedTuple):
    """The paragraphs and sub-headings of an article, none when there is none, and what the page is like.

    `above`: the blocks between its title and its first paragraph; `is_index`: the page lists stories;
    `pictured`: how many of the paragraphs say what a picture shows, of `told` that are text.
    """

    paragraphs: list[str]
    above: list[Block]
    is_index: bool
    pictured: int
    told: int


def page_body(page: Element, known: str | None, title: str | None, summaries: Sequence[str]) -> Body:
    """The article on a page.

    `known` is the body as the publisher gives it apart, which often has lost its paragraphs: the page's
    own paragraphs are taken where they carry it all, and the page's own body where `known` only teases it.
    `summaries` are what the page gives as its description.
    """
    everything = blocks(body_of(page))
    seen = _without_clutter(everything)
    main = _within_main(_as_marked(page, seen))
    told = any(block.is_prose for block in main)
    index = _is_index(main) or (not told and _is_index(seen))
    kept = [block for block in _without_captions(main) if not _is_aside(block)]
    own = _whole(_between(kept, title)) if told and not index else []
    if known and not is_teaser(known, "\n".join(block.text for block in own)):
        own = agreeing(kept, known) or agreeing([block for block in seen if block.is_prose], known)
        own = _whole(without_standfirst(own, known, summaries))
    paragraphs = [block.text for block in own] or (known.split("\n\n") if known else [])
    prose = [block for block in own if block.is_prose]
    pictured = sum(block.is_caption for block in prose)
    above = _above(everything, own, title)
    card = len(prose) <= _MOST_IN_CARD and _is_index(seen) and any(map(_is_headline, above))
    return Body(paragraphs, above, index or card, pictured, len(prose))


def _above(everything: Sequence[Block], own: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks from the title to the first of the body, at most so many as a heading of an article has."""
    start = next((at for at, block in enumerate(everything) if own and block is own[0]), 0)
    before = everything[max(0, start - _MOST_ABOVE) : start]
    name = solid(title or "")
    near = list(takewhile(lambda block: solid(block.text) != name, reversed(before)))
    return near[::-1]


def _as_marked(page: Element, found: list[Block]) -> list[Block]:
    """The blocks that microdata marks as the body, where these are most of the prose."""
    marks = {element for element, value in marked(page, "itemprop") if "articleBody" in value.split()}
    body = inside(depths(found), marks.__contains__) if marks else set()
    within = [block for block in found if block.home in body]
    return within if _prose(within) > _MOST_MARKED * _prose(found) else found


def _prose(found: Sequence[Block]) -> int:
    return sum(len(block.text) for block in found if block.is_prose)


def _is_aside(block: Block) -> bool:
    wordless = not any(char.isalnum() for char in block.text)
    return wordless or block.is_link or is_clutter_line(block.text)


def _without_captions(found: Sequence[Block]) -> Sequence[Block]:
    """The blocks without captions, unless these are much of the text, as in a story told in pictures."""
    rest = [block for block in found if not block.is_caption]
    return rest if _prose(rest) >= _MOST_TOLD * _prose(found) else found


def _without_clutter(found: Sequence[Block]) -> list[Block]:
    """The blocks outside elements whose class names clutter, and outside forms."""
    nested = depths(found)
    prose = sums(found, nested, lambda block: len(block.text) * block.is_prose)
    most = _MOST * max(prose.values(), default=0)
    alike: Counter[str] = Counter()  # paragraphs of one class are together no clutter when they are the story
    for element in nested:
        alike[element.get("class") or ""] += prose[element]

    def clutter(element: Element) -> bool:
        little = max(prose[element], alike[element.get("class") or ""] * ("class" in element.attrib)) <= most
        return element.tag not in WHOLE and little and (element.tag == "form" or is_clutter(element))

    around = inside(nested, clutter)
    return [block for block in found if block.home not in around]


def _within_main(found: Sequence[Block]) -> list[Block]:
    """The blocks of the element whose blocks sum up to the highest value, the innermost of equals."""
    nested = depths(found)
    values = sums(found, nested, _value)
    main = max(nested, key=lambda element: (values[element], nested[element]), default=None)
    kept = inside(nested, lambda element: element is main)
    return [block for block in found if block.home in kept]


def _value(block: Block) -> int:
    if block.is_prose and not is_clutter_line(block.text):
        return len(block.text)
    return 0 if block.is_heading and not block.is_link else -len(block.text) // 2 - 10


def _is_index(found: Sequence[Block]) -> bool:
    """Whether blocks are a list of stories rather than one: as many headlines that link as paragraphs."""
    links = sum(map(_is_headline, found))
    return links > 2 and links >= sum(block.is_prose for block in found)


def _is_headline(block: Block) -> bool:
    """Whether a block leads to another story."""
    return block.is_link and len(block.text) >= _HEADLINE


def _between(kept: Sequence[Block], title: str | None) -> list[Block]:
    """The blocks without the title and labels above the text, and without labels below it."""
    start = next((at for at, block in enumerate(kept) if block.is_prose), len(kept))
    above = [block for block in kept[:start] if not (block.is_label or block.home.tag == "li")]
    above = [block for block in above if not is_only_date(block.text)]
    lead = [block for block in above if solid(block.text) != solid(title or "")]
    back = dropwhile(lambda block: block.is_label or block.is_heading, reversed(kept[start:]))
    return lead + list(back)[::-1]


def _whole(kept: Sequence[Block]) -> list[Block]:
    """The blocks without headings after the last paragraph."""
    return list(dropwhile(lambda block: block.is_heading, reversed(kept)))[::-1]
