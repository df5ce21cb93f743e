"""Scores of the amounts: on our corpus, on the labelled news, and on the cases of other projects."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from pipeline.money.amounts import Sum, find_sums
from pipeline.money.lexer import lines
from pipeline.money.numbers import number_at
from pipeline.text.devanagari import normalise
from pipeline.text.offsets import Normalised
from pipeline.tsv import rows

CORPUS = Path(__file__).parents[1] / "tests/money/corpus.jsonl"
LABELLED = ("news_hi_train", "news_hi_dev", "news_en_train", "news_en_dev", "own_news")
NUMBERS = ("recognizers-number-hi", "duckling-numeral-hi")
MONEY = ("recognizers-currency-hi", "recognizers-currency-en", "duckling-money-en")
CURRENCIES = {"DOLLAR": "USD", "POUND": "GBP", "CENT": "USD", "INR?": "INR"}
"""What other projects call a currency, where it is not its ISO 4217 code."""

Row = Mapping[str, Any]  # a line of JSON


class Found(NamedTuple):
    """A sum where it stands in the given text, and what it is worth."""

    start: int
    end: int
    currency: str | None
    low: Decimal | None
    high: Decimal | None
    modifier: str | None = None
    per: str | None = None


class Tally(NamedTuple):
    """Counts over many texts: records right, predicted and wanted, and attributes of the right ones."""

    right: int
    predicted: int
    wanted: int
    modifiers: int
    rates: int

    @property
    def f1(self) -> float:
        """F1 of exact records: span, both values, currency."""
        return 2 * self.right / (self.predicted + self.wanted) if self.right else 0.0


def report(data: Path) -> dict[str, float]:
    """Print the scores on all sets at `data` and on our corpus; those that the baseline keeps, by name."""
    columns = f"{'right':>6} {'pred.':>6} {'gold':>6} {'F1':>7} {'modif.':>7} {'rates':>7}"
    print(f"\n{'amounts: exact record':40} {columns}")
    corpus = _printed("own corpus", of_corpus())
    patch = list(_patch())
    labelled = [
        _patched(name, row, patch) for name in LABELLED for row in _read(data / "ner" / f"{name}.jsonl")
    ]
    news = _printed("labelled news, five sets together", _scored(labelled, _of_labels, lambda mention: False))
    return {
        "amounts corpus F1": corpus.f1,
        "amounts labelled news F1": news.f1,
        "amounts corpus modifiers": corpus.modifiers / corpus.right,
        "amounts corpus rates": corpus.rates / corpus.right,
        **_third_party(data / "amounts" / "thirdparty.jsonl"),
    }


def of_corpus() -> Tally:
    """The counts over our own corpus."""
    return _scored(_read(CORPUS), _of_corpus, _is_optional)


def false_alarms() -> tuple[int, int]:
    """Of the sentences of our corpus without any money, how many are given some, and how many there are."""
    without = [row for row in _read(CORPUS) if not any(one["is_money"] for one in row["mentions"])]
    optional = [[_span(one) for one in row["mentions"] if _is_optional(one)] for row in without]
    wrong = sum(
        any(one.low is not None and not _meets(one, spans) for one in found_in(row["text"]))
        for row, spans in zip(without, optional, strict=True)
    )
    return wrong, len(without)


def wrong_currencies() -> list[str]:
    """The sums of our corpus that are found with another currency than they have."""
    return [
        f"{row['id']}: {gold.currency} read as {one.currency}"
        for row in _read(CORPUS)
        for gold in _of_corpus(row)
        for one in found_in(row["text"])
        if _meets(one, [(gold.start, gold.end)]) and one.currency != gold.currency
    ]


def found_in(text: str) -> list[Found]:
    """The sums of a text as it is given, at their places in it."""
    normalised = normalise(text)
    return [_placed(normalised, one) for one in find_sums(normalised.text)]


def _placed(text: Normalised, one: Sum) -> Found:
    start, end = text.source_span(*text.snap(one.start, one.end))
    return Found(start, end, one.currency, one.minimum, one.maximum, one.modifier, one.per)


def _scored(
    texts: Iterable[Row], wanted_of: Callable[[Row], list[Found]], is_optional: Callable[[Row], bool]
) -> Tally:
    total = Tally(0, 0, 0, 0, 0)
    for row in texts:
        optional = [_span(one) for one in row.get("mentions", ()) if is_optional(one)]
        definite = [one for one in found_in(row["text"]) if one.low is not None]
        predicted = [one for one in definite if not _meets(one, optional)]
        pairs = zip(total, _tally(predicted, wanted_of(row)), strict=True)
        total = Tally(*(sum(pair) for pair in pairs))
    return total


def _tally(predicted: Sequence[Found], wanted: Sequence[Found]) -> Tally:
    by_record = {one[:5]: one for one in wanted}
    right = [(one, by_record[one[:5]]) for one in predicted if one[:5] in by_record]
    return Tally(
        len(right),
        len(predicted),
        len(wanted),
        sum(mine.modifier == gold.modifier for mine, gold in right),
        sum(_same_rate(mine.per, gold.per) for mine, gold in right),
    )


def _same_rate(mine: str | None, gold: str | None) -> bool:
    """The labels say "other" for units that their guide does not list, and "?" where any will do."""
    return gold == "?" or mine == gold or (gold == "other" and mine is not None)


def _meets(one: Found, spans: Iterable[tuple[int, int]]) -> bool:
    return any(one.start < end and start < one.end for start, end in spans)


def _of_corpus(row: Row) -> list[Found]:
    return [
        _gold(one, "?" if one.get("per_optional") else one["per"])
        for one in row["mentions"]
        if one["is_money"] and not _is_optional(one)
    ]


def _is_optional(mention: Row) -> bool:
    indefinite = mention.get("trap") == "indefinite"
    return bool(mention.get("implicit") or mention.get("optional") or indefinite)


def _of_labels(row: Row) -> list[Found]:
    return [_gold(one, one["per"]) for one in row["amounts"] if one["amount_min"] is not None]


def _gold(one: Row, per: str | None) -> Found:
    return Found(
        *_span(one),
        one["currency"],
        _decimal(one["amount_min"]),
        _decimal(one["amount_max"]),
        one["modifier"],
        per,
    )


def _span(one: Row) -> tuple[int, int]:
    return one["start"], one["end"]


def _decimal(value: object) -> Decimal:
    return Decimal(str(value))


def _patch() -> Iterator[tuple[str, str, int, str, str]]:
    """The corrected labels: set, id, start of the amount, field, its right value."""
    for name, identity, start, _, field, value, _ in rows("benchmarks", "amounts_patch.tsv"):
        yield name, identity, int(start), field, value


def _patched(name: str, row: Row, patch: Sequence[tuple[str, str, int, str, str]]) -> Row:
    mine = [
        (start, field, value)
        for of, identity, start, field, value in patch
        if (of, identity) == (name, row["id"])
    ]
    if not mine:
        return row
    amounts = [dict(one) for one in row["amounts"]]
    for start, field, value in mine:
        for one in amounts:
            if one["start"] == start:
                one |= {"amount_min": value, "amount_max": value} if field == "amount" else {field: value}
    return {**row, "amounts": amounts}


def _third_party(path: Path) -> dict[str, float]:
    cases = [row for row in _read(path) if row["trust"] == "ok"]
    aside = {f"{source}:{number}" for source, number, _ in rows("benchmarks", "amounts_out_of_scope.tsv")}
    columns = f"{'right':>6} {'of':>6} {'recall':>7} {'in scope':>9}"
    print(f"\n{'cases of other projects: exact recall':40} {columns}")
    scores: dict[str, float] = {}
    for source in (*NUMBERS, *MONEY):
        own = [row for row in cases if row["source"] == source]
        right, of = _recalled(own, source)
        within, of_within = _recalled([row for row in own if row["id"] not in aside], source)
        print(f"{source:40} {right:6} {of:6} {right / of:7.3f} {within / of_within:9.3f}")
        scores[f"amounts {source} recall"] = right / of
    return scores


def _recalled(cases: Sequence[Row], source: str) -> tuple[int, int]:
    """How many of the expected are found, value and currency right, and how many there are.

    Spans need only meet, for theirs take in words such as about and from.
    """
    right = wanted = 0
    for row in cases:
        found = _numbers(row["text"]) if source in NUMBERS else found_in(row["text"])
        for one in row["expected"]:
            if _value(one) is None:
                continue
            wanted += 1
            right += any(
                (each.currency, each.low) == (_currency(one), _value(one)) and _meets(each, [_span(one)])
                for each in found
            )
    return right, wanted


def _currency(one: Row) -> str | None:
    name = one["currency"]
    return CURRENCIES.get(name, name) if name else None


def _value(one: Row) -> Decimal | None:
    """What the case is worth, the lower end of a range; None where it says no number."""
    value = one["value_min"] if one["value"] is None else one["value"]
    if value is None:
        return None
    return _decimal(value) / 100 if one["currency"] == "CENT" else _decimal(value)


def _numbers(text: str) -> list[Found]:
    """Every number of a text, whatever it counts."""
    normalised = normalise(text)
    found: list[Found] = []
    for tokens in lines(normalised.text):
        at = 0
        while at < len(tokens):
            number = number_at(tokens, at)
            if number:
                span = normalised.snap(tokens[at].start, tokens[number.last - 1].end)
                found.append(Found(*normalised.source_span(*span), None, number.value, number.value))
            at = number.last if number else at + 1
    return found


def _printed(name: str, tally: Tally) -> Tally:
    modifiers, rates = tally.modifiers / tally.right, tally.rates / tally.right
    counts = f"{tally.right:6} {tally.predicted:6} {tally.wanted:6}"
    print(f"{name:40} {counts} {tally.f1:7.4f} {modifiers:7.4f} {rates:7.4f}")
    return tally


def _read(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
