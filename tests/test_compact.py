"""Compaction: fewer files, the same rows, at every moment and after a kill at any."""

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline import compaction, folders, query
from pipeline.article import Article
from pipeline.compaction import CannotCompact, compact, compact_when_due
from pipeline.home import INTERNAL
from pipeline.store import Notes, Store, opened
from pipeline.tables import PARTITIONED, SCHEMAS, Reject
from pipeline.verify import problems
from tests.stories import DAY, article, batch, files, folder_in_memory

OTHER_DAY = dt.date(2025, 12, 26)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


def publish(root: Path, *articles: Article, heirs: dict[str, str] | None = None) -> None:
    with opened(root) as store:
        run_id = store.begin("{}", "m1").run_id
        rejects = [Reject("x", "empty", "nothing", run_id, NOW)]
        store.publish(run_id, batch(*articles), Notes(rejects=rejects), heirs)
        store.end(run_id, "completed")


def compacted(root: Path, before: dt.date | None = None) -> None:
    with opened(root) as store:
        compact(store, before)
        assert list(problems(store)) == []


def fill(root: Path, *numbers: int) -> None:
    """Each number an article of its own run, odd ones of one day and even ones of another."""
    for number in numbers:
        publish(root, article(number, (OTHER_DAY, DAY)[number % 2]))


def count(root: Path, name: str) -> int:
    return len(list((root / name).rglob("*.parquet")))


def rows(root: Path, name: str) -> list[tuple[object, ...]]:
    """All rows of a table as a plain reader sees them, in the order of their values."""
    table = pl.read_parquet(f"{root}/{name}/**/*.parquet", hive_partitioning=name in PARTITIONED)
    return sorted(table.select(sorted(table.columns)).rows(), key=str)


def test_the_files_of_a_day_become_one_with_the_same_rows(tmp_path: Path) -> None:
    fill(tmp_path, *range(1, 8))
    before = {name: rows(tmp_path, name) for name in SCHEMAS}
    with opened(tmp_path) as store:
        assert compact(store) == (5, 7 + 7 + 7 + 7, 2 + 3)
    assert {name: rows(tmp_path, name) for name in SCHEMAS} == before
    assert [count(tmp_path, name) for name in PARTITIONED] == [2, 2, 2, 2]
    assert count(tmp_path, "runs") == count(tmp_path, "ingests") == count(tmp_path, "rejects") == 2
    with opened(tmp_path) as store:
        assert list(problems(store)) == []


def test_what_is_compacted_is_left_as_it_is(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3, 5)
    compacted(tmp_path)
    before = files(tmp_path, *SCHEMAS)
    with opened(tmp_path) as store:
        assert compact(store) == (0, 0, 0)
    assert files(tmp_path, *SCHEMAS) == before


@settings(max_examples=10, deadline=None)
@given(order=st.permutations(range(1, 7)), cuts=st.sets(st.integers(1, 5)), at=st.sets(st.integers(0, 5)))
def test_the_bytes_depend_on_the_articles_alone(order: list[int], cuts: set[int], at: set[int]) -> None:
    with folder_in_memory() as folder:
        one, other = folder / "one", folder / "other"
        publish(one, *(article(number) for number in range(1, 7)))
        compacted(one)
        bounds = [0, *sorted(cuts), 6]
        for step, (start, end) in enumerate(pairwise(bounds)):
            publish(other, *(article(number) for number in order[start:end]))
            if step in at:
                compacted(other)
        compacted(other)
        assert files(one) == files(other)


def test_a_newer_version_takes_the_place_of_one_in_a_compacted_part(tmp_path: Path) -> None:
    for name, first in (("early", True), ("late", False)):
        root = tmp_path / name
        fill(root, 1, 3)
        if first:
            compacted(root)
        publish(root, article(5), heirs={"a0001": "a0005"})
        compacted(root)
        assert {row[0] for row in pd.read_parquet(root / "amounts")[["article_id"]].to_numpy()} == {
            "a0003",
            "a0005",
        }
    assert files(tmp_path / "early") == files(tmp_path / "late")


def test_a_part_that_was_compacted_and_lost_is_read_again(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3)
    compacted(tmp_path)
    next((tmp_path / "amounts").rglob("*.parquet")).unlink()
    with opened(tmp_path) as store:
        assert not store.ledger.has("a0001") and not store.ledger.has("a0003")
    fill(tmp_path, 1, 3)
    compacted(tmp_path)
    assert len(rows(tmp_path, "articles")) == 2


def test_a_lost_ledger_is_read_back_from_compacted_parts(tmp_path: Path) -> None:
    fill(tmp_path, 1, 2, 3)
    compacted(tmp_path)
    (tmp_path / INTERNAL / "ledger.sqlite").unlink()
    with opened(tmp_path) as store:
        assert all(store.ledger.has(f"a000{number}") for number in (1, 2, 3))
        assert list(problems(store)) == []


def test_only_days_before_the_one_named_are_compacted(tmp_path: Path) -> None:
    fill(tmp_path, 1, 2, 3, 4)
    compacted(tmp_path, before=OTHER_DAY)
    assert len(list((tmp_path / "articles" / f"published_date={DAY}").iterdir())) == 1
    assert len(list((tmp_path / "articles" / f"published_date={OTHER_DAY}").iterdir())) == 2


def test_the_row_of_a_running_run_is_written_again_when_it_ends(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3)
    with opened(tmp_path) as store:
        run_id = store.begin("{}", "m1").run_id
        compact(store)
        store.end(run_id, "completed")
        assert list(problems(store)) == []
    assert list(pd.read_parquet(tmp_path / "runs")["state"]) == ["completed"] * 3


def test_large_parts_stay_and_small_ones_are_merged_up_to_a_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, *(article(number) for number in range(500, 1000)))
    fill(tmp_path, *range(1, 20, 2))
    smallest, *_, largest = sorted(path.stat().st_size for path in (tmp_path / "articles").rglob("*.parquet"))
    monkeypatch.setattr(compaction, "SMALL", largest)
    monkeypatch.setattr(compaction, "LARGEST", 3 * smallest)
    compacted(tmp_path)
    assert 1 + 10 / 3 < count(tmp_path, "articles") < 10
    assert len(rows(tmp_path, "articles")) == 510


@pytest.mark.parametrize(("parts", "due"), [(3, False), (4, True)])
def test_a_run_compacts_when_a_day_has_many_small_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, parts: int, due: bool
) -> None:
    monkeypatch.setattr(compaction, "MANY_PARTS", 3)
    fill(tmp_path, *range(1, 2 * parts, 2), 2)
    with opened(tmp_path) as store:
        assert bool(compact_when_due(store).folders) == due
    assert count(tmp_path, "articles") == (2 if due else parts + 1)


def test_a_run_compacts_when_a_table_without_days_has_many_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compaction, "MANY_FILES", 3)
    fill(tmp_path, 1, 2, 3, 4)
    with opened(tmp_path) as store:
        compact_when_due(store)
    assert count(tmp_path, "ingests") == 2 and count(tmp_path, "articles") == 4


def test_where_folders_cannot_be_exchanged_nothing_is_touched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impossible(one: Path, other: Path) -> None:
        raise OSError(22, "Invalid argument")

    fill(tmp_path, 1, 3)
    before = files(tmp_path, *SCHEMAS)
    monkeypatch.setattr(folders, "exchange", impossible)
    monkeypatch.setattr(compaction, "MANY_PARTS", 1)
    with opened(tmp_path) as store:
        with pytest.raises(CannotCompact, match="cannot exchange two folders"):
            compact(store)
        assert compact_when_due(store) == (0, 0, 0)
    assert files(tmp_path, *SCHEMAS) == before


def test_a_store_on_another_machine_is_not_compacted(tmp_path: Path) -> None:
    with opened("memory://compaction", None, f"sqlite:///{tmp_path}/ledger.sqlite") as store:
        with pytest.raises(CannotCompact, match="only local stores"):
            compact(store)
        assert compact_when_due(store) == (0, 0, 0)


def test_replaced_folders_are_kept_until_no_reader_can_be_listing_them(tmp_path: Path) -> None:
    fill(tmp_path, 1, 3)
    compacted(tmp_path)
    retired = list((tmp_path / INTERNAL / "retired").iterdir())
    assert len(retired) == 4 + 3 and all(any(folder.iterdir()) for folder in retired)
    with opened(tmp_path):
        assert all(folder.exists() for folder in retired)
    for folder in retired:
        os.utime(folder, (0, 0))
    with opened(tmp_path):
        assert not any(folder.exists() for folder in retired)


class Killed(BaseException):
    """As if the process was gone."""


def operations(patch: pytest.MonkeyPatch, deadly: int | None) -> Callable[[], int]:
    """Count file operations and, at the one that is `deadly`, be killed; how many there were."""
    calls = 0
    for owner, name in (
        (os, "fsync"), (os, "link"), (Path, "replace"), (Path, "rename"), (Path, "mkdir"), (folders, "exchange"),
    ):  # fmt: skip
        real = getattr(owner, name)

        def call(*args: object, real: Callable[..., object] = real, **kwargs: object) -> object:
            nonlocal calls
            calls += 1
            if deadly is not None and calls >= deadly:
                raise Killed
            return real(*args, **kwargs)

        patch.setattr(owner, name, call)
    return lambda: calls


def test_killed_at_any_file_operation_the_rows_stay_and_the_next_run_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    fill(tmp_path / "calm", 1, 2, 3, 4)
    expected = {name: rows(tmp_path / "calm", name) for name in PARTITIONED}
    with pytest.MonkeyPatch.context() as patch, opened(tmp_path / "calm") as store:
        total = operations(patch, None)
        compact(store)
    for deadly in range(1, total() + 1, 9):
        root = tmp_path / str(deadly)
        fill(root, 1, 2, 3, 4)
        with pytest.raises(Killed), pytest.MonkeyPatch.context() as patch, opened(root) as store:
            operations(patch, deadly)
            compact(store)
        assert {name: rows(root, name) for name in PARTITIONED} == expected, f"killed at operation {deadly}"
        compacted(root)
        assert files(root) == files(tmp_path / "calm"), f"killed at operation {deadly}"
    assert total() > 60


def test_whoever_lists_while_folders_are_exchanged_sees_all_rows_or_is_told_to_list_again(
    tmp_path: Path,
) -> None:
    publish(tmp_path, *(article(number) for number in range(10, 20)))
    done = threading.Event()
    seen: list[int] = []

    def read() -> None:
        while not done.is_set():
            try:
                seen.append(len(pd.read_parquet(tmp_path / "amounts")))
            except FileNotFoundError:
                continue

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in exchanges(tmp_path, 30):
            pass
    finally:
        done.set()
        reader.join()
    assert len(seen) > 10 and set(seen) == {10}


def exchanges(root: Path, times: int) -> Iterator[Store]:
    """Compact a day again and again, each time after it was taken apart by the same means."""
    for number in range(times):
        with opened(root) as store:
            part = next(iter(store.ledger.parts()))
            name = f"again-{number}.parquet"
            moves = []
            for kind in PARTITIONED:
                (root / INTERNAL / "staging" / f"{kind}.staged").write_bytes(
                    (root / kind / part).read_bytes()
                )
                final, _, old = f"{kind}/{part}".rpartition("/")
                new = [(f"{INTERNAL}/staging/{kind}.staged", name)]
                moves.append((folders.staged(root, final, {old}, new), final))
            store.exchange(moves, {f"{part.partition('/')[0]}/{name}": [part]})
            yield store


class Moved:
    """A connection whose files were replaced after it had listed them."""

    def execute(self, sql: str, values: object) -> None:
        raise duckdb.IOException("cannot open file: no such file")


def test_a_query_that_meets_an_exchange_lists_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(tmp_path, 1, 2)
    connections = [Moved(), query.connect(tmp_path)]
    monkeypatch.setattr(query, "connect", lambda root: connections.pop(0))
    assert query.select(tmp_path, "SELECT count(*) FROM articles").fetchall() == [(2,)]
