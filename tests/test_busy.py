"""Whether a run holds a store: told at once, and in no one's way."""

from pathlib import Path

from pipeline.busy import is_busy
from pipeline.store import opened


def test_a_store_is_busy_while_it_is_held_and_no_longer(tmp_path: Path) -> None:
    with opened(tmp_path):
        assert is_busy(tmp_path) is True
    assert is_busy(tmp_path) is False


def test_asking_leaves_the_store_free(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    assert is_busy(tmp_path) is False
    with opened(tmp_path) as store:
        assert store.ledger.count() == 0


def test_where_there_is_no_lock_on_this_machine_it_cannot_be_told(tmp_path: Path) -> None:
    assert is_busy(tmp_path / "none") is None
    assert is_busy("s3://bucket/prefix") is None
