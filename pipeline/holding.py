"""Where the ledger of a store is, and that one process alone writes to them."""

from __future__ import annotations

import fcntl
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, nullcontext
from pathlib import Path
from typing import Final

from pipeline.database import SQLITE, Database, DatabaseFailed, Postgres, file_of, is_address, shown, sqlite
from pipeline.home import INTERNAL, STAGED, STAGING
from pipeline.places import Place

LEDGER: Final = "ledger.sqlite"
"""The ledger of a store that is a folder, in INTERNAL, unless another is named."""
ADDRESS: Final = f"{INTERNAL}/ledger.address"
"""The file that says where a store's ledger is when it is elsewhere."""
VARIABLE: Final = "KHABAR_LEDGER"
_PAUSE: Final = 0.1  # seconds between looks whether another process is done

Waiting = Callable[[], None] | None


class StoreBusy(Exception):
    """Another run holds the store."""


class StoreUnusable(Exception):
    """The store cannot be written, or its ledger not be used; the message is one sentence."""


@contextmanager
def held_ledger(place: Place, named: str | None, waiting: Waiting) -> Iterator[Database]:
    """The database of the ledger of the store at `place`, both held for this process alone.

    `named` is the ledger's address when it is not the store's own (default: $KHABAR_LEDGER). While
    another process holds them it waits, after calling `waiting`; without that it raises StoreBusy.
    """
    with ExitStack() as held:
        try:
            if place.folder:
                (place.folder / STAGING).mkdir(parents=True, exist_ok=True)
                held.enter_context(_locked(place.folder / INTERNAL / "lock", place, waiting))
            address = ledger_address(place, named)
            held.enter_context(_ledger_errors(address))
            database = held.enter_context(_held_database(address, place, waiting))
            _note_address(place, address)
        except OSError as error:
            raise StoreUnusable(f"cannot write the store at {place.address}: {_said(error)}") from error
        yield database


@contextmanager
def seen_ledger(place: Place, named: str | None) -> Iterator[Database]:
    """The database of a store's ledger, to be read while others may write."""
    address = ledger_address(place, named)
    with _ledger_errors(address):
        if address.startswith(SQLITE):
            opened: Database = sqlite(file_of(address), read_only=True)
        else:
            opened = Postgres(address, _name(place))
        with closing(opened) as database:
            yield database


def ledger_address(place: Place, named: str | None) -> str:
    """The address of a store's ledger; StoreUnusable when there is none, or another than the one named."""
    named, known = named or os.environ.get(VARIABLE), _known_address(place)
    if named and not is_address(named):
        raise StoreUnusable(f"'{named}' is no ledger; postgresql://user@host/database is, or sqlite:///FILE")
    if named and known and shown(named) != known:
        raise StoreUnusable(
            f"the ledger of {place.address} is {known}, not {shown(named)}; to have one made there from the"
            f" tables, end with a run on the old one, then delete {_trace(known, place)} in the store"
        )
    if named:
        return named
    own = _own_address(place)
    if own is None or known not in (None, own):
        where = f"is {known}" if known else "cannot be in it, for it is no folder"
        raise StoreUnusable(
            f"the ledger of {place.address} {where}: name it by --ledger or in ${VARIABLE},"
            " such as postgresql://user@host/database"
        )
    return own


def _own_address(place: Place) -> str | None:
    """The ledger that a store has in itself, if it can."""
    return f"{SQLITE}{place.folder.absolute() / INTERNAL / LEDGER}" if place.folder else None


def _known_address(place: Place) -> str | None:
    """The ledger that a store has had up to now, as it may be shown."""
    try:
        with place.open(ADDRESS) as file:
            return str(file.read().decode())
    except FileNotFoundError:
        own = _own_address(place)
        return own if own and file_of(own).exists() else None


def _trace(known: str, place: Place) -> str:
    """The file by which a store knows its ledger."""
    return f"{INTERNAL}/{LEDGER}" if known == _own_address(place) else ADDRESS


def _note_address(place: Place, address: str) -> None:
    if address != _own_address(place) and not place.exists(ADDRESS):
        staged = f"{STAGING}/ledger.address{STAGED}"
        place.write(staged, shown(address).encode())
        place.move(staged, ADDRESS)
        place.sync([ADDRESS])


@contextmanager
def _held_database(address: str, place: Place, waiting: Waiting) -> Iterator[Database]:
    if address.startswith(SQLITE):
        file = file_of(address)
        is_own = address == _own_address(place)  # then the lock of the store is enough
        lock = nullcontext() if is_own else _locked(file.with_name(f"{file.name}.lock"), place, waiting)
        with lock, closing(sqlite(file)) as database:
            if not is_own:
                _check_owner(database, address, place)
            yield database
        return
    with closing(Postgres(address, _name(place))) as server:
        _hold(server.own, place, waiting)
        yield server


def _check_owner(database: Database, address: str, place: Place) -> None:
    """Note in a file whose ledger it is; StoreUnusable when it is that of another store."""
    database.execute("CREATE TABLE IF NOT EXISTS store (name TEXT NOT NULL)")
    owner = database.execute("SELECT name FROM store").fetchone()
    if owner is None:
        database.execute("INSERT INTO store VALUES (?)", (_name(place),))
    elif owner[0] != _name(place):
        raise StoreUnusable(f"the ledger {shown(address)} is that of {owner[0]}: name another file")


def _name(place: Place) -> str:
    """By what a store is known to a database outside it, from whatever folder it is named."""
    return str(place.folder.absolute()) if place.folder else place.address


@contextmanager
def _locked(file: Path, place: Place, waiting: Waiting) -> Iterator[None]:
    try:
        lock = file.open("a")
    except OSError as error:
        raise StoreUnusable(f"cannot write {file}: {_said(error)}") from error
    with lock:

        def attempt() -> bool:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        _hold(attempt, place, waiting)
        yield


def _hold(attempt: Callable[[], bool], place: Place, waiting: Waiting) -> None:
    if attempt():
        return
    time.sleep(_PAUSE)  # whoever looks whether a store is busy holds it for a moment
    if attempt():
        return
    if waiting is None:
        raise StoreBusy(f"another run is writing to {place.address}")
    waiting()
    while not attempt():
        time.sleep(_PAUSE)


@contextmanager
def _ledger_errors(address: str) -> Iterator[None]:
    try:
        yield
    except DatabaseFailed as error:
        raise StoreUnusable(f"the ledger {shown(address)}: {error}") from error
    except sqlite3.DatabaseError as error:
        damaged = not isinstance(error, sqlite3.OperationalError)
        advice = "; delete it and run again, it is rebuilt from the tables" if damaged else ""
        raise StoreUnusable(f"the ledger {file_of(address)}: {error}{advice}") from error


def _said(error: OSError) -> str:
    return error.strerror or " ".join(str(error).split())
