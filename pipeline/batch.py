"""The unit of work that engines carry: candidates in, Arrow tables out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from time import thread_time
from typing import TYPE_CHECKING

import pyarrow as pa

from pipeline.article import Refusal
from pipeline.intake import Candidate
from pipeline.story_lines import story_line
from pipeline.tables import Tables, table

if TYPE_CHECKING:
    from pipeline.analysis import Analysis


@dataclass(frozen=True, slots=True)
class Worked:
    """The rows of a batch, a pure function of it, and the stories of it that analysis failed on.

    `seconds` is the processor time that the work took where it was done, without waiting for others.
    """

    tables: Tables
    refusals: tuple[Refusal, ...] = ()
    seconds: float = field(default=0.0, compare=False)


def work(candidates: Sequence[Candidate]) -> Worked:
    """Analyse a batch: `articles`, `mentions`, `amounts` and `facts`.

    A story that makes the analysis fail is refused (`failed`), and the others are kept.
    """
    began = thread_time()
    try:
        done = _analysed(candidates)
    except Exception:  # whichever story it was, it is found and named below
        done = _one_by_one(candidates)
    return replace(done, seconds=thread_time() - began)


def refused(one: Candidate, detail: str) -> Worked:
    """The work on a story that cannot be analysed, and why."""
    refusal = Refusal(one.story.source_uri, "failed", detail, story_line(one.story))
    return Worked(_tables([]), (refusal,))


def joined(works: Sequence[Worked]) -> Worked:
    """The work on the parts of a batch (at least one), in their order, as that on the whole."""
    return Worked(
        {kind: pa.concat_tables([one.tables[kind] for one in works]) for kind in works[0].tables},
        tuple(refusal for one in works for refusal in one.refusals),
        sum(one.seconds for one in works),
    )


def _one_by_one(candidates: Sequence[Candidate]) -> Worked:
    return joined([_alone(one) for one in candidates])


def _alone(one: Candidate) -> Worked:
    try:
        return _analysed([one])
    except Exception as error:  # a defect of ours must not cost the articles around it
        return refused(one, f"{type(error).__name__}: {error}")


def _analysed(candidates: Sequence[Candidate]) -> Worked:
    from pipeline.analysis import analyse_candidates  # late: who only sends batches on needs no models

    return Worked(_tables(list(analyse_candidates(candidates))))


def _tables(done: Sequence[Analysis]) -> Tables:
    return {
        "articles": table("articles", (one.article for one in done)),
        "mentions": table("mentions", (row for one in done for row in one.mentions)),
        "amounts": table("amounts", (row for one in done for row in one.amounts)),
        "facts": table("facts", (row for one in done for row in one.facts)),
    }
