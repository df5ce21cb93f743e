"""Rupees per unit of a currency, from the reference rates that ship with the project."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.money import rates
from pipeline.money.rates import NoSeries, Rate, currencies, inr_crore, install, rate

FRIDAY, SUNDAY = dt.date(2020, 2, 28), dt.date(2020, 3, 1)


def test_a_rate_is_the_quotient_of_the_two_quotes_of_the_day() -> None:
    # The Bank's quotes per euro of 9 May 2018: 1.1878 dollars, 79.8943 rupees.
    assert rate("USD", dt.date(2018, 5, 9)) == Rate(Decimal("67.2623958246"), dt.date(2018, 5, 9))


def test_a_day_without_a_quote_takes_the_nearest_earlier_one() -> None:
    assert rate("USD", SUNDAY) == rate("USD", FRIDAY)


def test_there_is_no_rate_before_the_series_begins() -> None:
    assert rate("USD", dt.date(2005, 1, 1)) is None
    assert rate("EUR", dt.date(2005, 1, 1)) is None


def test_after_its_end_the_last_day_of_the_series_serves() -> None:
    found = rate("USD", dt.date(2090, 1, 1))
    assert found is not None
    assert found == rate("USD", found.date)
    assert found.date < dt.date(2090, 1, 1)


def test_a_currency_that_is_no_longer_quoted_has_no_rate() -> None:
    assert rate("RUB", dt.date(2021, 6, 1)) is not None
    assert rate("RUB", dt.date(2025, 1, 1)) is None


def test_an_unknown_currency_has_no_rate() -> None:
    assert rate("XTS", FRIDAY) is None


def test_rupees_are_worth_themselves() -> None:
    assert rate("INR", FRIDAY) == Rate(Decimal(1), FRIDAY)


@pytest.mark.parametrize(
    ("amount", "crores"),
    [
        ("10000000", "1"),
        ("0.0001", "0.00000000001"),
        ("12345678901234567890123456789012.3456", "1234567890123456789012345.67890123456"),
    ],
)
def test_rupees_become_crores_exactly(amount: str, crores: str) -> None:
    assert inr_crore(Decimal(amount), "INR", FRIDAY) == (Decimal(crores), None)


def test_another_currency_is_converted_at_the_rate_that_is_returned() -> None:
    crores, used = inr_crore(Decimal(16 * 10**9), "USD", dt.date(2018, 5, 9))
    assert used == rate("USD", dt.date(2018, 5, 9))
    assert crores == Decimal("107619.83331936000")


def test_without_a_rate_there_are_no_crores() -> None:
    assert inr_crore(Decimal(5), "XTS", FRIDAY) == (None, None)


@pytest.mark.parametrize(("currency", "units"), [("AED", "3.6725"), ("SAR", "3.75"), ("OMR", "0.384497")])
def test_a_currency_held_to_the_dollar_follows_it(currency: str, units: str) -> None:
    dollar, found = rate("USD", FRIDAY), rate(currency, FRIDAY)
    assert dollar and found and found.date == dollar.date
    assert abs(found.rate * Decimal(units) - dollar.rate) < Decimal("1e-9")


def test_nepali_rupees_are_five_eighths_of_a_rupee() -> None:
    assert inr_crore(Decimal(16_000_000), "NPR", FRIDAY) == (1, Rate(Decimal("0.625"), FRIDAY))


def test_a_peg_holds_from_its_first_day_only() -> None:
    assert rate("BTN", dt.date(1970, 1, 1)) is None


NEWER = "Date,USD,INR,\n2031-01-03,1.25,100,\n2031-01-02,1.2,N/A,\n2031-01-01,1.0,90.5,\n"


@pytest.fixture
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("KHABAR_HOME", str(tmp_path / "home"))
    rates._series.cache_clear()
    yield tmp_path
    rates._series.cache_clear()


@pytest.mark.parametrize("zipped", [False, True])
def test_a_newer_series_can_be_put_in_place_from_a_file(own_home: Path, zipped: bool) -> None:
    source = own_home / "rates"
    source.write_text(NEWER)
    if zipped:
        with zipfile.ZipFile(own_home / "rates.zip", "w") as archive:
            archive.write(source, "eurofxref-hist.csv")
        source = own_home / "rates.zip"
    assert install(source) == (dt.date(2031, 1, 1), dt.date(2031, 1, 3))
    assert rate("USD", dt.date(2031, 1, 3)) == Rate(Decimal(80), dt.date(2031, 1, 3))
    assert rate("USD", dt.date(2031, 1, 2)) == Rate(Decimal("90.5"), dt.date(2031, 1, 1))
    assert {"USD", "EUR", "AED"} <= set(currencies())


@pytest.mark.parametrize(
    "text", ["", "Date,USD,\n2031-01-03,1.2,\n", "hello", NEWER.replace("1.25", "much"), "₹"]
)
def test_a_file_that_is_no_series_changes_nothing(own_home: Path, text: str) -> None:
    before = rate("USD", FRIDAY)
    (own_home / "rates").write_text(text, "utf-8")
    with pytest.raises(NoSeries):
        install(own_home / "rates")
    assert rate("USD", FRIDAY) == before
