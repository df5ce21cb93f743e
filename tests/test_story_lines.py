"""A story as a line of JSON and back."""

import datetime as dt
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Story
from pipeline.story_lines import story_line, told

TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
STORIES = st.builds(
    Story,
    TEXTS,
    TEXTS,
    url=st.none() | TEXTS,
    publisher=st.none() | TEXTS,
    title=st.none() | TEXTS,
    byline=st.lists(TEXTS).map(tuple),
    published_at=st.none() | st.datetimes(timezones=st.just(dt.UTC)),
    published_date=st.none() | st.dates(),
    date_source=st.none() | st.sampled_from(["header", "metadata", "feed", "url", "text"]),
)


@settings(max_examples=100)
@given(STORIES)
def test_a_story_comes_back_as_it_was(story: Story) -> None:
    line = story_line(story)
    assert b"\n" not in line
    assert told(line) == story


@settings(max_examples=50)
@given(
    st.binary(max_size=50) | st.dictionaries(st.text(), st.text()).map(lambda row: json.dumps(row).encode())
)
def test_anything_else_is_no_story(content: bytes) -> None:
    assert told(content) is None
    assert told(b'{"source_uri": ' + content) is None
