"""A ledger in PostgreSQL: as the one in a file, held by its connection, one database for many stores."""

import threading
from pathlib import Path

import pytest

from pipeline import database
from pipeline.database import DatabaseFailed
from pipeline.home import INTERNAL
from pipeline.ledger import Ledger
from pipeline.store import Notes, StoreBusy, StoreUnusable, inspected, opened
from pipeline.tables import Run
from pipeline.verify import problems
from tests import doomed
from tests.servers import Postgres, free_port
from tests.stories import article, batch, files, fill, sound
from tests.test_run import MIXED, counts, ran
from tests.test_store import first_then_newer, rows


@pytest.fixture
def ledger(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a database, found by the environment."""
    monkeypatch.setenv("KHABAR_LEDGER", postgres.address)
    return postgres.address


def test_runs_and_what_repeats_or_replaces_is_decided_as_with_a_ledger_in_a_file(
    tmp_path: Path, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(tmp_path / "here", MIXED)
    again = ran(tmp_path / "here", MIXED)
    first_then_newer(tmp_path / "newer")
    assert rows(tmp_path / "newer", "articles")["a0003"] == "a0004" and sound(tmp_path / "newer") == []
    monkeypatch.delenv("KHABAR_LEDGER")
    ran(tmp_path / "file", MIXED)
    assert files(tmp_path / "here") == files(tmp_path / "file")
    assert counts(again) == counts(ran(tmp_path / "file", MIXED))


def test_one_database_keeps_the_ledgers_of_several_stores_apart(tmp_path: Path, ledger: str) -> None:
    fill(tmp_path / "one", 1)
    fill(tmp_path / "two", 2)
    for name, ids in (("one", (True, False)), ("two", (False, True))):
        with opened(tmp_path / name) as store:
            assert (store.ledger.has("a0001"), store.ledger.has("a0002")) == ids


def test_a_store_has_one_ledger_from_whatever_folder_it_is_named(
    tmp_path: Path, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "here/store", 1)
    (tmp_path / "there").mkdir()
    for folder, known in (("here", True), ("there", False)):
        monkeypatch.chdir(tmp_path / folder)
        with opened(Path("store")) as store:
            assert store.ledger.has("a0001") is known
            assert (store.ledger.last_run() is not None) is known


def test_the_store_leaves_no_ledger_and_no_password_in_its_folder(tmp_path: Path, ledger: str) -> None:
    fill(tmp_path, 1)
    assert not (tmp_path / INTERNAL / "ledger.sqlite").exists()
    assert database.shown("postgresql://me:secret@host:1/db?sslmode=disable") == "postgresql://me@host:1/db"
    assert (tmp_path / INTERNAL / "ledger.address").read_text() == ledger


def test_a_second_writer_is_refused_or_waits_until_the_connection_of_the_first_ends(
    tmp_path: Path, ledger: str
) -> None:
    waits = threading.Event()
    with opened(tmp_path):
        (tmp_path / INTERNAL / "lock").unlink()  # so that PostgreSQL alone stands between them
        with pytest.raises(StoreBusy), opened(tmp_path):
            pass
        second = threading.Thread(target=lambda: _look(tmp_path, waits))
        second.start()
        assert waits.wait(30)
    second.join(30)
    assert not second.is_alive()


def _look(root: Path, waits: threading.Event) -> None:
    with inspected(root, waits.set) as store:
        assert store.ledger.count() == 0


@pytest.mark.parametrize("committed", [False, True], ids=["before the commit", "after it"])
def test_a_connection_lost_in_the_middle_ends_the_run_with_a_sentence_and_the_next_heals(
    tmp_path: Path, committed: bool, postgres: Postgres, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill(tmp_path / "calm", 1)
    fill(tmp_path / "calm", 2)
    fill(tmp_path / "cut", 1)
    name = "fulfil" if committed else "intend"
    real = getattr(Ledger, name)

    def cut(ledger: Ledger, *arguments: object) -> object:
        ledger._db.execute("SELECT pg_terminate_backend(pg_backend_pid())")
        return real(ledger, *arguments)

    with opened(tmp_path / "cut") as store:
        run_id = store.begin("{}", "m1").run_id
        with pytest.MonkeyPatch.context() as patch, pytest.raises(DatabaseFailed, match="once the database"):
            patch.setattr(Ledger, name, cut)
            store.publish(run_id, batch(article(2)), Notes())
    with opened(tmp_path / "cut") as store:
        assert store.ledger.has("a0002") is committed
        assert store.ledger.run(run_id).state == "crashed"
    if not committed:
        fill(tmp_path / "cut", 2)
    assert files(tmp_path / "cut") == files(tmp_path / "calm") and sound(tmp_path / "cut") == []


def test_a_database_that_goes_away_is_one_sentence_and_its_return_is_enough(tmp_path: Path) -> None:
    server = Postgres()
    try:
        goes_on = r"the ledger postgresql://khabar@127.*the next run goes on"
        with pytest.raises(StoreUnusable, match=goes_on), opened(tmp_path, ledger=server.address) as store:
            run: Run = store.begin("{}", "m1")
            server.stop()
            store.publish(run.run_id, batch(article(1)), Notes())
        refused = r"the ledger postgresql://khabar@127.*create a connection"
        with pytest.raises(StoreUnusable, match=refused), opened(tmp_path, ledger=server.address):
            pass
        server.start()
        doomed.write(str(tmp_path), server.address)
        with opened(tmp_path, ledger=server.address) as store:
            assert list(problems(store)) == []
    finally:
        server.remove()


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (f"postgresql://khabar@127.0.0.1:{free_port()}/x", "Can't create a connection"),
        ("postgresql://khabar@127.0.0.1:nowhere/x", "Port could not be cast"),
        ("postgresql://khabar@127.0.0.1/x?sslmode=perhaps", "there is no sslmode perhaps"),
        ("postgresql://khabar@127.0.0.1/x?color=red", "there is no option color"),
    ],
)
def test_what_cannot_be_connected_to_is_one_sentence(tmp_path: Path, address: str, said: str) -> None:
    with (
        pytest.raises(StoreUnusable, match=f"the ledger postgresql://.*{said}"),
        opened(tmp_path, ledger=address),
    ):
        pass


def test_no_database_of_that_name_is_said_in_the_servers_words(tmp_path: Path, ledger: str) -> None:
    address = ledger.replace("/postgres", "/never")
    with (
        pytest.raises(StoreUnusable, match='database "never" does not exist'),
        opened(tmp_path, ledger=address),
    ):
        pass
