"""One polite queue per host: one request at a time, a pause after each, and hosts left alone."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError
from contextlib import contextmanager
from dataclasses import dataclass, field

from pipeline.reading.reasons import NotAnArticle


@dataclass(slots=True)
class _Host:
    turn: threading.Lock = field(default_factory=threading.Lock)
    free_at: float = 0.0  # on the monotonic clock
    refusal: NotAnArticle | None = None  # why nothing is asked of it until then


class Hosts:
    """What is known of the hosts, by `host:port`; thread-safe."""

    def __init__(self) -> None:
        """All hosts are free."""
        self._hosts: dict[str, _Host] = {}
        self._lock = threading.Lock()
        self._closed = threading.Event()

    @contextmanager
    def turn(self, name: str, delay: float) -> Iterator[None]:
        """Wait for our turn with a host, and leave it in peace for `delay` seconds afterwards.

        NotAnArticle at once when the host is left alone, CancelledError when `close` is called meanwhile.
        """
        host = self._host(name)
        with host.turn:
            self._wait(host)
            host.refusal = None
            try:
                yield
            finally:
                host.free_at = max(host.free_at, time.monotonic() + delay)

    def _wait(self, host: _Host) -> None:
        """Wait until a host is free, however often that is put off meanwhile."""
        while (wait := host.free_at - time.monotonic()) > 0:
            if host.refusal:
                raise NotAnArticle(host.refusal.reason, host.refusal.detail)
            if self._closed.wait(wait):
                break
        if self._closed.is_set():
            raise CancelledError

    def pause(self, name: str, seconds: float) -> None:
        """Ask nothing of a host for a while."""
        host = self._host(name)
        host.free_at = max(host.free_at, time.monotonic() + seconds)

    def leave(self, name: str, seconds: float, refusal: NotAnArticle) -> None:
        """Refuse whatever is asked of a host for a while."""
        self.pause(name, seconds)
        self._host(name).refusal = refusal

    def close(self) -> None:
        """Let nobody wait any longer."""
        self._closed.set()

    def _host(self, name: str) -> _Host:
        with self._lock:
            return self._hosts.setdefault(name, _Host())
