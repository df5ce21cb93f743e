"""What goes wrong around a store: full and closed disks, clocks put back, damage, crowds. Nothing is lost or twice."""

import datetime as dt
import os
import random
import sqlite3
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from flows.status import status_of
from pipeline import holding, rejects
from pipeline.article import Refusal
from pipeline.home import INTERNAL
from pipeline.parts import Damaged
from pipeline.places import Local
from pipeline.store import Notes, StoreUnusable, inspected, opened
from pipeline.verify import problems
from tests import doomed
from tests.stories import article, batch, files, sound
from tests.test_run import ran, story

OWN = ""  # no address: the ledger in the folder


def publish(root: Path, *numbers: int, heirs: dict[str, str] | None = None) -> None:
    with opened(root, waiting=lambda: None) as one:
        run = one.begin("{}", "m1")
        one.publish(run.run_id, batch(*(article(number) for number in numbers)), Notes(), heirs)
        one.end(run.run_id, "completed")


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The tables of a writer whom nothing disturbs."""
    root = tmp_path_factory.mktemp("calm")
    doomed.write(str(root), OWN)
    return files(root)


class Disk:
    """A file system of its own in memory; `resize` and `close` are as when a disk fills up or fails."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mount("size=16m", "-t", "tmpfs", "tmpfs", str(folder))

    def resize(self, kilobytes: int) -> None:
        self._mount(f"remount,size={kilobytes}k", str(self.folder))

    def close(self) -> None:
        self._mount("remount,ro", str(self.folder))

    def _mount(self, options: str, *words: str) -> None:
        subprocess.run(["mount", "-o", options, *words], check=True, capture_output=True)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        made = Disk(folder)
    except (subprocess.CalledProcessError, OSError):
        pytest.skip("file systems cannot be mounted here")
    yield made
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_disk_that_is_full_ends_the_run_with_its_name_and_with_room_the_next_goes_on(
    disk: Disk, calm: dict[str, bytes]
) -> None:
    failures = 0
    for kilobytes in range(80, 400, 40):
        disk.resize(kilobytes)
        root = disk.folder / str(kilobytes)
        try:
            doomed.write(str(root), OWN)
        except (OSError, StoreUnusable) as error:
            failures += 1
            assert str(disk.folder) in str(error)
            if root.is_dir():
                seen = [
                    path for path in root.glob("articles/*/*.parquet") if pq.read_table(path).num_rows != 1
                ]
                assert seen == [], "what readers see is whole"
        disk.resize(16_000)
        doomed.write(str(root), OWN)
        assert files(root) == calm and sound(root) == []
        subprocess.run(["rm", "-r", str(root)], check=True)
    assert failures > 3


def test_no_room_at_any_operation_costs_nothing_but_the_run(tmp_path: Path, calm: dict[str, bytes]) -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    for at in range(2, 60, 13):
        root = tmp_path / str(at)
        with pytest.MonkeyPatch.context() as patch, pytest.raises((OSError, StoreUnusable), match="No space"):
            for name in ("write", "move", "sync"):
                patch.setattr(Local, name, getattr(Local, name))  # to be put back
            doomed.deadly(fail, at)
            doomed.write(str(root), OWN)
        doomed.write(str(root), OWN)
        assert files(root) == calm and sound(root) == [], f"no room at operation {at}"


def test_a_ledger_that_cannot_grow_is_named_and_the_next_run_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, 1)
    real = holding.sqlite

    def small(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
        database = real(path, read_only=read_only)
        database.execute("PRAGMA max_page_count = 1")  # as many as it has
        return database  # type: ignore[return-value]  # as sqlite3 makes it

    with (
        monkeypatch.context() as patch,
        pytest.raises(StoreUnusable, match=r"ledger.sqlite: database or disk is full"),
    ):
        patch.setattr(holding, "sqlite", small)
        publish(tmp_path, *range(2, 200))
    publish(tmp_path, *range(2, 200))
    assert len(pd.read_parquet(tmp_path / "articles")) == 199 and sound(tmp_path) == []


def test_a_folder_that_cannot_be_written_is_one_sentence_and_can_still_be_looked_at(disk: Disk) -> None:
    root = disk.folder / "store"
    publish(root, 1)
    disk.close()
    with pytest.raises(StoreUnusable, match=rf"cannot write .*{root}.*Read-only file system"):
        publish(root, 2)
    with inspected(root, lambda: None) as one:
        assert list(problems(one)) == []


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[dt.datetime]:
    """What the clock says: the last of these."""
    times = [dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC)]
    for module in ("pipeline.store", "pipeline.run"):
        monkeypatch.setattr(f"{module}._now", lambda: times[-1])
    return times


def test_runs_are_in_their_order_whatever_the_clock_says(tmp_path: Path, clock: list[dt.datetime]) -> None:
    ids = []
    for hours in (0, -1, 5, -3):
        clock.append(clock[0] + dt.timedelta(hours=hours))
        ids.append(ran(tmp_path, [Refusal(f"{hours}", "no_article", "none")]).run_id)
    assert ids == sorted(ids) and len(set(ids)) == 4
    assert [run["run_id"] for run in status_of(tmp_path).runs.records()] == ids[::-1]
    assert [row[3] for row in rejects.listed(tmp_path, reason=None, run=rejects.LAST, most=9)] == ["-3"]
    assert [row[3] for row in rejects.listed(tmp_path, reason=None, run=None, most=9)] == [
        "-3",
        "5",
        "-1",
        "0",
    ]


def test_a_clock_put_back_within_a_run_leaves_no_run_that_ends_before_it_began(
    tmp_path: Path, clock: list[dt.datetime]
) -> None:
    with opened(tmp_path) as one:
        run = one.begin("{}", "m1")
        clock.append(clock[0] - dt.timedelta(hours=1))
        one.publish(run.run_id, batch(article(1)), Notes())
        assert one.end(run.run_id, "completed").ended_at == run.started_at
    assert sound(tmp_path) == []


def test_what_was_stored_after_its_rejection_is_not_tried_again_though_the_clock_went_back(
    tmp_path: Path, clock: list[dt.datetime]
) -> None:
    refused = Refusal("1.txt", "no_article", "none", b"as it was")
    ran(tmp_path, [refused])
    assert len(rejects.still_open(tmp_path).refused) == 1
    clock.append(clock[0] - dt.timedelta(days=9))
    ran(tmp_path, [story(1)])
    assert rejects.still_open(tmp_path) == ([], [])
    ran(tmp_path, [refused])
    assert len(rejects.still_open(tmp_path).refused) == 1


def damage(path: Path, at: float) -> None:
    """Flip a byte of the rows of a Parquet file, at this part of them; what readers look at first is whole."""
    content = bytearray(path.read_bytes())
    rows = len(content) - 8 - int.from_bytes(content[-8:-4], "little")
    place = 4 + int(at * (rows - 5))
    content[place] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize("table", ["articles", "mentions", "amounts", "ingests", "runs"])
def test_a_file_that_is_damaged_in_the_middle_is_named_or_still_says_the_same(
    tmp_path: Path, table: str
) -> None:
    publish(tmp_path, *range(1, 30))
    victim = max((tmp_path / table).rglob("*.parquet"), key=lambda path: path.stat().st_size)
    whole, before, named = victim.read_bytes(), pq.read_table(victim), 0
    for at in random.Random(7).sample(range(1000), 12):
        damage(victim, at / 1000)
        with inspected(tmp_path, lambda: None) as one:
            complaints = [said for said in problems(one) if str(victim.relative_to(tmp_path)) in said]
        named += bool(complaints)
        assert complaints or pq.read_table(victim).equals(before)
        victim.write_bytes(whole)
    assert named > 6


def test_a_damaged_file_that_a_newer_version_needs_is_named_with_what_to_do_and_doing_it_heals(
    tmp_path: Path,
) -> None:
    publish(tmp_path, *range(1, 30))
    (victim,) = (tmp_path / "amounts").rglob("*.parquet")
    damage(victim, 0.5)
    with pytest.raises(
        Damaged, match=rf"{victim.relative_to(tmp_path)} cannot be read .*delete it and run again"
    ):
        publish(tmp_path, 40, heirs={"a0001": "a0040"})
    assert len(pd.read_parquet(tmp_path / "articles")) == 29, "nothing was changed"
    victim.unlink()
    publish(tmp_path, *range(1, 30))
    publish(tmp_path, 40, heirs={"a0001": "a0040"})
    rows = pd.read_parquet(tmp_path / "articles")
    assert len(rows) == rows["article_id"].nunique() == 30 and sound(tmp_path) == []


def test_a_ledger_with_a_damaged_page_is_named_with_what_to_do_and_doing_it_heals(tmp_path: Path) -> None:
    publish(tmp_path, *range(1, 100))
    ledger = tmp_path / INTERNAL / "ledger.sqlite"
    content = ledger.read_bytes()
    ledger.write_bytes(content[:4096] + os.urandom(len(content) - 4096))
    with pytest.raises(StoreUnusable, match=r"ledger.sqlite: .*delete it and run again"):
        publish(tmp_path, 100)
    ledger.unlink()
    publish(tmp_path, 100)
    assert len(pd.read_parquet(tmp_path / "articles")) == 100 and sound(tmp_path) == []


def test_a_crowd_of_writers_takes_turns(tmp_path: Path) -> None:
    errors: list[BaseException] = []

    def one(number: int) -> None:
        try:
            publish(tmp_path, number)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=one, args=[number]) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not errors and sound(tmp_path) == []
    assert sorted(pd.read_parquet(tmp_path / "articles")["article_id"]) == [f"a{n:04}" for n in range(6)]
    assert len(pd.read_parquet(tmp_path / "runs")) == 6
