"""Servers that several test files share: started when first asked for, stopped at the end."""

import signal
from collections.abc import Iterator
from uuid import uuid4

import pytest

from tests.servers import BUCKET, Postgres, postgres_programs, s3_server

# A shell starts what runs in the background with interrupts ignored, and the runs of tests would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def s3_environment() -> Iterator[dict[str, str]]:
    with s3_server() as environment:
        yield environment


@pytest.fixture
def s3(s3_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of a prefix that only this test uses, in a bucket of a server that is found by the environment."""
    for name, value in s3_environment.items():
        monkeypatch.setenv(name, value)
    return f"s3://{BUCKET}/{uuid4().hex}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    if postgres_programs() is None:
        pytest.skip("Debian's postgresql is not installed")
    server = Postgres()
    try:
        yield server
    finally:
        server.remove()
