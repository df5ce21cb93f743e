"""The likeliest labels that fit together, against every labelling there is."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from pipeline.names import decoding
from pipeline.names.labels import LABELS

SCORES = arrays.arrays(np.float32, (2, 3, len(LABELS)), elements=st.floats(-8, 0, width=32))


def fits(labelling: tuple[int, ...]) -> bool:
    """Whether a name goes on only with its own kind."""
    names = ["O", *(LABELS[number] for number in labelling)]
    return all(after[0] != "I" or before[2:] == after[2:] for before, after in pairwise(names))


VALID = [one for one in product(range(len(LABELS)), repeat=3) if fits(one)]


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_the_best_labels_are_the_best_of_all_that_fit(scores: np.ndarray) -> None:
    for row, found in zip(scores, decoding.best(scores), strict=True):
        totals = {one: sum(row[place, label] for place, label in enumerate(one)) for one in VALID}
        assert totals[tuple(int(label) for label in found)] == pytest.approx(max(totals.values()), abs=1e-4)


@settings(max_examples=25, deadline=None)
@given(SCORES)
def test_how_sure_a_label_is_counts_all_labellings_that_fit(scores: np.ndarray) -> None:
    sure = decoding.marginals(scores)
    for row, shares in zip(scores, sure, strict=True):
        weights = np.exp([sum(float(row[place, label]) for place, label in enumerate(one)) for one in VALID])
        for place in range(3):
            expected = np.zeros(len(LABELS))
            for one, weight in zip(VALID, weights, strict=True):
                expected[one[place]] += weight / weights.sum()
            assert shares[place] == pytest.approx(expected, abs=2e-4)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=5))
def test_sentences_decoded_together_get_what_each_gets_alone(lengths: list[int]) -> None:
    rng = np.random.default_rng(sum(lengths))
    some = [np.log(rng.dirichlet(np.ones(len(LABELS)), length)).astype(np.float32) for length in lengths]
    together, sure = (work(decoding.padded(some)) for work in (decoding.best, decoding.marginals))
    for number, alone in enumerate(some):
        assert together[number, : len(alone)].tolist() == decoding.best(alone[None])[0].tolist()
        assert sure[number, : len(alone)] == pytest.approx(decoding.marginals(alone[None])[0], abs=1e-4)
