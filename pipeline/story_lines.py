"""A story as one line of JSON and back, exactly: how one is kept that was read but not stored."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict, fields
from typing import Final

from pipeline.article import Story

_NAMES: Final = frozenset(field.name for field in fields(Story))


def story_line(story: Story) -> bytes:
    """All that is known of a story, as JSON in UTF-8."""
    return json.dumps(asdict(story), ensure_ascii=False, default=_written).encode()


def told(content: bytes) -> Story | None:
    """The story that `story_line` wrote; None for anything else."""
    if not content.startswith(b'{"source_uri": '):
        return None
    try:
        values = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return _story(values) if values.keys() == _NAMES else None


def _story(values: dict[str, str | None]) -> Story:
    at, day = values.pop("published_at"), values.pop("published_date")
    return Story(
        **{**values, "byline": tuple(values["byline"] or ())},  # type: ignore[arg-type]  # the fields of a story
        published_at=dt.datetime.fromisoformat(at) if at else None,
        published_date=dt.date.fromisoformat(day) if day else None,
    )


def _written(value: object) -> str:
    assert isinstance(value, dt.date), "a story holds texts and times"
    return value.isoformat()
