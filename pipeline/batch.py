"""The unit of work that engines carry: candidates in, Arrow tables out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.analysis import Analysis, analyse_candidates
from pipeline.article import Refusal
from pipeline.intake import Candidate
from pipeline.story_lines import story_line
from pipeline.tables import Tables, table


@dataclass(frozen=True, slots=True)
class Worked:
    """The rows of a batch, a pure function of it, and the stories of it that analysis failed on."""

    tables: Tables
    refusals: tuple[Refusal, ...] = ()


def work(candidates: Sequence[Candidate]) -> Worked:
    """Analyse a batch: `articles`, `mentions`, `amounts` and `facts`.

    A story that makes the analysis fail is refused (`failed`), and the others are kept.
    """
    try:
        return Worked(_tables(list(analyse_candidates(candidates))))
    except Exception:  # whichever story it was, it is found and named below
        return _one_by_one(candidates)


def _one_by_one(candidates: Sequence[Candidate]) -> Worked:
    done: list[Analysis] = []
    refusals: list[Refusal] = []
    for one in candidates:
        try:
            analysis = next(analyse_candidates([one]))
            _tables([analysis])
        except Exception as error:  # a defect of ours must not cost the articles around it
            detail = f"{type(error).__name__}: {error}"
            refusals.append(Refusal(one.story.source_uri, "failed", detail, story_line(one.story)))
        else:
            done.append(analysis)
    return Worked(_tables(done), tuple(refusals))


def _tables(done: Sequence[Analysis]) -> Tables:
    return {
        "articles": table("articles", (one.article for one in done)),
        "mentions": table("mentions", (row for one in done for row in one.mentions)),
        "amounts": table("amounts", (row for one in done for row in one.amounts)),
        "facts": table("facts", (row for one in done for row in one.facts)),
    }
