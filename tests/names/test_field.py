"""The second opinion: probabilities of labels, whatever the words."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.names import weights
from pipeline.names.features import features
from pipeline.names.field import Field, packed
from pipeline.names.labels import LABELS

FIELD = Field(weights.read(weights.SHIPPED).field)


@pytest.mark.parametrize(
    "words", [[], ["टाटा"], ["प्रधानमंत्री", "नरेंद्र", "मोदी", "ने", "दिल्ली", "में", "कहा", "।"], ["मुंबई", "में"] * 400]
)
def test_every_word_has_a_share_of_each_label_and_they_sum_to_one(words: list[str]) -> None:
    (shares,) = FIELD.shares([words])
    assert shares.shape == (len(words), len(LABELS))
    assert np.all(shares.sum(1) == pytest.approx(1, abs=1e-3))


def test_names_are_likely_where_names_are() -> None:
    words = ["प्रधानमंत्री", "नरेंद्र", "मोदी", "ने", "दिल्ली", "में", "कहा", "।"]
    best = [LABELS[number] for number in FIELD.shares([words])[0].argmax(1)]
    assert best == ["O", "B-PERSON", "I-PERSON", "O", "B-LOC", "O", "O", "O"]


def test_a_sentence_has_the_same_shares_whatever_stands_beside_it() -> None:
    sentences = [["टाटा", "ने", "कहा"], ["मुंबई"], ["Tata", "Steel", "rose"], ["राम", "घर", "गया"]]
    for sentence, together in zip(sentences, FIELD.shares(sentences), strict=True):
        assert np.allclose(FIELD.shares([sentence])[0], together, atol=1e-5)


WORDS = ["राम", "Tata", "ने", "12", "Ltd", "।"]
OWN = ["O", "U-PERSON", "B-COMPANY", "L-COMPANY"]
FOLDED = ["O", "B-PERSON", "B-COMPANY", "I-COMPANY"]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4), st.integers(0, 2**32 - 1))
def test_a_share_is_the_weight_of_all_labellings_that_have_the_label_among_all(words: list[str], seed: int):
    draw = np.random.default_rng(seed)
    told = features(words)
    rows = {
        name: draw.integers(-3, 4, len(OWN)).tolist() for name in sorted({n for one in told for n in one})
    }
    steps = draw.integers(-3, 4, (len(OWN), len(OWN))).tolist()
    expected = np.zeros((len(words), len(LABELS)))
    for labelling in product(range(len(OWN)), repeat=len(words)):
        score = sum(rows[name][label] for own, label in zip(told, labelling, strict=True) for name in own)
        score += sum(steps[one][next] for one, next in pairwise(labelling))
        for place, label in enumerate(labelling):
            expected[place, LABELS.index(FOLDED[label])] += np.exp(score / 8)
    expected /= expected.sum(1, keepdims=True)
    field = Field(packed(OWN, {n: [w / 8 for w in r] for n, r in rows.items()}, np.array(steps) / 8))
    assert np.allclose(field.shares([words])[0], expected, atol=1e-3)
