"""Long sentences seen through windows."""

import pytest

from pipeline.names.windows import MARGIN, WINDOW, windows


@pytest.mark.parametrize("length", [0, 1, WINDOW - 1, WINDOW, WINDOW + 1, 10 * WINDOW + 7])
def test_every_token_counts_in_just_one_window(length: int) -> None:
    assert [place for _, first, last, _ in windows(length) for place in range(first, last)] == list(
        range(length)
    )


def test_what_counts_is_seen_with_a_margin_on_either_side() -> None:
    for seen, first, last, end in windows(3 * WINDOW):
        assert seen == max(0, first - MARGIN)
        assert end == min(3 * WINDOW, last + MARGIN)
