"""How well copies of a story are told from other stories: precision and recall on labelled pairs.

`python -m benchmarks.duplicates_quality` prints both halves of duplicates/pairs.tsv: on `choose` the
thresholds of pipeline/text/likeness.py were chosen, `held` was held out. A pair counts as found only if
the index would find it too, by a landmark that both share.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from benchmarks.duplicates_pairs import DATA, Pair
from pipeline.text.likeness import likeness
from pipeline.text.outline import landmarks, outline


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall from 0 to 1, and how many pairs there are of each label."""

    precision: float
    recall: float
    copies: int
    others: int


def labelled() -> list[Pair]:
    """The pairs as they are stored, with their texts."""
    lines = (DATA / "texts.jsonl").read_text("utf-8").splitlines()
    texts = {str(row["id"]): str(row["text"]) for row in map(json.loads, lines)}
    _, *rows = (DATA / "pairs.tsv").read_text("utf-8").splitlines()
    return [
        Pair(texts[first], texts[second], repeats == "1", kind, half)
        for first, second, repeats, kind, half in (row.split("\t") for row in rows)
    ]


def is_found(pair: Pair) -> bool:
    """Whether the second text would be stored as a duplicate of the first."""
    first, second = outline(pair.first), outline(pair.second)
    return not set(landmarks(first)).isdisjoint(landmarks(second)) and likeness(first, second) > 0


def score(pairs: Sequence[Pair]) -> Score:
    """The score of some pairs."""
    found = Counter((pair.repeats, is_found(pair)) for pair in pairs)
    copies = found[True, True] + found[True, False]
    return Score(
        precision=found[True, True] / max(found[True, True] + found[False, True], 1),
        recall=found[True, True] / max(copies, 1),
        copies=copies,
        others=len(pairs) - copies,
    )


def main() -> None:
    """Print the table."""
    halves: defaultdict[str, list[Pair]] = defaultdict(list)
    for pair in labelled():
        halves[pair.half].append(pair)
    for half, pairs in sorted(halves.items()):
        scored = score(pairs)
        print(
            f"{half:8} precision {scored.precision:.4f}  recall {scored.recall:.4f}  "
            f"({scored.copies} copies, {scored.others} others)"
        )
        wrong = Counter(pair.kind for pair in pairs if is_found(pair) is not pair.repeats)
        for kind, count in sorted(Counter(pair.kind for pair in pairs).items()):
            print(f"  {kind:30} {count:4} pairs, {wrong[kind]} wrong")


if __name__ == "__main__":
    main()
