"""Servers on this machine that tests start and stop: an object store as S3 is one, and PostgreSQL."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pyarrow import fs

from pipeline import database

BUCKET = "news"
DEBIAN = Path("/usr/lib/postgresql")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """An S3 server with an empty BUCKET; the environment in which it is found."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(lambda: _listens(port), server)
        environment = {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
            "AWS_ACCESS_KEY_ID": "reader",
            "AWS_SECRET_ACCESS_KEY": "secret",
            "AWS_REGION": "us-east-1",
        }
        _make_bucket(port)
        yield environment
    finally:
        server.kill()
        server.wait()


def _make_bucket(port: int) -> None:
    s3 = fs.S3FileSystem(
        access_key="reader",
        secret_key="secret",
        region="us-east-1",
        scheme="http",
        endpoint_override=f"127.0.0.1:{port}",
        allow_bucket_creation=True,
    )
    s3.create_dir(BUCKET)


class Postgres:
    """A PostgreSQL cluster of a test's own; `address` is that of an empty database."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="khabar-postgres-"))
        self._port = free_port()
        self.address = f"postgresql://khabar@127.0.0.1:{self._port}/postgres"
        if os.geteuid() == 0:
            shutil.chown(self._folder, "postgres")  # it does not run as root
        options = ["-U", "khabar", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(self._command("initdb", *options), check=True, capture_output=True, cwd="/")
        self.start()

    def start(self) -> None:
        options = ["-p", str(self._port), "-h", "127.0.0.1", "-k", "", "-F"]
        self._server = subprocess.Popen(
            self._command("postgres", *options), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/"
        )
        _wait_for(self._answers, self._server)

    def stop(self) -> None:
        """At once, as when the machine fails: whoever is connected is cut off."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait()

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def _answers(self) -> bool:
        try:
            database.Postgres(self.address, "").close()
        except database.DatabaseFailed:
            return False
        return True

    def _command(self, program: str, *options: str) -> list[str]:
        programs = postgres_programs()
        assert programs
        user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        words = [str(programs / program), "-D", str(self._folder / "data"), *options]
        return [*user, *words] if os.geteuid() == 0 else words


def postgres_programs() -> Path | None:
    """The folder of Debian's newest PostgreSQL; None where there is none."""
    return max(DEBIAN.glob("*/bin"), key=lambda path: int(path.parent.name), default=None)


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def _wait_for(ready: Callable[[], bool], server: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not ready():
        assert server.poll() is None, "the server has ended"
        assert time.monotonic() < end, "the server does not answer"
        time.sleep(0.05)
