"""What a score means is fitted on names that are right or wrong."""

import numpy as np
import pytest

from pipeline.names.recogniser import RAW, sureness
from training.scores import fitted


def test_the_slope_and_shift_of_made_up_names_are_found_again() -> None:
    draw = np.random.default_rng(1)
    raw = draw.uniform(0.5, 0.999, 40_000)
    right = (draw.uniform(size=len(raw)) < sureness(raw, (0.7, -0.3))).astype(float)
    slope, shift = fitted(raw, right)
    assert (slope, shift) == (pytest.approx(0.7, abs=0.05), pytest.approx(-0.3, abs=0.08))


def test_a_raw_score_is_left_as_it_is_and_a_surer_name_never_gets_less() -> None:
    raw = np.linspace(0.01, 0.99, 50)
    assert sureness(raw, RAW) == pytest.approx(raw)
    assert (np.diff(sureness(raw, (0.7, -0.3))) > 0).all()
