"""The second opinion: probabilities of labels, whatever the words."""

import numpy as np
import pytest

from pipeline.names import weights
from pipeline.names.field import Field
from pipeline.names.labels import LABELS

FIELD = Field(weights.read(weights.SHIPPED).field)


@pytest.mark.parametrize(
    "words", [[], ["टाटा"], ["प्रधानमंत्री", "नरेंद्र", "मोदी", "ने", "दिल्ली", "में", "कहा", "।"], ["मुंबई", "में"] * 400]
)
def test_every_word_has_a_share_of_each_label_and_they_sum_to_one(words: list[str]) -> None:
    shares = FIELD.shares(words)
    assert shares.shape == (len(words), len(LABELS))
    assert np.all(shares.sum(1) == pytest.approx(1, abs=1e-3))


def test_names_are_likely_where_names_are() -> None:
    words = ["प्रधानमंत्री", "नरेंद्र", "मोदी", "ने", "दिल्ली", "में", "कहा", "।"]
    best = [LABELS[number] for number in FIELD.shares(words).argmax(1)]
    assert best == ["O", "B-PERSON", "I-PERSON", "O", "B-LOC", "O", "O", "O"]
