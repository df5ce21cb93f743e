"""Sentences in other dress keep their words and names."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st

from training.corpora import Labelled
from training.variety import varied

FORMS = st.lists(
    st.sampled_from(["टाटा", "पढ़ाई", "Infosys", "ने", "चाँद", "हिन्दी", ",", "।"]), min_size=2, max_size=8
)


@given(FORMS, st.integers(0, 500))
def test_every_sentence_stays_with_its_names_and_at_most_its_full_stop_goes(
    forms: list[str], seed: int
) -> None:
    sentence = Labelled(tuple(forms), ((0, 1, "ORG"),))
    (other,) = varied([sentence], Random(seed))
    assert other.spans == sentence.spans
    assert len(other.forms) in (len(forms), len(forms) - 1)
    assert all(other.forms)


def test_about_a_quarter_is_changed() -> None:
    sentence = Labelled(("हिन्दी", "में", "पढ़ाई", ",", "चाँद", "Infosys", "ने", "कहा", "।"), ())
    changed = sum(other != sentence for other in varied([sentence] * 1000, Random(1)))
    assert 150 < changed < 400
