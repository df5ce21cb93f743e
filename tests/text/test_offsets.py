"""The map between a source and its normalised text."""

from hypothesis import given, settings

from pipeline.text.devanagari import normalise
from tests.text.strange import strange_text


def spans(length: int) -> list[tuple[int, int]]:
    return [(start, end) for start in range(length) for end in range(start + 1, length + 1)]


def test_a_span_of_the_text_leads_to_the_words_it_came_from() -> None:
    source = "\ufeff  कंपनी ने  50\xa0करो\u095c  रुपये\r\nजुटाए"
    normalised = normalise(source)
    start = normalised.text.index("50")
    end = normalised.text.index(" रुपये")
    assert normalised.text[start:end] == "50 करोड़"
    source_start, source_end = normalised.source_span(start, end)
    assert source[source_start:source_end] == "50\xa0करो\u095c"


def test_a_span_of_the_source_leads_to_the_text_made_of_it() -> None:
    source = "  “पे\u200dटीएम”\t\tने कहा"
    normalised = normalise(source)
    start, end = normalised.text_span(source.index("प"), source.index("”"))
    assert normalised.text[start:end] == "पेटीएम"


def test_a_span_that_cuts_a_letter_in_two_snaps_to_the_whole_letter() -> None:
    normalised = normalise("\u0958लम")
    assert normalised.text == "क\u093cलम"
    assert normalised.snap(1, 3) == (0, 3)
    assert normalised.snap(0, 1) == (0, 2)
    assert normalised.source_span(1, 2) == (0, 1)
    assert normalised.snap(2, 3) == (2, 3)


def test_an_emoji_sequence_is_never_cut_at_its_joiner() -> None:
    normalised = normalise("👩\u200d💻 आई")
    assert normalised.text == "👩\u200d💻 आई"
    assert normalised.snap(2, 3) == (0, 3)


def test_an_empty_span_stays_empty_outside_of_edits() -> None:
    normalised = normalise("  राम  गया  ")
    assert normalised.source_span(0, 0) == (2, 2)
    assert normalised.source_span(5, 5)[0] == normalised.source_span(5, 5)[1]
    end = len(normalised.text)
    start, stop = normalised.source_span(end, end)
    assert start == stop


def test_clean_text_is_its_own_map() -> None:
    text = "राम ने 50 करोड़ रुपये दिए।\n\nसीता ने नहीं।"
    normalised = normalise(text)
    assert normalised.text == text
    assert normalised.source_span(4, 9) == normalised.text_span(4, 9) == (4, 9)


@given(strange_text)
@settings(max_examples=400, deadline=None)
def test_every_snapped_span_of_words_comes_from_a_slice_that_normalises_to_it(source: str) -> None:
    normalised = normalise(source)
    for start, end in spans(min(len(normalised.text), 16)):
        start, end = normalised.snap(start, end)
        words = normalised.text[start:end]
        source_start, source_end = normalised.source_span(start, end)
        if words == words.strip():
            assert normalise(source[source_start:source_end]).text == words


@given(strange_text)
@settings(max_examples=300, deadline=None)
def test_snapping_widens_and_snapped_spans_go_to_the_source_and_back(source: str) -> None:
    normalised = normalise(source)
    for start, end in spans(min(len(normalised.text), 16)):
        snapped = normalised.snap(start, end)
        assert snapped[0] <= start < end <= snapped[1]
        assert normalised.snap(*snapped) == snapped
        assert normalised.source_span(start, end) == normalised.source_span(*snapped)
        assert normalised.text_span(*normalised.source_span(start, end)) == snapped


@given(strange_text)
@settings(max_examples=300, deadline=None)
def test_later_positions_of_the_text_come_from_later_positions_of_the_source(source: str) -> None:
    normalised = normalise(source)
    starts = [normalised.source_span(at, at + 1)[0] for at in range(len(normalised.text))]
    ends = [normalised.source_span(at, at + 1)[1] for at in range(len(normalised.text))]
    assert starts == sorted(starts)
    assert ends == sorted(ends)
    assert all(0 <= start < end <= len(source) for start, end in zip(starts, ends, strict=True))
