"""What becomes of stored rows when another telling of a story takes the place of an older one.

The older article stays as a row, now a duplicate of its heir, so that every id still resolves and what
it said can be read; its mentions, amounts and facts go, so that the story counts once. An heir of the
same day moves into the older one's part: each table then changes from one to the other in one rename.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.parts import day_of
from pipeline.tables import PARTITION, PARTITIONED, Tables

Heirs = Mapping[str, str]
"""By the id of an article that counts no more: the original that counts in its place."""


def final(heirs: Heirs) -> Heirs:
    """The same with heirs that are replaced themselves followed to the last."""
    return {old: _last(heirs, old) for old in heirs}


def _last(heirs: Heirs, one: str) -> str:
    while one in heirs:
        one = heirs[one]
    return one


def revised(tables: Tables, heirs: Heirs) -> Tables:
    """The rows after the articles in `heirs` and their duplicates became duplicates of the heirs."""
    articles = tables["articles"]
    pairs = zip(articles["article_id"].to_pylist(), articles["duplicate_of"].to_pylist(), strict=True)
    pointers = [heirs.get(own) or heirs.get(points_to, points_to) for own, points_to in pairs]
    at = articles.schema.get_field_index("duplicate_of")
    pointed = articles.set_column(at, articles.schema.field(at), pa.array(pointers, pa.string()))
    return {**without(tables, heirs), "articles": pointed}


def without(tables: Tables, article_ids: Collection[str]) -> Tables:
    """The rows of all but these articles."""
    return {kind: rows.filter(pc.invert(_belongs(rows, article_ids))) for kind, rows in tables.items()}


def only(tables: Tables, article_ids: Collection[str]) -> Tables:
    """The rows of these articles."""
    return {kind: rows.filter(_belongs(rows, article_ids)) for kind, rows in tables.items()}


def _belongs(rows: pa.Table, article_ids: Collection[str]) -> pa.Array:
    return pc.is_in(rows["article_id"], pa.array(sorted(article_ids), pa.string()))


def seats(tables: Tables, heirs: Heirs, places: Mapping[str, set[str]]) -> dict[str, str]:
    """By the id of an article of the batch: the part, one of `places`, where it takes an older one's seat.

    `places` has the replaced articles that each stored part holds. Another day's part is no seat.
    """
    articles = tables["articles"]
    days = dict(zip(articles["article_id"].to_pylist(), articles[PARTITION].to_pylist(), strict=True))
    found: dict[str, str] = {}
    for part, replaced in sorted(places.items()):
        for heir in sorted({heirs[old] for old in replaced}):
            if days.get(heir) == day_of(part):
                found.setdefault(heir, part)
    return found


def in_order(tables: Tables, article_ids: Sequence[str]) -> Tables:
    """The rows of these articles, article after article; those of one keep their order."""
    wanted = pa.array(article_ids, pa.string())
    ordered = {}
    for kind, rows in tables.items():
        ranks = pc.index_in(rows["article_id"], wanted).drop_null()
        ordered[kind] = only({kind: rows}, article_ids)[kind].take(pc.sort_indices(ranks))
    return ordered


def joined(stored: Tables, fresh: Tables) -> Tables:
    """The rows of a part with those of others behind them."""
    return {kind: pa.concat_tables([stored[kind], fresh[kind]]) for kind in PARTITIONED}
