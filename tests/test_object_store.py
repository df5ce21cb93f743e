"""A store in an object store, its ledger in a database: the same tables, as safe, as in a folder."""

import random
import signal
import sqlite3
from pathlib import Path
from uuid import uuid4

import pandas as pd
import pytest

from pipeline import query, rejects
from pipeline.article import Refusal
from pipeline.places import Remote, placed
from pipeline.store import Notes, StoreBusy, StoreUnusable, opened
from tests import doomed
from tests.servers import Postgres
from tests.stories import DAY, article, batch, files, fill, sound
from tests.test_run import MIXED, counts, ran

TABLES = ("articles", "mentions", "amounts", "facts", "entities")


@pytest.fixture
def ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a ledger in a file, found by the environment."""
    address = f"sqlite:///{tmp_path}/of-the-bucket.sqlite"
    monkeypatch.setenv("KHABAR_LEDGER", address)
    return address


def objects(address: str) -> dict[str, bytes]:
    """As `files`, of any store."""
    place = placed(address)
    found = {}
    for table in TABLES:
        for name in sorted(place.files(table)):
            with place.open(f"{table}/{name}") as file:
                found[f"{table}/{name}"] = file.read()
    return found


def test_whole_runs_leave_the_same_bytes_as_in_a_folder_and_a_second_finds_all_unchanged(
    s3: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "folder"
    ran(folder, MIXED)
    monkeypatch.setenv("KHABAR_LEDGER", postgres.address)
    ran(s3, MIXED)
    assert objects(s3) == files(folder)
    again = ran(s3, MIXED)
    assert counts(again) == (len(MIXED), 0, len(MIXED), 0, 0)
    assert objects(s3) == files(folder)


def test_what_was_refused_is_kept_shown_and_can_be_tried_again(s3: str, ledger: str) -> None:
    ran(s3, [*MIXED[:1], Refusal("page.html", "no_article", "it has none", b"<html>as it was read")])
    (row,) = rejects.listed(s3, reason=None, run=rejects.LAST, most=9)
    assert row[1] == "no_article"
    assert rejects.shown(s3, "page.html") == b"<html>as it was read"
    assert [one.payload() for one in rejects.still_open(s3).refused] == [b"<html>as it was read"]


def test_sql_sees_every_table_with_its_columns_days_and_exact_sums(s3: str, ledger: str) -> None:
    fill(s3, 1, 3)
    sql = """
        SELECT count(*), sum(inr_crore_max), min(m.published_date)
        FROM amounts JOIN mentions m USING (article_id) WHERE m.published_date = DATE '2025-12-25'
    """
    ((number, total, day),) = query.select(s3, sql).fetchall()
    assert (number, str(total), day) == (2, "4.00000000000", DAY)
    nothing = "SELECT count(*) FROM articles WHERE published_date > DATE '2025-12-25'"
    assert query.select(s3, nothing).fetchall() == [(0,)]
    assert query.select(s3, "SELECT state FROM runs").fetchall() == [("completed",)]
    assert query.select(s3, "SELECT * FROM entities").fetchall() == []


def test_a_day_that_is_asked_for_is_all_that_is_fetched(s3: str, ledger: str) -> None:
    with opened(s3) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(*(article(n, day) for n, day in enumerate(doomed.DAYS))), Notes())
        store.end(run.run_id, "completed")
    place = placed(s3)
    (kept,) = (name for name in place.files("articles") if "2025-01-02" in name)
    for name in place.files("articles"):
        if name != kept:
            place.write(f"articles/{name}", b"whoever opens this fails")
    sql = "SELECT article_id FROM articles WHERE published_date = DATE '2025-01-02'"
    assert query.select(s3, sql).fetchall() == [("a0001",)]


def test_plain_readers_see_each_article_once_at_every_moment_of_a_write(
    s3: str, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(s3, 1, 2)
    seen: list[list[str]] = []
    for name in ("write", "move"):
        real = getattr(Remote, name)

        def watched(place: Remote, *arguments: object, real: object = real) -> None:
            real(place, *arguments)  # type: ignore[operator]  # the method of that name
            rows = pd.read_parquet(place.path("articles"), filesystem=place.filesystem)
            seen.append(sorted(rows["article_id"]))

        monkeypatch.setattr(Remote, name, watched)
    fill(s3, 3)
    assert {len(ids) for ids in seen} == {2, 3}
    assert all(ids == ["a0001", "a0002", "a0003"][: len(ids)] for ids in seen)


class Killed(BaseException):
    """As if the process was gone."""


def die() -> None:
    raise Killed


def test_killed_at_any_operation_the_next_run_gives_the_bytes_of_a_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    doomed.write(str(tmp_path / "folder"), f"sqlite:///{tmp_path}/folder.sqlite")
    expected, at = files(tmp_path / "folder"), 1
    while True:
        address, ledger = f"memory://{uuid4().hex}", f"sqlite:///{tmp_path}/{at}.sqlite"
        try:
            with pytest.MonkeyPatch.context() as patch:
                for owner, names in doomed.OPERATIONS:
                    for name in names:
                        patch.setattr(owner, name, getattr(owner, name))  # to be put back
                doomed.deadly(die, at)
                doomed.write(address, ledger)
        except Killed:
            pass
        else:
            break
        doomed.write(address, ledger)
        assert objects(address) == expected, f"killed at operation {at}"
        monkeypatch.setenv("KHABAR_LEDGER", ledger)
        assert sound(address) == []
        at += 9
    assert at > 60


@pytest.mark.parametrize("table", ["mentions", "articles", "ingests"])
def test_what_a_run_had_promised_when_it_was_interrupted_is_there_after_the_next(
    ledger: str, monkeypatch: pytest.MonkeyPatch, table: str
) -> None:
    address, move = f"memory://{uuid4().hex}", Remote.move

    def interrupted(place: Remote, staged: str, final: str) -> None:
        if final.startswith(f"{table}/"):
            raise KeyboardInterrupt
        move(place, staged, final)

    with opened(address) as store:
        run = store.begin("{}", "m1")
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(Remote, "move", interrupted)
            store.publish(run.run_id, batch(article(1)), Notes())
        store.end(run.run_id, "failed")  # as a run does that is interrupted
    assert sound(address) == []
    assert query.select(address, "SELECT count(*) FROM articles").fetchall() == [(1,)]
    assert query.select(address, "SELECT n_written FROM runs").fetchall() == [(1,)]


def test_killed_by_the_system_with_its_ledger_in_postgresql_the_next_run_heals(
    s3: str, postgres: Postgres, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KHABAR_LEDGER", postgres.address)
    doomed.write(str(tmp_path), postgres.address)
    chance = random.Random(22)
    for at in chance.sample(range(40, 130), 2):
        address = f"{s3}/{at}"
        assert doomed.killed(address, postgres.address, at=at).status == -signal.SIGKILL
        doomed.write(address, postgres.address)
        assert objects(address) == files(tmp_path), f"killed at operation {at}"
        assert sound(address) == []


def test_a_store_that_is_no_folder_asks_for_a_ledger(s3: str) -> None:
    with (
        pytest.raises(StoreUnusable, match=r"cannot be in it, for it is no folder: name it by --ledger"),
        opened(s3),
    ):
        pass


def test_a_bucket_that_is_not_there_is_one_sentence(s3: str, ledger: str) -> None:
    with (
        pytest.raises(StoreUnusable, match="cannot write the store at s3://nobody/x"),
        opened("s3://nobody/x"),
    ):
        pass


@pytest.mark.parametrize("where", ["elsewhere", "a folder"])
def test_a_store_keeps_to_the_ledger_that_it_has(
    where: str, tmp_path: Path, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = f"memory://{uuid4().hex}" if where == "elsewhere" else tmp_path / "store"
    fill(root, 1)
    monkeypatch.setenv("KHABAR_LEDGER", f"sqlite:///{tmp_path}/another.sqlite")
    with (
        pytest.raises(StoreUnusable, match=r"is sqlite:///.*of-the-bucket.sqlite, not .*another"),
        opened(root),
    ):
        pass
    monkeypatch.delenv("KHABAR_LEDGER")
    with pytest.raises(StoreUnusable, match=r"is sqlite:///.*of-the-bucket.sqlite: name it by"), opened(root):
        pass


def test_a_folder_with_a_ledger_of_its_own_takes_another_once_that_is_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "store", 1)
    monkeypatch.setenv("KHABAR_LEDGER", f"sqlite:///{tmp_path}/another.sqlite")
    with pytest.raises(StoreUnusable, match=r"then delete _ledger/ledger.sqlite"), opened(tmp_path / "store"):
        pass
    (tmp_path / "store/_ledger/ledger.sqlite").unlink()
    fill(tmp_path / "store", 2)
    assert sound(tmp_path / "store") == []
    with opened(tmp_path / "store") as store:
        assert store.ledger.has("a0001") and store.ledger.has("a0002")


def test_a_file_is_the_ledger_of_one_store(ledger: str) -> None:
    fill("memory://one", 1)
    with (
        pytest.raises(StoreUnusable, match="is that of memory://one: name another file"),
        opened("memory://two"),
    ):
        pass


def test_a_second_writer_is_refused_while_the_ledger_is_held(s3: str, ledger: str) -> None:
    with opened(s3), pytest.raises(StoreBusy), opened(s3):
        pass


def test_a_lost_ledger_is_made_anew_from_the_objects_with_the_runs(ledger: str, tmp_path: Path) -> None:
    s3 = f"memory://{uuid4().hex}"
    fill(s3, 1, 2)
    with opened(s3) as store:
        killed = store.begin("{}", "m1").run_id
        store.publish(killed, batch(article(3)), Notes())
    (tmp_path / "of-the-bucket.sqlite").unlink()
    assert sound(s3) == []
    with opened(s3) as store:
        assert store.ledger.has("a0003")
        assert (store.ledger.run(killed).state, store.ledger.run(killed).n_written) == ("crashed", 1)
        assert store.begin("{}", "m1").run_id > killed


def test_an_address_that_is_no_ledger_is_named(s3: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KHABAR_LEDGER", "mysql://host/x")
    with pytest.raises(StoreUnusable, match="'mysql://host/x' is no ledger"), opened(s3):
        pass
    monkeypatch.setenv("KHABAR_LEDGER", "sqlite:///no/such/folder/x.sqlite")
    with pytest.raises((StoreUnusable, sqlite3.Error), match=r"no/such/folder"), opened(s3):
        pass
