"""Sums of money by Khabar and by other libraries, on the same sentences in one run: how right and how fast.

The peers give no spans, so a sum is right when its currency and its value are; a range counts by its ends.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import Any, NamedTuple

from benchmarks.amounts_quality import CORPUS
from pipeline.money.amounts import find_sums
from pipeline.text.devanagari import normalise

ROUNDS = 3

Sums = Counter[tuple[str | None, Decimal]]
Listed = list[tuple[str | None, str]]


class Result(NamedTuple):
    """What one library found in each text, and the seconds it took, one a round."""

    sums: list[Listed]
    seconds: list[float]


def main(peers_python: str) -> int:
    """Print the table; `peers_python` is the interpreter that has the peers."""
    rows = [json.loads(line) for line in CORPUS.read_text("utf-8").splitlines()]
    texts, gold = [row["text"] for row in rows], [_gold(row) for row in rows]
    worker = [peers_python, str(Path(__file__).with_name("peers.py"))]
    answer = subprocess.run(worker, input=json.dumps(texts), capture_output=True, text=True, check=True)
    mine = Result([_ours(text) for text in texts], [_seconds(texts) for _ in range(ROUNDS)])
    results = {"khabar": mine, **{name: Result(**one) for name, one in json.loads(answer.stdout).items()}}
    print(f"\nmoney in {len(texts)} sentences of our corpus, {sum(map(Counter.total, gold))} sums in them\n")
    columns = (
        f"{'right':>6} {'wrong':>6} {'recall':>7} {'precision':>10} {'sentences/s':>12} {'khabar is':>12}"
    )
    print(f"{'':14} {columns}")
    for name, result in results.items():
        ratio = median(result.seconds) / median(mine.seconds)
        found = [_counted(sums) for sums in result.sums]
        speed = len(texts) / median(result.seconds)
        print(f"{name:14} {_scores(found, gold)} {speed:12,.0f} {ratio:10.1f} x")
    return 0


def _scores(found: Sequence[Sums], gold: Sequence[Sums]) -> str:
    right = sum((mine & true).total() for mine, true in zip(found, gold, strict=True))
    predicted, wanted = sum(map(Counter.total, found)), sum(map(Counter.total, gold))
    precision = right / predicted if predicted else 0.0
    return f"{right:6} {predicted - right:6} {right / wanted:7.3f} {precision:10.3f}"


def _counted(sums: Sequence[tuple[str | None, str]]) -> Sums:
    return Counter((currency, Decimal(value).normalize()) for currency, value in sums)


def _gold(row: dict[str, Any]) -> Sums:
    money = [one for one in row["mentions"] if one["is_money"]]
    ends = [(one["currency"], {one["amount_min"], one["amount_max"]}) for one in money]
    return _counted([(currency, str(value)) for currency, values in ends for value in values])


def _ours(text: str) -> list[tuple[str | None, str]]:
    found = [one for one in find_sums(normalise(text).text) if one.minimum is not None]
    return [(one.currency, str(value)) for one in found for value in {one.minimum, one.maximum}]


def _seconds(texts: Sequence[str]) -> float:
    began = time.process_time()
    for text in texts:
        _ours(text)
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
