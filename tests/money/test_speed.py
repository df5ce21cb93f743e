"""Reading is linear in the length of the text, whatever the text is."""

from __future__ import annotations

import time

import pytest

from pipeline.money.amounts import find_sums

SIZE = 100_000
SECONDS = 1.0


@pytest.mark.parametrize(
    "unit", ["1", "करोड़", "करोड़ ", ",", "1,", "रुपये", "रुपये ", "लाख करोड़ ", "₹", "से ज्यादा ", "a ", "कई ", "."]
)
def test_a_hundred_thousand_letters_of_one_thing_take_less_than_a_second(unit: str) -> None:
    text = unit * (SIZE // len(unit))
    start = time.process_time()
    find_sums(text)
    assert time.process_time() - start < SECONDS


@pytest.mark.parametrize("unit", ["₹5 ", "5 लाख का ", "5 से ", "5-", "1 ", "12 करोड़ रुपये प्रति माह, "])
def test_twice_the_text_takes_about_twice_the_time(unit: str) -> None:
    def seconds(size: int) -> float:
        text = unit * (size // len(unit))
        start = time.process_time()
        find_sums(text)
        return time.process_time() - start

    seconds(SIZE // 20)
    attempts = 3  # for machines change their pace from one second to the next
    assert any(seconds(SIZE // 2) < 6 * seconds(SIZE // 8) + 0.3 for _ in range(attempts))
