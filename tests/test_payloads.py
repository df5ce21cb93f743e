"""Payloads: one file for equal ones, the same bytes anywhere, nothing torn, nothing outside their folder."""

import gzip
import hashlib
import os
from pathlib import Path

import pytest

from pipeline.payloads import LARGEST, Payloads, is_kept, is_path, payload
from pipeline.places import Local


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "_ledger" / "staging").mkdir(parents=True)
    return tmp_path


def kept_files(root: Path) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())


def test_a_payload_is_named_by_its_content_and_read_back(root: Path) -> None:
    digest = hashlib.sha256(b"abc").hexdigest()
    path = Payloads(Local(root)).keep(b"abc")
    assert path == f"_ledger/payloads/{digest[:2]}/{digest}.gz"
    assert payload(Local(root), path) == b"abc" and is_kept(Local(root), path)
    assert gzip.decompress((root / path).read_bytes()) == b"abc"


def test_equal_payloads_are_one_file(root: Path) -> None:
    payloads = Payloads(Local(root))
    assert payloads.keep(b"abc") == payloads.keep(b"abc") == Payloads(Local(root)).keep(b"abc")
    assert len(kept_files(root)) == 1


def test_the_same_payload_gives_the_same_bytes_whenever_it_is_kept(root: Path) -> None:
    path = Payloads(Local(root)).keep(b"abc" * 1000)
    assert path is not None
    before = (root / path).read_bytes()
    (root / path).unlink()
    assert Payloads(Local(root)).keep(b"abc" * 1000) == path
    assert (root / path).read_bytes() == before
    assert before[4:8] == bytes(4), "the time in the header is none"


def test_nothing_and_what_is_too_large_is_not_kept(root: Path) -> None:
    payloads = Payloads(Local(root))
    assert payloads.keep(None) is None and payloads.keep(bytes(LARGEST + 1)) is None
    payloads.sync()
    assert kept_files(root) == []
    assert payloads.keep(b"") is not None


def test_a_payload_is_whole_under_its_name_or_not_there(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="No space"):
        Payloads(Local(root)).keep(b"abc")
    assert [name for name in kept_files(root) if name.endswith(".gz")] == []


def test_only_payloads_are_taken_for_payloads(root: Path) -> None:
    (root / "secret.gz").write_bytes(gzip.compress(b"secret"))
    shape = "_ledger/payloads/ab/" + "0" * 64 + ".gz"
    assert is_path(shape)
    for name in ("secret.gz", "../secret.gz", shape + "/../../../../secret.gz", "_ledger/ledger.sqlite", ""):
        assert not is_path(name) and not is_kept(Local(root), name)
    assert not is_kept(Local(root), None) and not is_kept(Local(root), shape)
