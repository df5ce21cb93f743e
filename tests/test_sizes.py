"""The room that a store takes: every file counted once, in one place."""

from pathlib import Path

import pytest

from pipeline import sizes as room
from pipeline.places import Local
from pipeline.store import Notes, opened
from tests.stories import article, batch


def test_every_file_of_a_store_is_counted_once(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        run_id = store.begin("{}", "m1").run_id
        store.publish(run_id, batch(article(1)), Notes())
        store.payloads.keep(b"what was refused")
        store.end(run_id, "completed")
    found = room.sizes(Local(tmp_path))
    there = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert sum(one.files for one in found) == len(there)
    assert sum(one.bytes for one in found) == sum(path.stat().st_size for path in there)
    named = {one.folder: one for one in found}
    assert named["articles"].files == 1
    assert named["_ledger/ledger.sqlite"].bytes == (tmp_path / "_ledger/ledger.sqlite").stat().st_size
    assert named["_ledger/payloads"].files == 1


def test_small_files_are_those_that_others_lie_beside(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "SMALL", 10)
    for name, size in (("2025-12-24/a", 5), ("2025-12-25/a", 5), ("2025-12-25/b", 5), ("2025-12-25/c", 10)):
        path = tmp_path / "articles" / f"published_date={name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bytes(size))
    (articles,) = [one for one in room.sizes(Local(tmp_path)) if one.folder == "articles"]
    assert (articles.files, articles.bytes, articles.small_files) == (4, 25, 2)


def test_a_place_without_a_store_takes_no_room(tmp_path: Path) -> None:
    assert all(one.files == one.bytes == 0 for one in room.sizes(Local(tmp_path / "none")))
