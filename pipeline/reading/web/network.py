"""The network as the operating system gives it; a test gives another."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cache
from typing import TypeVar

import httpx

T = TypeVar("T")


def resolve(host: str, port: int) -> Sequence[str]:
    """The numeric addresses of `host`; OSError when there is none."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except UnicodeError as error:  # a name that the domain name system cannot hold
        raise socket.gaierror(socket.EAI_NONAME, "no such host") from error
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


def connect(address: tuple[str, int], timeout: float) -> socket.socket:
    """A connection to a numeric address; OSError when there is none."""
    return socket.create_connection(address, timeout)


@cache  # reading the list takes longer than most requests
def trust() -> ssl.SSLContext:
    """Whom to trust: the authorities that browsers trust, and nothing from the environment."""
    return httpx.create_ssl_context(trust_env=False)


@dataclass(frozen=True, slots=True)
class Network:
    """How names become addresses, addresses connections, and whose certificates are believed."""

    resolve: Callable[[str, int], Sequence[str]] = resolve
    connect: Callable[[tuple[str, int], float], socket.socket] = connect
    trust: Callable[[], ssl.SSLContext] = trust


def in_time(work: Callable[[], T], seconds: float) -> T:
    """What `work` returns or raises, or TimeoutError; for calls that know no limit of time."""
    future: Future[T] = Future()

    def run() -> None:
        try:
            future.set_result(work())
        except BaseException as error:
            future.set_exception(error)

    threading.Thread(target=run, daemon=True).start()
    return future.result(seconds)
