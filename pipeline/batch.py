"""The unit of work that engines carry: candidates in, Arrow tables out."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from pipeline.analysis import analyse_candidates
from pipeline.intake import Candidate
from pipeline.tables import TableName, table


def work(candidates: Sequence[Candidate]) -> dict[TableName, pa.Table]:
    """The rows of a batch, a pure function of it: `articles`, `mentions`, `amounts` and `facts`."""
    done = list(analyse_candidates(candidates))
    return {
        "articles": table("articles", (one.article for one in done)),
        "mentions": table("mentions", (row for one in done for row in one.mentions)),
        "amounts": table("amounts", (row for one in done for row in one.amounts)),
        "facts": table("facts", (row for one in done for row in one.facts)),
    }
