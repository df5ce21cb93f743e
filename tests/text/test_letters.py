"""How words are built: odds for the languages in Devanagari."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.text.letters import (
    BUCKETS,
    LANGUAGES,
    WEIGHTS,
    buckets_of,
    devanagari_words,
    odds,
    write_weights,
)

words = st.lists(st.text("कनरसहगतदिीाुेो्ंँ़ऽळॻऱ", min_size=1, max_size=40), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("hi", "उन्होंने कहा कि यह काम जल्द पूरा हो जाएगा"),
        ("mr", "हे काम लवकर पूर्ण होईल असे त्यांनी सांगितले"),
        ("ne", "यो काम चाँडै सकिने उनले बताएका छन्"),
        ("sa", "एतत् कार्यं शीघ्रं समाप्तं भविष्यति इति सः अवदत्"),
        ("bho", "ऊ कहलन कि ई काम जल्दिए पूरा हो जाई बाकिर पइसा नइखे मिलल"),
    ],
)
def test_the_likeliest_language_of_a_sentence(language, sentence):
    found = odds(devanagari_words(sentence))
    assert max(found, key=found.__getitem__) == language


@settings(max_examples=60, deadline=None)
@given(words)
def test_the_odds_of_any_words_are_of_all_languages_and_sum_to_one(given):
    found = odds(given)
    assert tuple(found) == LANGUAGES
    assert sum(found.values()) == pytest.approx(1, abs=1e-5)
    assert odds(given[::-1]) == pytest.approx(found, abs=1e-4)


def test_numbers_dandas_and_latin_are_no_words():
    assert devanagari_words("राम। १२३ Ram २०% सीता॥") == ["राम", "सीता"]


def test_the_features_of_a_word_have_buckets_that_hold():
    assert 0 <= buckets_of("राम").min() <= buckets_of("राम").max() < BUCKETS
    assert buckets_of("राम").tolist() == buckets_of("राम").tolist() != buckets_of("रामा").tolist()


def test_the_weights_are_less_than_a_megabyte_and_come_back_as_they_were_stored(tmp_path):
    assert WEIGHTS.stat().st_size < 1 << 20
    weights = np.linspace(-1, 1, BUCKETS * len(LANGUAGES), dtype=np.float32).reshape(BUCKETS, len(LANGUAGES))
    write_weights(tmp_path / "a", weights)
    write_weights(tmp_path / "b", weights)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
