"""`make eval`: names and amounts on the developer sets, and the pace of names, beside the stored baseline.

Exits 1 when a score falls below the baseline by more than its noise; `--update` raises the baseline
where a score is better, and never lowers it.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path

from benchmarks import amounts_quality, names_quality, names_speed

BASELINE = Path(__file__).with_name("baseline.json")
NOISE = 0.002
"""A score may fall by this much without being worse: rounding differs between machines."""
NAMES_NOISE = 0.016
"""And one of names by two names of the smallest set: processors differ in the last bits of the network."""

PACE = "names.pace"
PACE_NOISE = 0.35
"""The share of the pace of names that may go to a busy machine or another processor."""

Scores = Mapping[str, float]


def main() -> int:
    """Print the scores; the exit status."""
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--data", type=Path, required=True, help="the folder of the developer sets")
    words.add_argument("--update", action="store_true", help="raise the baseline where a score is better")
    options = words.parse_args()
    if not (options.data / "ner").is_dir():
        print(f"no developer sets at {options.data}; nothing was measured", file=sys.stderr)
        return 1
    scores = measured(options.data)
    baseline = read_baseline()
    if options.update:
        BASELINE.write_text(json.dumps(raised(baseline, scores), indent=2) + "\n", encoding="utf-8")
    return 1 if complain(worse(read_baseline(), scores)) else 0


def measured(data: Path) -> dict[str, float]:
    """Print all scores; those that the baseline keeps: of names all types together, for some are rare."""
    paces = [names_speed.pace()]
    names = names_quality.report(data)
    kept = {name: score for name, score in names.items() if name.endswith(".micro")}
    amounts = amounts_quality.report(data)
    paces.append(names_speed.pace())  # some time later, for a machine may have a bad moment
    print(f"names: {' and '.join(f'{pace:.1f}' for pace in paces)} tokens to a million exponentials")
    return {**kept, **amounts, PACE: max(paces)}


def read_baseline() -> dict[str, float]:
    """The stored scores by name."""
    stored: dict[str, float] = json.loads(BASELINE.read_text(encoding="utf-8"))
    return stored


def raised(baseline: Scores, scores: Scores) -> dict[str, float]:
    """The baseline with better scores in place of the old."""
    return {name: max(baseline.get(name, 0.0), round(scores[name], 4)) for name in sorted(scores)}


def worse(baseline: Scores, scores: Scores) -> dict[str, tuple[float, float]]:
    """Scores below the baseline beyond noise, with both numbers; a score that is missing counts as 0."""
    return {
        name: (stored, scores.get(name, 0.0))
        for name, stored in baseline.items()
        if scores.get(name, 0.0) < stored - _noise(name, stored)
    }


def _noise(name: str, stored: float) -> float:
    if name == PACE:
        return PACE_NOISE * stored
    return NAMES_NOISE if name.startswith("names.") else NOISE


def complain(fallen: Mapping[str, tuple[float, float]]) -> bool:
    """Say what fell; whether anything did."""
    for name, (stored, now) in fallen.items():
        print(f"worse: {name} was {stored:.4f}, is {now:.4f}", file=sys.stderr)
    return bool(fallen)


if __name__ == "__main__":
    sys.exit(main())
