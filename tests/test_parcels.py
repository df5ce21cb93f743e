"""A batch that is worked on elsewhere comes back the same, by a shared folder or by itself."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline import batch
from pipeline.batch import Worked
from pipeline.home import STAGING
from pipeline.intake import Candidate
from pipeline.parcels import OtherVersions, Versions, marked, unpacked, versions, work
from pipeline.places import Local
from pipeline.staging import cleared
from tests import stories

WORKED = Worked(stories.batch(stories.article(1), stories.article(2)))


@pytest.fixture(autouse=True)
def stub(monkeypatch: pytest.MonkeyPatch) -> None:
    def worked(candidates: Sequence[Candidate]) -> Worked:
        return WORKED

    monkeypatch.setattr(batch, "work", worked)


def test_a_worker_that_sees_the_mark_leaves_a_file_that_is_gone_once_it_is_read(tmp_path: Path) -> None:
    with marked(tmp_path) as mark:
        parcel = work([], versions(), mark)
        assert isinstance(parcel, Path) and parcel.parent == tmp_path
        assert unpacked(parcel) == WORKED
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_leaves_is_cleared_away_with_all_that_is_staged(tmp_path: Path) -> None:
    staging = tmp_path / STAGING
    staging.mkdir(parents=True)
    with marked(staging) as mark:
        parcel = work([], versions(), mark)
        assert {*staging.iterdir()} == {mark, parcel}
        cleared(Local(tmp_path))
        assert list(staging.iterdir()) == []


@pytest.mark.parametrize("mark", [None, Path("/nowhere/to/be/seen")])
def test_a_worker_that_does_not_see_the_store_sends_the_rows(mark: Path | None) -> None:
    parcel = work([], versions(), mark)
    assert parcel is WORKED and unpacked(parcel) is WORKED


def test_a_store_on_no_disk_has_no_mark() -> None:
    with marked(None) as mark:
        assert mark is None


@pytest.mark.parametrize("changed", Versions._fields)
def test_a_worker_that_would_find_something_else_refuses_the_batch(changed: str) -> None:
    with pytest.raises(OtherVersions, match=r"a worker has Khabar .* and this run Khabar .*another"):
        work([], versions()._replace(**{changed: "another"}), None)
