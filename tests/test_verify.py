"""What verify says when something stored is not true."""

import sqlite3
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipeline.article import Amount, Mention
from pipeline.store import Notes, held, inspected, opened
from pipeline.tables import Tables, table
from pipeline.verify import problems
from tests.stories import amount, article, batch, mention

ONE = article(1)


def store_of(root: Path, tables: Tables) -> None:
    with opened(root) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, tables, Notes())
        store.end(run.run_id, "completed")


def said(root: Path) -> list[str]:
    with held(root) as store:
        return list(problems(store))


def with_mention(row: Mention) -> Tables:
    return {**batch(ONE), "mentions": table("mentions", [row])}


def with_amount(row: Amount) -> Tables:
    return {**batch(ONE), "amounts": table("amounts", [row])}


WRONG: dict[str, tuple[Callable[[], Tables], str]] = {
    "a span beside its text": (lambda: with_mention(replace(mention(ONE), start=1, end=9)), "start and end"),
    "a source span beside its text": (
        lambda: with_mention(replace(mention(ONE), source_start=1)),
        "source_start and source_end",
    ),
    "a mention of no article": (lambda: with_mention(replace(mention(ONE), article_id="a9")), "no article"),
    "a mention of no entity": (
        lambda: with_mention(replace(mention(ONE), entity_id="e9")),
        "not in entities",
    ),
    "crores that are not the rupees": (
        lambda: with_amount(replace(amount(ONE), inr_crore_max=Decimal(2))),
        "crores are not the rupees",
    ),
    "a range called a point": (
        lambda: with_amount(replace(amount(ONE), amount_max=Decimal(20_000_000), inr_crore_max=Decimal(2))),
        "form point",
    ),
    "a conversion without a rate": (
        lambda: with_amount(replace(amount(ONE), currency="USD")),
        "without its rate",
    ),
    "text that is not the normalised source": (
        lambda: {**batch(ONE), "articles": table("articles", [replace(ONE, source_text=ONE.text + " और")])},
        "not the normalised source_text",
    ),
    "a duplicate of nothing": (
        lambda: batch(article(2, duplicate_of="a9")),
        "articles.duplicate_of a9 is not in articles",
    ),
    "a duplicate of a duplicate": (
        lambda: batch(ONE, article(2, duplicate_of="a0001"), article(3, duplicate_of="a0002")),
        "a0003 is a duplicate of a0002, which is a duplicate itself",
    ),
    "an article stored twice": (lambda: batch(ONE, ONE), "a0001 stands twice"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_not_true_is_named(tmp_path: Path, case: str) -> None:
    make, complaint = WRONG[case]
    store_of(tmp_path, make())
    assert any(complaint in one for one in said(tmp_path))


def test_overlapping_mentions_are_named(tmp_path: Path) -> None:
    first = mention(ONE)
    second = replace(first, mention_id="m2", start=5, source_start=5, text=ONE.text[5:7])
    store_of(tmp_path, {**batch(ONE), "mentions": table("mentions", [first, second])})
    assert any("overlaps" in one for one in said(tmp_path))


def test_a_missing_and_a_foreign_file_are_named(tmp_path: Path) -> None:
    store_of(tmp_path, batch(ONE))
    path = next((tmp_path / "mentions").rglob("*.parquet"))
    path.rename(path.with_name("other.parquet"))
    complaints = said(tmp_path)
    assert any("is missing" in one for one in complaints)
    assert any("other.parquet is not in the ledger" in one for one in complaints)


def test_a_damaged_file_and_foreign_columns_are_named(tmp_path: Path) -> None:
    store_of(tmp_path, batch(ONE))
    amounts = next((tmp_path / "amounts").rglob("*.parquet"))
    amounts.write_bytes(amounts.read_bytes()[:-20])
    facts = next((tmp_path / "facts").rglob("*.parquet"))
    pq.write_table(pq.read_table(facts).append_column("more", [[]]), facts)
    complaints = said(tmp_path)
    assert any("cannot be read" in one for one in complaints)
    assert any("does not have the columns of facts" in one for one in complaints)


def test_counts_that_do_not_add_up_are_named(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(ONE), Notes())
        store.ledger.add_counts(run.run_id, {"n_read": 5})
        store.end(run.run_id, "completed")
    assert any("n_read 6 is not" in one for one in said(tmp_path))


@pytest.mark.parametrize("place", ["published_date=2025-12-25/sub/copy.parquet", "copy.parquet"])
def test_a_file_that_readers_would_see_outside_any_part_is_named(tmp_path: Path, place: str) -> None:
    store_of(tmp_path, batch(ONE))
    part = next((tmp_path / "articles").rglob("*.parquet"))
    copy = tmp_path / "articles" / place
    copy.parent.mkdir(exist_ok=True)
    copy.write_bytes(part.read_bytes())
    assert any("copy.parquet is not in the ledger" in one for one in said(tmp_path))


def test_a_store_that_cannot_be_written_can_be_verified(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store_of(tmp_path, batch(ONE))
    monkeypatch.setattr("os.access", lambda path, mode: False)
    with inspected(tmp_path, lambda: None) as store:
        assert list(problems(store)) == []
        with pytest.raises(sqlite3.OperationalError, match="readonly"):
            store.ledger.forget("x")
