"""The Prefect server: the user's own, one that `khabar schedule` runs, or one of ours for the while."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from flows import prefect_settings
from flows.alone import alone
from pipeline.home import home

HOST = "127.0.0.1"
START_SECONDS = 300
_STOP_SECONDS = 2
_BARE = {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_SERVER_UI_ENABLED": "0"}
"""What makes a server leave out its schedulers and pages: one that nobody else will see."""
_LASTING = {
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_CONCURRENCY_LEASE_STORAGE": "prefect.server.concurrency.lease_storage.filesystem",
}
"""What makes a server that runs for years forget runs that ended more than ninety days ago, and remember
over its own end who holds a slot of a work pool: else nobody could free it."""


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
def connected() -> Iterator[None]:
    """Make Prefect, imported after this, talk to the known server, or to one of ours that runs meanwhile."""
    try:
        connect()
    except NoServer:
        # Nobody will look for logs on a server that is gone by then.
        os.environ.setdefault("PREFECT_LOGGING_TO_API_ENABLED", "false")
        port = free_port()
        server = _started(port, _BARE)
        try:
            _use(_url(port))
            yield
        finally:
            if server:
                _stop(server)
    else:
        yield


class Kept:
    """The server that `khabar schedule` talks to, started again when it was ours and is gone."""

    def __init__(self, port: int) -> None:
        """Use the known server, else one of ours at `port`; nothing is started yet."""
        self.foreign = "PREFECT_API_URL" in os.environ
        self._server: subprocess.Popen[bytes] | None = None
        try:
            self.url = known()
        except NoServer:
            self.url = _url(port)
            if _answers(self.url):
                taken = f"port {port} is taken by another Prefect server; name another with --port"
                raise NoServer(taken) from None
        _use(self.url)

    def keep(self) -> None:
        """See to it that the server answers; NoServer when it is the user's, or another's, and does not.

        One that another `khabar schedule` ran is followed by one of ours at the same address. Ours, when it
        is only slow, is waited for.
        """
        if _answers(self.url):
            return
        if self.foreign:
            raise NoServer(f"the Prefect server at {self.url} does not answer")
        if self._server:
            with suppress(NoServer):
                _await(self._server, self.url, "")
                return
        self.stop()
        self._server = _started(_port(self.url), _LASTING)
        if self._server:
            _note().write_text(json.dumps({"url": self.url, "pid": self._server.pid}))

    def stop(self) -> None:
        """Stop the server if it is ours."""
        if self._server:
            _note().unlink(missing_ok=True)
            _stop(self._server)
            self._server = None


def _use(url: str) -> None:
    prefect_settings.apply()
    os.environ["PREFECT_API_URL"] = url


def _started(port: int, settings: dict[str, str]) -> subprocess.Popen[bytes] | None:
    """A server that answers; None when another process was quicker to start one at the port.

    They start one at a time, for the first of all makes the database.
    """
    prefect_settings.apply()
    folder = home()
    with alone("server"), (folder / "server.log").open("ab") as log:
        if _answers(_url(port)):
            return None
        server = subprocess.Popen(
            [sys.executable, "-m", "flows.api_server", str(port), str(os.getpid())],
            env={**settings, **os.environ},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,  # an interrupt at the terminal is for us, who then stop it
        )
        try:
            _await(server, _url(port), f"the Prefect server did not start; see {folder / 'server.log'}")
        except BaseException:
            _stop(server)
            raise
    return server


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(timeout=_STOP_SECONDS)
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
    """Whether a Prefect server is there, also one that wants to know who asks."""
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except urllib.error.HTTPError as error:
        return error.code in {401, 403}
    except (OSError, ValueError):
        return False


def _url(port: int) -> str:
    return f"http://{HOST}:{port}/api"


def _port(url: str) -> int:
    return int(url.rpartition(":")[2].partition("/")[0])


def _note() -> Path:
    return home() / "server.json"


def _noted() -> str | None:
    """The address that a `khabar schedule` left; None when there is none that can be read."""
    try:
        return str(json.loads(_note().read_text())["url"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def free_port() -> int:
    """A port that nothing listens on now."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])
