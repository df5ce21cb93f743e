"""What is remembered of reading: only what this version read, and only while every article is stored."""

import sqlite3

import pytest

from pipeline import readings
from pipeline.readings import Readings

ONE, TWO, THREE = "a" * 16, "b" * 16, "c" * 16
NAME = "0" * 16


@pytest.fixture
def database() -> sqlite3.Connection:
    made = sqlite3.connect(":memory:", isolation_level=None)
    made.executescript(readings.SCHEMA + "CREATE TABLE articles (article_id TEXT PRIMARY KEY);")
    made.executemany("INSERT INTO articles VALUES (?)", [(ONE,), (TWO,)])
    return made


def kept(database: sqlite3.Connection, **noted: list[str]) -> Readings:
    memory = Readings(database)
    for digest, ids in noted.items():
        memory.note(NAME + digest, ids)
    memory.keep()
    return memory


def test_a_file_is_recalled_with_its_articles_in_their_order(database: sqlite3.Connection) -> None:
    memory = kept(database, f1=[TWO, ONE])
    assert memory.recall([NAME + "f1", NAME + "f2"]) == {NAME + "f1": [TWO, ONE]}


def test_a_file_is_not_recalled_when_one_of_its_articles_is_not_stored(database: sqlite3.Connection) -> None:
    assert kept(database, f1=[ONE, THREE], f2=[ONE]).recall([NAME + "f1"]) == {}


def test_what_another_version_read_is_read_anew(
    database: sqlite3.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(database, f1=[ONE])
    monkeypatch.setattr(readings, "__version__", "next")
    assert Readings(database).recall([NAME + "f1"]) == {}
    assert kept(database, f1=[TWO]).recall([NAME + "f1"]) == {NAME + "f1": [TWO]}


def test_of_a_table_that_grows_only_the_last_reading_is_kept(database: sqlite3.Connection) -> None:
    kept(database, f1=[ONE, TWO], **{"ff": [ONE]})
    memory = kept(database, f2=[ONE, TWO, ONE])
    assert list(memory.recall([NAME + "f1", NAME + "f2"])) == [NAME + "f2"]
    assert kept(database, f3=[ONE]).recall([NAME + "f2"])


def test_thousands_are_recalled_at_once(database: sqlite3.Connection) -> None:
    noted = {f"{number:04x}": [ONE] for number in range(2500)}
    assert len(kept(database, **noted).recall([NAME + digest for digest in noted])) == 2500
