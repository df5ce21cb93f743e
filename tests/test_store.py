"""The store: whole at every moment, written once, healed after a kill."""

import datetime as dt
import os
import shutil
import signal
import sqlite3
from collections.abc import Callable
from pathlib import Path
from unittest.mock import ANY

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest

from pipeline.article import Article
from pipeline.home import INTERNAL
from pipeline.store import Notes, StoreBusy, StoreUnusable, held, opened
from pipeline.tables import PARTITIONED, SCHEMAS, Ingest, Reject
from pipeline.verify import problems
from tests.doomed import End, killed
from tests.stories import DAY, article, batch, files, fill, sound

OTHER_DAY = dt.date(2025, 12, 26)
NOW = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def test_a_new_store_has_every_flat_table_and_is_sound(tmp_path: Path) -> None:
    assert sound(tmp_path) == []
    for name in set(SCHEMAS) - set(PARTITIONED):
        assert pd.read_parquet(tmp_path / name).empty


def test_published_articles_are_known_and_their_content_has_an_original(tmp_path: Path) -> None:
    fill(tmp_path, 1, 2)
    with opened(tmp_path) as store:
        assert store.ledger.has("a0001") and not store.ledger.has("a0003")
        assert store.ledger.original("c2") == "a0002"
        assert store.ledger.original("c3") is None


def test_a_duplicate_is_stored_without_becoming_an_original(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        twin = article(2, content="c1", duplicate_of="a0001")
        store.publish(run.run_id, batch(article(1), twin), Notes())
        ended = store.end(run.run_id, "completed")
        assert store.ledger.original("c1") == "a0001"
    assert (ended.n_read, ended.n_written, ended.n_duplicates) == (2, 1, 1)
    assert sound(tmp_path) == []


def test_every_reader_sees_each_row_once_with_its_day(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(article(1), article(2, OTHER_DAY), article(3)), Notes())
        store.end(run.run_id, "completed")
    pattern = f"{tmp_path}/articles/**/*.parquet"
    by_duckdb = duckdb.connect().execute(
        f"SELECT article_id, published_date FROM read_parquet('{pattern}', hive_partitioning=true) ORDER BY 1"
    )
    assert by_duckdb.fetchall() == [("a0001", DAY), ("a0002", OTHER_DAY), ("a0003", DAY)]
    by_polars = pl.read_parquet(pattern, hive_partitioning=True).sort("article_id")
    assert by_polars["published_date"].to_list() == [DAY, OTHER_DAY, DAY]
    by_pandas = pd.read_parquet(tmp_path / "articles").sort_values("article_id")
    assert list(by_pandas["published_date"].astype(str)) == ["2025-12-25", "2025-12-26", "2025-12-25"]


def test_the_same_batches_give_byte_identical_files(tmp_path: Path) -> None:
    for root in (tmp_path / "one", tmp_path / "two"):
        fill(root, 1, 2)
        fill(root, 3)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_every_file_carries_the_schema_version(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    for path in tmp_path.rglob("*.parquet"):
        assert pq.read_schema(path).metadata[b"khabar.schema_version"] == b"1.0"


def test_counts_of_a_run_add_up_over_its_batches(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run_id = store.begin("{}", "m1").run_id
        store.publish(
            run_id, batch(article(1)), Notes(rejects=[Reject("x", "empty", "nothing", run_id, NOW)])
        )
        store.publish(run_id, {}, Notes(ingests=[Ingest("a0001", run_id, NOW, "unchanged")]))
        ended = store.end(run_id, "completed")
    assert (ended.n_read, ended.n_written, ended.n_unchanged, ended.n_rejected) == (3, 1, 1, 1)
    assert sound(tmp_path) == []


def test_no_internal_file_is_matched_by_a_readers_glob(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    assert not [path for path in (tmp_path / INTERNAL).rglob("*") if path.suffix == ".parquet"]


def test_a_second_writer_is_refused_or_waits(tmp_path: Path) -> None:
    with opened(tmp_path), pytest.raises(StoreBusy), opened(tmp_path):
        raise AssertionError("two writers at once")


def test_a_folder_that_cannot_be_made_is_one_clear_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreUnusable, match="cannot write the store"), opened(tmp_path / "file"):
        pass


def test_a_lost_ledger_is_read_back_from_the_articles(tmp_path: Path) -> None:
    fill(tmp_path, 1, 2)
    shutil.rmtree(tmp_path / INTERNAL)
    with opened(tmp_path) as store:
        assert store.ledger.has("a0002") and store.ledger.original("c1") == "a0001"
        assert list(problems(store)) == []


@pytest.mark.parametrize("name", PARTITIONED)
def test_a_part_with_a_deleted_file_is_dropped_so_that_its_articles_are_read_again(
    tmp_path: Path, name: str
) -> None:
    fill(tmp_path, 1)
    before = files(tmp_path)
    next((tmp_path / name).rglob("*.parquet")).unlink()
    with opened(tmp_path) as store:
        assert not store.ledger.has("a0001")
    fill(tmp_path, 1)
    assert files(tmp_path) == before
    assert sound(tmp_path) == []


def test_a_store_emptied_by_hand_starts_anew(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    for name in SCHEMAS:
        shutil.rmtree(tmp_path / name)
    fill(tmp_path, 1)
    assert len(pd.read_parquet(tmp_path / "articles")) == 1


def test_killed_at_any_file_operation_and_run_again_gives_the_same_bytes(tmp_path: Path) -> None:
    calm = killed(tmp_path / "calm", by_system_call=True)
    expected = files(tmp_path / "calm")
    assert (calm.status, calm.error) == (0, "") and calm.operations > 50
    for at in range(1, calm.operations + 1, 3):
        root = tmp_path / str(at)
        assert killed(root, at=at, by_system_call=True).status == -signal.SIGKILL
        assert killed(root) == End(0, ANY)
        assert files(root) == expected, f"killed at operation {at}"
        assert sound(root) == []


def test_a_killed_run_is_noted_as_crashed(tmp_path: Path) -> None:
    assert killed(tmp_path, at=20).status == -signal.SIGKILL
    with opened(tmp_path):
        pass
    assert list(pd.read_parquet(tmp_path / "runs")["state"]) == ["crashed"]


def test_a_ledger_lost_half_way_through_being_read_back_is_read_back_again(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        fill(tmp_path, number)
    with opened(tmp_path) as store:
        store.ledger.forget(store.ledger.parts()[0])
    fill(tmp_path, 4)
    assert sorted(pd.read_parquet(tmp_path / "articles")["article_id"]) == [
        "a0001",
        "a0002",
        "a0003",
        "a0004",
    ]
    assert sound(tmp_path) == []


def test_a_file_cut_short_costs_its_part_and_no_other(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    fill(tmp_path, 2)
    cut = next((tmp_path / "amounts").rglob("*.parquet"))
    cut.write_bytes(cut.read_bytes()[:-9])
    with opened(tmp_path) as store:
        (lost,) = [number for number in (1, 2) if not store.ledger.has(f"a000{number}")]
        assert list(problems(store)) == [f"ingests.article_id a000{lost} is not in articles"]
    fill(tmp_path, lost)
    assert sound(tmp_path) == []


def test_a_copy_goes_with_its_original_so_that_the_story_is_read_again(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(article(2, content="c1", duplicate_of="a0001")), Notes())
        store.end(run.run_id, "completed")
    original = next(
        path
        for path in (tmp_path / "articles").rglob("*.parquet")
        if pq.ParquetFile(path).read(["article_id"])["article_id"][0].as_py() == "a0001"
    )
    original.unlink()
    with opened(tmp_path) as store:
        assert not store.ledger.has("a0001") and not store.ledger.has("a0002")
    assert not list((tmp_path / "articles").rglob("*.parquet"))


def test_a_running_run_has_its_row_so_that_its_ingests_resolve(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(article(1)), Notes())
        assert list(pd.read_parquet(tmp_path / "runs")["run_id"]) == [run.run_id]
        assert set(pd.read_parquet(tmp_path / "ingests")["run_id"]) == {run.run_id}


def test_a_damaged_ledger_is_one_sentence_that_says_what_to_do(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    (tmp_path / INTERNAL / "ledger.sqlite").write_bytes(b"no database" * 500)
    with pytest.raises(StoreUnusable, match="delete it and run again"), opened(tmp_path):
        pass
    (tmp_path / INTERNAL / "ledger.sqlite").unlink()
    assert sound(tmp_path) == []


def test_a_full_disk_fails_the_run_with_its_reason_and_the_next_run_goes_on(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    full = killed(tmp_path, space=1500)
    assert full.status == 1 and "rollback" not in full.error and str(tmp_path) in full.error
    fill(tmp_path, 2)
    assert sound(tmp_path) == []


def test_a_folder_among_the_staged_files_is_left_alone(tmp_path: Path) -> None:
    fill(tmp_path, 1)
    (tmp_path / INTERNAL / "staging" / "mine").mkdir()
    assert sound(tmp_path) == []


def publish(root: Path, *articles: Article, heirs: dict[str, str] | None = None) -> None:
    with opened(root) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(*articles), Notes(), heirs)
        store.end(run.run_id, "completed")


def first_then_newer(root: Path, day: dt.date = DAY) -> None:
    """Two stories and a copy of the first, then a newer version of the first."""
    publish(root, article(1), article(2))
    publish(root, article(3, OTHER_DAY, content="c1", duplicate_of="a0001"))
    publish(root, article(4, day), article(5), heirs={"a0001": "a0004"})


def rows(root: Path, name: str) -> dict[str, str]:
    """What each article of a table is a duplicate of, or the text of its row."""
    column = "duplicate_of" if name == "articles" else "text"
    return dict(pd.read_parquet(root / name, columns=["article_id", column]).fillna("").to_numpy().tolist())


@pytest.mark.parametrize("day", [DAY, OTHER_DAY])
def test_what_an_article_replaces_stays_as_its_duplicate_and_counts_no_more(
    tmp_path: Path, day: dt.date
) -> None:
    first_then_newer(tmp_path, day)
    assert rows(tmp_path, "articles") == {
        "a0001": "a0004",
        "a0002": "",
        "a0003": "a0004",
        "a0004": "",
        "a0005": "",
    }
    assert set(rows(tmp_path, "amounts")) == set(rows(tmp_path, "mentions")) == {"a0002", "a0004", "a0005"}
    assert sound(tmp_path) == []
    with opened(tmp_path) as store:
        assert store.ledger.original("c1") == "a0004"


def test_the_newer_article_of_a_day_stands_where_the_older_stood_so_that_no_reader_sees_both_or_none(
    tmp_path: Path,
) -> None:
    publish(tmp_path, article(1), article(2))
    seen: list[set[str]] = []
    replaced = Path.replace

    def watched(self: Path, target: Path) -> Path:
        moved = replaced(self, target)
        seen.append(set(rows(tmp_path, "amounts")))
        return moved

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", watched)
        publish(tmp_path, article(4), article(5), heirs={"a0001": "a0004"})
    assert all(len(ids & {"a0001", "a0004"}) == 1 for ids in seen)
    assert len(list((tmp_path / "amounts").rglob("*.parquet"))) == 2


def test_versions_in_one_batch_leave_the_last_one(tmp_path: Path) -> None:
    publish(tmp_path, article(1), article(2), article(3), heirs={"a0001": "a0002", "a0002": "a0003"})
    assert rows(tmp_path, "articles") == {"a0001": "a0003", "a0002": "a0003", "a0003": ""}
    assert set(rows(tmp_path, "amounts")) == {"a0003"}
    assert sound(tmp_path) == []


class Killed(BaseException):
    """As if the process was gone."""


def test_killed_at_any_file_operation_of_a_replacement_the_next_run_gives_the_same_bytes(
    tmp_path: Path,
) -> None:
    first_then_newer(tmp_path / "calm")
    expected = files(tmp_path / "calm")
    deadly = 0
    while True:
        deadly += 3
        root = tmp_path / str(deadly)
        publish(root, article(1), article(2))
        publish(root, article(3, OTHER_DAY, content="c1", duplicate_of="a0001"))
        try:
            with pytest.MonkeyPatch.context() as patch:
                _kill_at(deadly, patch)
                publish(root, article(4), article(5), heirs={"a0001": "a0004"})
        except Killed:
            pass
        else:
            break
        with opened(root) as store:
            done = store.ledger.has("a0004")
        if not done:
            publish(root, article(4), article(5), heirs={"a0001": "a0004"})
        assert files(root) == expected, f"killed at operation {deadly}"
        assert sound(root) == []
    assert deadly > 20


def _kill_at(deadly: int, patch: pytest.MonkeyPatch) -> None:
    calls = 0
    for owner, name in ((os, "fsync"), (Path, "replace")):
        real = getattr(owner, name)

        def call(*args: object, real: Callable[..., object] = real) -> object:
            nonlocal calls
            calls += 1
            if calls >= deadly:
                raise Killed
            return real(*args)

        patch.setattr(owner, name, call)


def test_a_ledger_of_an_older_format_is_made_anew_from_the_articles(tmp_path: Path) -> None:
    first_then_newer(tmp_path)
    ledger = sqlite3.connect(tmp_path / INTERNAL / "ledger.sqlite")
    ledger.executescript(
        "DROP TABLE articles; DROP TABLE outlines; DROP TABLE landmarks; DROP TABLE format; PRAGMA user_version = 1;"
        "CREATE TABLE articles (article_id TEXT PRIMARY KEY, content_hash TEXT, is_original INTEGER, part TEXT)"
    )
    ledger.close()
    before = files(tmp_path)
    with held(tmp_path) as store:
        assert store.ledger.has("a0003") and store.ledger.original("c1") == "a0004"
        assert store.ledger.similar.numbers(["a0001"]) == set()
        assert len(store.ledger.similar.numbers(["a0002", "a0004"])) == 2
        assert list(problems(store)) == []
    assert files(tmp_path) == before
