"""Decoded text → the text that was meant: mojibake turned back, fonts from before Unicode converted."""

from __future__ import annotations

from dataclasses import replace

from pipeline.article import Story
from pipeline.reading.legacy_fonts import without_legacy_fonts
from pipeline.reading.mojibake import repaired


def unmangled(text: str) -> str:
    """`text` as its author meant it; NotAnArticle `bad_encoding` or `legacy_font` when that is not sure."""
    return without_legacy_fonts(repaired(text))


def meant(story: Story) -> Story:
    """The story with its texts as their author meant them; NotAnArticle as for `unmangled`."""
    text = unmangled(story.source_text)
    if text == story.source_text:
        return story
    headed = story.title is not None and story.source_text.startswith(f"{story.title}\n\n")
    return replace(
        story,
        source_text=text,
        title=text.partition("\n\n")[0] if headed else story.title,
        byline=tuple(map(repaired, story.byline)),
        publisher=repaired(story.publisher) if story.publisher else None,
    )
