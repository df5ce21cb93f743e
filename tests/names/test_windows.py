"""Long sentences seen through windows."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.names.windows import MARGIN, WINDOW, windows

SIZES = st.lists(st.integers(1, 12), max_size=400)


@given(SIZES)
def test_every_word_counts_in_just_one_window(sizes: list[int]) -> None:
    assert [place for _, first, last, _ in windows(sizes) for place in range(first, last)] == list(
        range(len(sizes))
    )


@given(SIZES)
def test_no_window_has_more_pieces_than_the_model_takes(sizes: list[int]) -> None:
    for seen, first, last, end in windows(sizes):
        assert seen <= first < last <= end
        assert sum(sizes[seen:end]) <= WINDOW + 2 * MARGIN


def test_what_counts_is_seen_with_a_margin_on_either_side() -> None:
    for seen, first, last, end in windows([1] * (3 * WINDOW)):
        assert seen == max(0, first - MARGIN)
        assert end == min(3 * WINDOW, last + MARGIN)


def test_a_sentence_that_fits_is_one_window() -> None:
    assert list(windows([2] * 70)) == [(0, 0, 70, 70)]
