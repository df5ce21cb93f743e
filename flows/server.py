"""The Prefect server that schedules and triggers talk to: the user's own, or one of ours on this machine."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from flows import prefect_settings

HOST = "127.0.0.1"
PORT = 4210
START_SECONDS = 120


class NoServer(Exception):
    """There is no Prefect server to talk to."""


def api_url() -> str:
    """The API address: $PREFECT_API_URL, else that of a server of ours that runs; else NoServer."""
    if given := os.environ.get("PREFECT_API_URL"):
        return given
    note = prefect_settings.home() / "server.json"
    if note.exists() and _answers(url := str(json.loads(note.read_text())["url"])):
        return url
    raise NoServer("no Prefect server is running; start one with `khabar schedule`, or set PREFECT_API_URL")


def connect() -> None:
    """Make Prefect, imported after this call, talk to the server of `api_url`."""
    os.environ["PREFECT_API_URL"] = api_url()
    prefect_settings.apply()


@contextmanager
def running(port: int = PORT) -> Iterator[str]:
    """The API address of a running server; when there is none, one of ours runs meanwhile."""
    try:
        yield api_url()
        return
    except NoServer:
        pass
    with _started(port) as url:
        yield url


@contextmanager
def _started(port: int) -> Iterator[str]:
    prefect_settings.apply()
    url = f"http://{HOST}:{port}/api"
    if _answers(url):
        raise NoServer(f"port {port} is taken by another Prefect server; name another with --port")
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", HOST, "--port", str(port)]
    log = prefect_settings.home() / "server.log"
    with log.open("ab") as output:
        server = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
    note = prefect_settings.home() / "server.json"
    try:
        _await(server, url, f"the Prefect server did not start; see {log}")
        note.write_text(json.dumps({"url": url, "pid": server.pid}))
        yield url
    finally:
        note.unlink(missing_ok=True)
        server.terminate()
        server.wait()


def _await(server: subprocess.Popen[bytes], url: str, failure: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(url):
        if server.poll() is not None or time.monotonic() > deadline:
            raise NoServer(failure)
        time.sleep(0.2)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/health", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
