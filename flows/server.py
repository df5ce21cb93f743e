"""The Prefect server: the user's own, one that `khabar schedule` runs, or one of ours for the while."""

from __future__ import annotations

import fcntl
import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flows import prefect_settings
from pipeline.home import home

HOST = "127.0.0.1"
START_SECONDS = 120
_BARE = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_SERVER_UI_ENABLED": "0"}
"""What makes a server leave out its schedulers and pages: one that nobody else will see."""


class NoServer(Exception):
    """There is no Prefect server to talk to."""


def known() -> str:
    """The API address: $PREFECT_API_URL, else that of a running `khabar schedule`; NoServer when neither."""
    if given := os.environ.get("PREFECT_API_URL"):
        return given
    noted = _noted()
    if noted and _answers(noted):
        return noted
    raise NoServer("no Prefect server is running; start one with `khabar schedule`, or set PREFECT_API_URL")


def connect() -> None:
    """Make Prefect, imported after this, talk to the known server; NoServer when there is none."""
    _use(known())


@contextmanager
def connected(port: int | None = None) -> Iterator[None]:
    """Make Prefect, imported after this, talk to the known server, or to one of ours that runs meanwhile.

    With a `port` ours is served there in full and noted, for others to find; without, it is for us alone.
    """
    try:
        connect()
    except NoServer:
        if port is None:  # nobody will look for logs on a server that is gone by then
            os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
        with _ours(port or _free_port(), shared=port is not None) as url:
            _use(url)
            yield
    else:
        yield


def _use(url: str) -> None:
    prefect_settings.apply()
    os.environ["PREFECT_API_URL"] = url


@contextmanager
def _ours(port: int, *, shared: bool) -> Iterator[str]:
    url = f"http://{HOST}:{port}/api"
    if _answers(url):
        raise NoServer(f"port {port} is taken by another Prefect server; name another with --port")
    prefect_settings.apply()
    server = _started(port, url, {} if shared else _BARE)
    try:
        if shared:
            _note().write_text(json.dumps({"url": url, "pid": server.pid}))
        yield url
    finally:
        if shared:
            _note().unlink(missing_ok=True)
        _stop(server)


def _started(port: int, url: str, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    """A server that answers. They start one at a time, for the first of all makes the database."""
    folder = home()
    with (folder / "server.lock").open("a") as lock, (folder / "server.log").open("ab") as log:
        fcntl.flock(lock, fcntl.LOCK_EX)
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.api_server", str(port)],
            env={**os.environ, **settings},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # an interrupt at the terminal is for us, who then stop it
        )
        try:
            _await(server, url, f"the Prefect server did not start; see {folder / 'server.log'}")
        except BaseException:
            _stop(server)
            raise
    return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=10)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _await(server: subprocess.Popen[bytes], url: str, failure: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer(failure)
        time.sleep(0.1)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError, ValueError):
        return False


def _note() -> Path:
    return home() / "server.json"


def _noted() -> str | None:
    """The address that a `khabar schedule` left; None when there is none that can be read."""
    try:
        return str(json.loads(_note().read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
