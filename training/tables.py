"""Makes the larger tables of pipeline/names from lists of others: `python -m training.tables --data DIR`."""

from __future__ import annotations

import argparse
import csv
import gzip
import json
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import regex
from babel import Locale

NAMES = Path(__file__).parents[1] / "pipeline" / "names"
_WORD = regex.compile(r"[\p{L}\p{M}]{2,}")
_NO_NAME = frozenset({
    "late", "smt", "shri", "sri", "dr", "mr", "mrs", "md", "adv", "swargiya",
    "स्वर्गीय", "स्व", "श्री", "श्रीमती", "प्रयात", "मृत", "डॉ", "डा",
})  # fmt: skip
_PLAIN_PLACE = regex.compile(r"[A-Za-z .\-]{3,}")
_LEGAL_FORM = regex.compile(r"\s*\(.*?\)|\s+(?:limited|ltd)\.?$", regex.IGNORECASE)
_LOWER_WORD = regex.compile(r"\b[a-z]{2,}\b")
_LEAST_ENGLISH = 2
_LEAST_PERSON = 2


def main() -> None:
    """Write every made table, byte for byte the same from the same data."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="the folder with names/ and companies/")
    data = parser.parse_args().data
    for name, (heading, lines) in _tables(data).items():
        write(name, heading, lines)


def _tables(data: Path) -> dict[str, tuple[str, Iterable[str]]]:
    return {
        "person_words.tsv.gz": (
            "Words of people's names: word, times first, times last. "
            "From the affidavits and cricketers of in-rolls/indicate, MIT.",
            _person_words(data / "names"),
        ),
        "towns.tsv.gz": (
            "Constituencies, and cities in which listed companies sit. "
            "From in-rolls/indicate, MIT, and FinanceDatabase, MIT.",
            _towns(data),
        ),
        "listed_companies.tsv.gz": (
            "Companies listed on the National Stock Exchange of India. From its public list.",
            _listed(data / "companies"),
        ),
        "world_places.tsv.gz": (
            "Countries and the cities of time zones, English and Hindi. "
            "From the Unicode CLDR, Unicode License v3.",
            _world(),
        ),
        "english_words.tsv.gz": (
            "English words in business prose, and how often: 2, 5 or 9 (20 times or more). "
            "Counted in the summaries of FinanceDatabase, MIT.",
            _english(data / "companies"),
        ),
    }


def write(name: str, heading: str, lines: Iterable[str]) -> None:
    """Write a gzipped table with its heading, without a time of writing in it."""
    text = "\n".join(["# " + heading, *lines, ""])
    (NAMES / name).write_bytes(gzip.compress(text.encode("utf-8"), mtime=0))


def _person_words(names: Path) -> Iterator[str]:
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for words in sorted(set(_people(names))):
        first.update(words[:-1] or words)
        last.update(words[1:][-1:])
    for word in sorted(first | last):
        if first[word] + last[word] >= _LEAST_PERSON:
            yield f"{word}\t{first[word]}\t{last[word]}"


def _people(names: Path) -> Iterator[tuple[str, ...]]:
    who = ("name", "fathers_or_husbands_name")
    columns = [f"{one}_{language}" for one in who for language in ("english", "hindi")]
    with (names / "affidavits_candidates_en_hi.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield from filter(None, (_words_of(row[column] or "") for column in columns))
    for player in json.loads((names / "cricketers_en_hi.json").read_text(encoding="utf-8")):
        for name in (player["slug"], player["hindi_long_name"]):
            if words := _words_of((name or "").replace("-", " ")):
                yield words


def _words_of(name: str) -> tuple[str, ...]:
    words = _WORD.findall(unicodedata.normalize("NFC", name.lower()))
    return tuple(word for word in words if word not in _NO_NAME)


def _towns(data: Path) -> Iterator[str]:
    found: set[str] = set()
    with (data / "names" / "affidavits_candidates_en_hi.csv").open(encoding="utf-8", newline="") as file:
        found.update(row["assembly_constituency"] for row in csv.DictReader(file))
    for row in _finance_database(data / "companies"):
        found.update((row["city"], row["state"]))
    names = {regex.sub(r"\s*\(.*", "", name).strip().title() for name in found if name}
    return iter(sorted(filter(_PLAIN_PLACE.fullmatch, names)))


def _listed(companies: Path) -> Iterator[str]:
    with (companies / "NSE_EQUITY_L_2026.csv").open(encoding="utf-8", newline="") as file:
        names = {_LEGAL_FORM.sub("", row["NAME OF COMPANY"]).strip() for row in csv.DictReader(file)}
    return iter(sorted(names))


def _world() -> Iterator[str]:
    found: set[str] = set()
    for locale in (Locale("en"), Locale("hi")):
        found.update(name for code, name in locale.territories.items() if len(code) == 2)
        found.update(zone["city"] for zone in locale.time_zones.values() if "city" in zone)
    return iter(sorted({unicodedata.normalize("NFC", name) for name in found}))


def _english(companies: Path) -> Iterator[str]:
    counts = Counter(w for row in _finance_database(companies) for w in _LOWER_WORD.findall(row["summary"]))
    for word in sorted(counts):
        if counts[word] >= _LEAST_ENGLISH:
            yield f"{word}\t{'2' if counts[word] < 5 else '5' if counts[word] < 20 else '9'}"


def _finance_database(companies: Path) -> Iterator[dict[str, str]]:
    with (companies / "financedatabase_NSE.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


if __name__ == "__main__":
    main()
