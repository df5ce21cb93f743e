"""What the money is, by the words around it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.money.amounts import find_sums
from pipeline.money.kinds import kind_of


def kinds(sentence: str) -> list[str | None]:
    found = [kind_of(sentence, each.start, each.end) for each in find_sums(sentence)]
    return [kind[0] if kind else None for kind in found]


SENTENCES = [
    ("कंपनी का वैल्यूएशन 10 अरब डॉलर पर पहुंचा", "valuation"),
    ("बैंक का शुद्ध मुनाफा बढ़कर 212 करोड़ रुपये रहा", "profit"),
    ("दूसरी तिमाही में 64 करोड़ रुपये का घाटा हुआ", "loss"),
    ("revenue grew to Rs 301 crore", "revenue"),
    ("राज्य में 1,800 करोड़ रुपये का निवेश करेगी", "investment"),
    ("has raised $4.2 million in a Series A round", "funding"),
    ("उसे हर महीने 50,000 रुपये वेतन मिलता है", "salary"),
    ("The bank has approved a loan of $250 million", "loan"),
    ("आयोग ने 15 लाख रुपये का जुर्माना लगाया", "fine"),
    ("बैंक से 83 करोड़ रुपये की धोखाधड़ी", "fraud"),
    ("12 हजार रुपये की रिश्वत लेते पकड़ा", "fraud"),
    ("17 लाख रुपये का टैक्स बकाया", "tax"),
    ("पेट्रोल की कीमत 94.77 रुपये प्रति लीटर", "price"),
    ("रेलवे को बजट में 2.55 लाख करोड़ रुपये मिले", "budget"),
    ("will acquire the firm in a deal worth $620 million", "deal"),
    ("राहत कोष में 25 करोड़ रुपये दान किए", "donation"),
]


@pytest.mark.parametrize(("sentence", "kind"), SENTENCES)
def test_the_word_beside_a_sum_says_what_it_is(sentence: str, kind: str) -> None:
    assert kinds(sentence) == [kind]


def test_each_sum_of_a_sentence_has_the_kind_of_its_own_words() -> None:
    assert kinds("मुनाफा 87 करोड़ रुपये, आय 1,412 करोड़ रुपये रही") == ["profit", "revenue"]


def test_a_sum_without_any_such_word_has_no_kind() -> None:
    assert kinds("मेज पर 50 रुपये रखे थे") == [None]


def test_a_lone_clear_word_is_surer_than_words_that_disagree() -> None:
    clear = kind_of("5 करोड़ रुपये का जुर्माना", 0, 14)
    mixed = kind_of("5 करोड़ रुपये का जुर्माना, कर्ज और वेतन", 0, 14)
    assert clear is not None and mixed is not None
    assert clear[0] == mixed[0] == "fine"
    assert clear[1] > mixed[1]


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_confidence_is_between_nought_and_one(sentence: str, start: int, end: int) -> None:
    found = kind_of(sentence, start, end)
    assert found is None or 0 < found[1] <= 1
