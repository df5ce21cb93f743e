"""Record form and plain text."""

import datetime as dt

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import parse_text, read_article

BODY = "सूरत की कंपनी ने 12 करोड़ रुपये जुटाए।\n\nआगे की योजना\n\nकंपनी अब पुणे में दफ्तर खोलेगी।"


def test_the_header_gives_the_date_and_the_rest_is_the_text():
    story = parse_text(f" date 2025-12-25 {BODY}", "a.txt")
    assert story.published_date == dt.date(2025, 12, 25)
    assert story.date_source == "header"
    assert story.source_text == BODY
    assert story.published_at is None


def test_a_bom_capitals_and_devanagari_digits_do_not_hide_the_header():
    for head in ("\ufeff date 2025-12-25 ", "\n\ufeffDate 2025-12-25\n", "date २०२५-१२-२५\u00a0"):
        story = parse_text(head + BODY, "a.txt")
        assert (story.published_date, story.source_text) == (dt.date(2025, 12, 25), BODY)


def test_a_date_that_no_calendar_has_is_no_header_and_stays_in_the_text():
    story = parse_text("date 2025-02-31 बाजार में तेजी रही।", "a.txt")
    assert story.source_text == "date 2025-02-31 बाजार में तेजी रही।"
    assert (story.published_date, story.date_source) == (None, None)


def test_a_year_of_which_there_is_no_news_is_no_header():
    for head in ("date 0025-12-25", "date 9999-12-25", "date 2100-01-01"):
        story = parse_text(f"{head} {BODY}", "a.txt")
        assert (story.published_date, story.source_text) == (None, f"{head} {BODY}")


def test_a_date_within_the_text_is_no_header():
    text = "The date 2025-12-25 was set by the board."
    assert parse_text(text, "a.txt").source_text == text
    assert parse_text(text, "a.txt").published_date is None


def test_plain_text_keeps_everything_but_the_white_space_around_it():
    assert parse_text(f"\r\n  {BODY}\r\n \n", "a.txt").source_text == BODY


def test_empty_text_is_a_story_without_text():
    assert parse_text("", "-").source_text == ""
    assert parse_text(" date 2025-12-25 ", "-").source_text == ""


def test_a_short_first_line_above_the_text_is_the_title_and_stays_in_the_text():
    text = "सूरत की कंपनी में बड़ा निवेश, शेयर चढ़े\n\n" + BODY
    assert parse_text(text, "a").title == "सूरत की कंपनी में बड़ा निवेश, शेयर चढ़े"
    assert parse_text(text, "a").source_text == text


def test_a_headline_may_ask_exclaim_or_trail_off():
    for headline in ("क्या सस्ता होगा सोना?", "सोना हुआ सस्ता, खरीदार खुश!", "सोने के दाम गिरे, लेकिन..."):
        assert parse_text(f"{headline}\n\n{BODY}", "a").title == headline


def test_a_first_paragraph_is_no_title():
    assert parse_text("सोना सस्ता हुआ है।\n\n" + BODY, "a").title is None
    assert parse_text("Gold fell on Monday.\r\n\r\n" + BODY, "a").title is None
    assert parse_text(BODY.split("\n")[0], "a").title is None
    assert parse_text("क ख ग " * 60 + "\n\n" + BODY, "a").title is None


def test_lines_broken_to_one_width_have_no_title():
    text = "The company said on Monday that it had\nraised a sum of Rs 12 crore from two funds\nwhich are both based in Mumbai, it said."
    assert parse_text(text, "a").title is None


@settings(max_examples=60, deadline=None)
@given(st.text())
def test_any_text_is_a_story_whose_text_is_a_part_of_it(text):
    story = parse_text(text, "a")
    assert story.source_text in text
    assert not story.source_text[:1].isspace()


@settings(max_examples=60, deadline=None)
@given(st.dates(dt.date(1900, 1, 1), dt.date(2099, 12, 31)), st.text(alphabet="कखग abc\n।", min_size=1))
def test_what_stands_below_a_header_comes_back_whole(day, text):
    story = parse_text(f" date {day.isoformat()} {text}", "a")
    assert story.published_date == day
    assert story.source_text == text.strip()


# Texts with letters from À to ÿ may be mojibake, or Hindi in an old font: these are turned back when a
# file is read, see test_mojibake.py and test_legacy_fonts.py.
_NOT_MANGLED = st.characters(
    codec="utf-8", exclude_categories=["Cc", "Cs"], exclude_characters="".join(map(chr, range(0xA0, 0x100)))
)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=_NOT_MANGLED, min_size=1))
def test_the_text_of_a_file_is_a_contiguous_part_of_what_it_decodes_to(text):
    content = f"निवेश {text}".encode()
    story = read_article(content, "a.txt")
    assert story.source_text in content.decode()
