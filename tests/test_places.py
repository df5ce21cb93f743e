"""File systems: a folder, an object store and what fsspec knows answer alike."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from pipeline.home import root_of
from pipeline.places import Local, NoPlace, Place, Remote, placed


@pytest.fixture(params=["folder", "memory", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """An empty place with a folder for what is staged."""
    if request.param == "folder":
        (tmp_path / "staging").mkdir()
        yield placed(tmp_path)
    elif request.param == "memory":
        yield placed(f"memory://{uuid4().hex}")
    else:
        yield placed(request.getfixturevalue("s3"))


def content(place: Place, name: str) -> bytes:
    with place.open(name) as file:
        return bytes(file.read())


def test_what_was_written_is_read_listed_and_deleted(place: Place) -> None:
    place.write("staging/a.gz", b"packed by whoever wrote it")
    assert content(place, "staging/a.gz") == b"packed by whoever wrote it"
    assert place.exists("staging/a.gz") and place.exists("staging")
    assert place.files("staging") == {"a.gz": 26}
    place.delete("staging/a.gz")
    assert not place.exists("staging/a.gz") and place.files("staging") == {}


def test_a_moved_file_takes_the_place_of_another_in_a_folder_that_is_made_for_it(place: Place) -> None:
    for words in (b"old", b"newer"):
        place.write("staging/a", words)
        place.move("staging/a", "table/day=1/a")
    assert content(place, "table/day=1/a") == b"newer"
    place.sweep("staging")
    assert place.files("table") == {"day=1/a": 5} and not place.exists("staging/a")
    place.sync(["table/day=1/a"])


def test_what_is_not_there_is_neither_moved_nor_deleted_nor_listed_nor_opened(place: Place) -> None:
    place.write("staging/b", b"b")
    for _ in range(2):
        place.move("staging/b", "table/b")
        place.sweep("staging")
    place.sweep("nowhere")
    place.move("staging/never", "table/never")
    place.delete("table/never")
    assert place.files("nowhere") == {} and not place.exists("nowhere")
    assert place.files("table") == {"b": 1}
    with pytest.raises(FileNotFoundError):
        place.open("table/never")


def test_an_address_is_a_path_unless_it_names_another_file_system() -> None:
    assert root_of("data/processed") == Path("data/processed")
    assert root_of("file:///srv/the%20news") == Path("/srv/the news")
    assert root_of("s3://bucket/prefix/") == "s3://bucket/prefix"
    assert isinstance(placed("data/processed"), Local)
    assert isinstance(placed("memory://x"), Remote)


@pytest.mark.parametrize("address", ["nosuch://bucket/x", "sftp2://x"])
def test_an_unknown_file_system_is_one_sentence(address: str) -> None:
    with pytest.raises(NoPlace, match=f"cannot use {address}"):
        placed(address)


def test_a_file_cut_short_is_seen_without_reading_it(tmp_path: Path) -> None:
    place = placed(tmp_path)
    for name, words, whole in (("a", b"PAR1...PAR1", True), ("b", b"PAR1...PA", False), ("c", b"", False)):
        place.write(name, words)
        assert place.is_whole(name, len(words)) is whole
    assert not place.is_whole("never", 11)
