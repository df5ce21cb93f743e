"""Whether two outlines tell one story: a copy that was cut, retitled or respelt, or a newer version.

The shorter of the two decides: nearly all of it must stand in the longer. What tells a copy from the next
bulletin of the same form is not how many words agree but which do not: figures, and names that stand in
the frame of another name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipeline.text.outline import CLASS, FIGURE, Codes, codes

SHORTEST = 20
"""Words below which only the same words are the same story."""
SHORT = 50
"""Words below which a copy may differ in next to nothing."""
COPIED, COPIED_OF_SHORT = 0.6, 0.85
"""The share of the shorter that must stand in the longer, in runs of three words."""
FIGURES = 0.65
"""The share of the shorter's figures, weighed by how much they tell, that the longer must have."""
FIRST_CHANGE, LATER_CHANGES = 1, 150
"""Words that may stand in the frame of others: one, and one more for every so many words."""
SAME_SOURCE = 0.3
"""The share of the shorter that makes a text of the same address its newer or older version."""
SAME_FILE, FIGURES_OF_FILE = 0.5, 0.5
"""The same for a text of the same file name, which says less; figures count where days do not speak."""

_WEIGHTS = 0, 1, 2, 4
_LONGEST_GAP = 4
_OCCURRENCES = 8
_MOST_TELLING = 3
_RUN = 3
_FACTOR = np.uint16(0x9E37)
_FEW = 3  # to look through so many at once would cost more than one by one

Mask = npt.NDArray[np.bool_]
Runs = npt.NDArray[np.uint64]
Gap = tuple[int, ...]


def likeness(one: bytes, other: bytes) -> float:
    """How much of the shorter outline stands in the longer (0 to 1) if they tell the same, else 0."""
    shorter, longer = _by_length(one, other)
    if len(shorter) < SHORTEST:
        return 0.0
    covered = _covered(shorter, longer)
    shared, short = float(covered.mean()), len(shorter) < SHORT
    if shared < (COPIED_OF_SHORT if short else COPIED) or _figures(shorter, longer) < FIGURES:
        return 0.0
    allowed = 0 if short else FIRST_CHANGE + len(shorter) // LATER_CHANGES
    return shared if _changes(shorter, longer, covered) <= allowed else 0.0


def likenesses(one: bytes, others: Sequence[bytes]) -> list[float]:
    """The likeness of an outline to each of others; those that share few runs of words cost little."""
    some = _sharing(one, others) if len(others) > _FEW else range(len(others))
    found = [0.0] * len(others)
    for at in some:
        found[at] = likeness(one, others[at])
    return found


def _sharing(one: bytes, others: Sequence[bytes]) -> list[int]:
    """The places of others that may share enough runs with `one` for a likeness above 0.

    A run counts whose pairs of words have hashes that stand in `one`, as often as the rarer: not too little.
    """
    own, counts = np.unique(_pairs(codes(one)), return_counts=True)
    table = np.zeros(1 << 16, np.uint16)
    table[own] = counts
    often = table[_pairs(codes(b"".join(others)))]
    runs = np.minimum(often[:-1], often[1:])
    lengths = np.array([len(other) // 2 for other in others])
    starts = np.cumsum(lengths) - lengths
    ends = np.maximum(starts + lengths - (_RUN - 1), starts)
    sums = np.concatenate([[0], np.cumsum(runs, dtype=np.int64)])
    last = len(sums) - 1  # what is behind it, in texts of fewer than three words, is no run
    most = _RUN * (sums[ends.clip(max=last)] - sums[starts.clip(max=last)])  # if no two runs overlap
    shorter = np.minimum(len(one) // 2, lengths)
    return np.flatnonzero(most >= COPIED * shorter).tolist()


def _pairs(words: Codes) -> Codes:
    """A hash of each two words that follow each other."""
    return words[:-1] * _FACTOR + words[1:]


def version_likeness(one: bytes, other: bytes, *, by_name: bool = False, by_day: bool = False) -> float:
    """How much of the shorter stands in the longer if they are versions of one source's story, else 0.

    Both have one address or, with `by_name`, only one file name; `by_day` says that both are of one day.
    """
    shorter, longer = _by_length(one, other)
    shared = float(_covered(shorter, longer).mean()) if len(shorter) else 0.0
    if shared < (SAME_FILE if by_name else SAME_SOURCE):
        return 0.0
    return 0.0 if by_name and not by_day and _figures(shorter, longer) < FIGURES_OF_FILE else shared


def _by_length(one: bytes, other: bytes) -> tuple[Codes, Codes]:
    shorter, longer = sorted((one, other), key=lambda outline: (len(outline), outline))
    return codes(shorter), codes(longer)


def _covered(shorter: Codes, longer: Codes) -> Mask:
    """Which words of the shorter stand in a run of three that the longer has too."""
    covered = np.zeros(len(shorter), bool)
    if len(shorter) >= _RUN:
        found = _are_in(_runs(shorter), np.sort(_runs(longer)))
        for place in range(_RUN):
            covered[place : place + len(found)] |= found
    return covered


def _runs(words: Codes) -> Runs:
    wide = words.astype(np.uint64)
    return wide[:-2] << np.uint64(32) | wide[1:-1] << np.uint64(16) | wide[2:]


def _are_in(runs: Runs, known: Runs) -> Mask:
    """Which runs are among the known, which are sorted and at least one."""
    return np.asarray(known[np.searchsorted(known, runs).clip(max=len(known) - 1)] == runs)


def _figures(shorter: Codes, longer: Codes) -> float:
    """The share of the shorter's figures, by weight, that the longer has too; 1 when it has none."""
    figures, known = _figures_of(shorter), _figures_of(longer)
    return _weight(figures & known) / _weight(figures) if figures else 1.0


def _figures_of(words: Codes) -> set[int]:
    return set(words[words >> FIGURE > 0].tolist())


def _weight(figures: Iterable[int]) -> int:
    return sum(_WEIGHTS[figure >> FIGURE] for figure in figures)


def _changes(shorter: Codes, longer: Codes, covered: Mask) -> int:
    """How many words were put in the place of others, figures and what recurs counted twice."""
    words, others = shorter.tolist(), _Text(longer)
    gaps = list(_gaps(words, others, covered))
    framed = {code for gone, _ in gaps for code in gone}
    beside = [at for at in _telling_figures(shorter, longer) if words[at] not in framed]
    return _put_in_place(gaps) + 2 * sum(_stands_for_another(at, words, others) for at in beside)


class _Text:
    """The words of an outline, and where each two that follow each other stand."""

    def __init__(self, words: Codes) -> None:
        self.words: list[int] = words.tolist()
        wide = words.astype(np.uint32)
        self._pairs = wide[:-1] << np.uint32(16) | wide[1:]

    def places(self, pair: Sequence[int]) -> list[int]:
        """Where two words stand; fewer than two stand nowhere."""
        if len(pair) < 2:
            return []
        found: list[int] = np.flatnonzero(self._pairs == np.uint32(pair[0] << 16 | pair[1])).tolist()
        return found


def _put_in_place(gaps: Iterable[tuple[Gap, Gap]]) -> int:
    known: set[tuple[Gap, Gap]] = set()
    count = 0
    for gone, come in gaps:
        figures = [{code for code in gap if code >> FIGURE} for gap in (gone, come)]
        if all(figures):
            count += 2 if figures[0] != figures[1] else 0
        elif not _may_be_spellings(gone, come):
            count += 2 if (gone, come) in known else 1
            known.add((gone, come))
    return count


def _telling_figures(shorter: Codes, longer: Codes) -> list[int]:
    """The places in the shorter of figures of three digits or more that the longer does not have."""
    known = _figures_of(longer)
    telling = np.flatnonzero(shorter >> FIGURE == _MOST_TELLING).tolist()
    return [at for at in telling if int(shorter[at]) not in known]


def _stands_for_another(at: int, words: list[int], others: _Text) -> bool:
    """Whether two words before or behind a figure stand beside another as telling in the other text."""
    before, behind = words[max(at - 2, 0) : at], words[at + 1 : at + 3]
    beside = [place + 2 for place in others.places(before)] + [place - 1 for place in others.places(behind)]
    return any(others.words[one] >> FIGURE == _MOST_TELLING for one in beside if 0 <= one < len(others.words))


def _gaps(words: list[int], others: _Text, covered: Mask) -> Iterator[tuple[Gap, Gap]]:
    """Words of the shorter and what the longer has in their frame, the two words before and behind them."""
    for start, end in _uncovered(covered):
        behind = words[end : end + 2]
        for place in others.places(words[start - 2 : start])[:_OCCURRENCES]:
            come = _up_to(behind, others.words[place + 2 : place + 4 + _LONGEST_GAP])
            if come:
                yield tuple(words[start:end]), come
                break


def _uncovered(covered: Mask) -> Iterator[tuple[int, int]]:
    """The (start, end) of short runs of words that are not covered between words that are."""
    edges = np.flatnonzero(np.diff(covered.astype(np.int8)))
    for left, right in pairwise(edges.tolist()):
        if not covered[right] and right - left <= _LONGEST_GAP and left > 0:
            yield left + 1, right + 1


def _up_to(behind: list[int], words: list[int]) -> Gap:
    """The words before `behind` in `words`, if there are some."""
    for end in range(1, len(words) - 1):
        if words[end : end + 2] == behind:
            return tuple(words[:end])
    return ()


def _may_be_spellings(gone: Gap, come: Gap) -> bool:
    """Whether words may be others' spellings: they begin alike, one by one or, run together, one of them."""
    if len(gone) == len(come):
        return all(one >> CLASS == other >> CLASS for one, other in zip(gone, come, strict=True))
    return not {one >> CLASS for one in gone}.isdisjoint(other >> CLASS for other in come)
