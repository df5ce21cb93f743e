"""The way to a host: resolve once, check every address, dial the checked one, and hold the deadline."""

from __future__ import annotations

import select
import socket
import ssl
import threading
from collections.abc import Iterable
from contextlib import suppress
from typing import Any, Final, Self
from weakref import WeakSet

import httpcore

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.addresses import is_public
from pipeline.reading.web.deadline import left
from pipeline.reading.web.network import Network, in_time

_LONGEST_DIAL: Final = 10.0  # seconds for one address, so that a dead one leaves time for the next


class Line(httpcore.NetworkStream):
    """A connection on which nothing takes longer than what is left of the deadline."""

    def __init__(self, sock: socket.socket) -> None:
        """Take over a connected socket."""
        self._socket = sock
        self._hung_up = False

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At least one byte, or none at the end."""
        self._socket.settimeout(left())
        try:
            return self._socket.recv(max_bytes)
        except OSError as error:
            raise _named(error, httpcore.ReadTimeout, httpcore.ReadError) from error

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of `buffer`."""
        if self._hung_up:  # by us, in the middle of an answer: the pool takes a new connection instead
            raise httpcore.ConnectionNotAvailable
        try:
            while buffer:
                self._socket.settimeout(left())
                buffer = buffer[self._socket.send(buffer) :]
        except OSError as error:
            raise _named(error, httpcore.WriteTimeout, httpcore.WriteError) from error

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> Self:
        """The same line, encrypted, with a partner whose certificate is for `server_hostname`."""
        try:
            self._socket.settimeout(left())
            self._socket = ssl_context.wrap_socket(self._socket, server_hostname=server_hostname)
        except OSError as error:
            self.close()
            if isinstance(error, ssl.SSLError):
                raise NotAnArticle("bad_tls", f"The encryption fails: {error.strerror or error}.") from error
            raise _named(error, httpcore.ConnectTimeout, httpcore.ConnectError) from error
        return self

    def close(self) -> None:
        """End the connection, also for a thread that waits on it."""
        self._hung_up = True
        with suppress(OSError):  # it has ended already
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def get_extra_info(self, info: str) -> Any:
        """What the pool asks about a connection."""
        if info == "ssl_object":
            return self._socket if isinstance(self._socket, ssl.SSLSocket) else None
        if info == "is_readable":  # while idle: the server has hung up or talks out of turn
            return self._hung_up or _is_readable(self._socket)
        return None


class Dialler(httpcore.NetworkBackend):
    """Dials only hosts of the public internet, unless private ones are allowed."""

    def __init__(self, network: Network, allow_private: bool) -> None:
        """Nothing is dialled yet."""
        self._network = network
        self._allow_private = allow_private
        self._lines: WeakSet[Line] = WeakSet()
        self._lock = threading.Lock()
        self._closed = False

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> Line:
        """A line to the first address of `host` that answers; NotAnArticle when one is private."""
        try:
            addresses = in_time(lambda: self._network.resolve(host, port), left())
        except OSError as error:
            raise _named(error, httpcore.ConnectTimeout, httpcore.ConnectError) from error
        if not self._allow_private:
            _refuse_private(host, addresses)
        return self._kept(Line(self._dial(addresses, port)))

    def _kept(self, line: Line) -> Line:
        with self._lock:
            self._lines.add(line)
            if self._closed:
                line.close()
        return line

    def _dial(self, addresses: Iterable[str], port: int) -> socket.socket:
        failure = OSError("the host has no address")
        for address in addresses:
            try:
                sock = self._network.connect((address, port), min(left(), _LONGEST_DIAL))
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                return sock
            except OSError as error:
                failure = error
        raise _named(failure, httpcore.ConnectTimeout, httpcore.ConnectError) from failure

    def hang_up(self) -> None:
        """End all connections for good, so that no thread waits on one any longer."""
        with self._lock:
            self._closed = True
            for line in self._lines:
                line.close()


def _refuse_private(host: str, addresses: Iterable[str]) -> None:
    private = [address for address in addresses if not is_public(address)]
    if private:
        sentence = f"The host {host} has the address {private[0]}, which is none of the public internet."
        raise NotAnArticle("private_address", sentence)


def _named(error: OSError, late: type[Exception], broken: type[Exception]) -> Exception:
    """The failure in the terms of httpcore."""
    return (late if isinstance(error, TimeoutError) else broken)(str(error) or type(error).__name__)


def _is_readable(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLIN)
    return bool(poll.poll(0))
