"""The texts that speed is measured on: real newspaper-days."""

from __future__ import annotations

from pathlib import Path

from pipeline.article import Story
from pipeline.reading import read
from pipeline.text.devanagari import normalise


def newspaper_days(data: Path, most: int) -> list[str]:
    """The first `most` normalised newspaper-days below `data`; FileNotFoundError where there are none."""
    folder = data / "text" / "news-2020"
    if not folder.is_dir():
        raise FileNotFoundError(f"no newspaper-days at {folder}; nothing was measured")
    stories = [one for one in read([str(folder)]) if isinstance(one, Story)][:most]
    return [normalise(story.source_text).text for story in stories]
