"""Servers on 127.0.0.1 that say exactly what a test wants them to, over TCP, TLS and HTTP/2."""

from __future__ import annotations

import datetime as dt
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple, Self

import h2.config
import h2.connection
import h2.events
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from pipeline.reading.web import Settings
from pipeline.reading.web.network import Network

PUBLIC = "93.184.216.34"
"""An address of the public internet that a test's network leads to 127.0.0.1."""

FAST = Settings(allow_private=True, delay=0, back_off=0.01, seconds=5)


class Request(NamedTuple):
    path: str
    headers: dict[str, str]
    at: float
    local: threading.local


Handler = Callable[[socket.socket, Request], None]


def answer(
    body: bytes | str = b"", status: str = "200 OK", kind: str | None = "text/html", **headers: object
) -> bytes:
    """A well-formed response; `_` in the name of a header stands for `-`."""
    content = body.encode() if isinstance(body, str) else body
    told = {"Content-Type": kind, "Content-Length": len(content), **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in told.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status}", *lines, "", ""]).encode() + content


class Server:
    """Serves `routes` (path → response bytes, or what to do with the socket); counts what it is asked."""

    def __init__(
        self, routes: Mapping[str, bytes | Handler] | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.routes: dict[str, bytes | Handler] = dict(routes or {})
        self.requests: list[Request] = []
        self.busy = 0
        self.busiest = 0
        self._tls = tls
        self._lock = threading.Lock()
        self._ended = threading.Event()
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self._listener.getsockname()[1]
        self.url = f"{'https' if tls else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def paths(self) -> list[str]:
        """What was asked for, apart from robots.txt."""
        return [request.path for request in self.requests if request.path != "/robots.txt"]

    def _listen(self) -> None:
        while not self._ended.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(sock,), daemon=True).start()

    def _talk(self, sock: socket.socket) -> None:
        try:
            with sock:
                stream = self._tls.wrap_socket(sock, server_side=True) if self._tls else sock
                if isinstance(stream, ssl.SSLSocket) and stream.selected_alpn_protocol() == "h2":
                    return self._talk_h2(stream)
                local = threading.local()
                while self._respond(stream, local):
                    pass
        except OSError:
            pass  # the client has hung up

    def _respond(self, sock: socket.socket, local: threading.local) -> bool:
        head = b""
        while b"\r\n\r\n" not in head:
            piece = sock.recv(65536)
            if not piece:
                return False
            head += piece
            if head[:1] == b"\x16":  # a TLS handshake where there is no TLS
                sock.sendall(answer("", "400 Bad Request"))
                return False
        first, *rest = head.decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in rest)}
        request = Request(first.split(" ")[1], headers, time.monotonic(), local)
        with self._lock:
            self.requests.append(request)
            self.busy += 1
            self.busiest = max(self.busiest, self.busy)
        try:
            return self._route(sock, request)
        finally:
            with self._lock:
                self.busy -= 1

    def _route(self, sock: socket.socket, request: Request) -> bool:
        path = request.path.partition("?")[0]
        route = self.routes.get(path, self.routes.get("*", answer("nothing here", "404 Not Found")))
        if request.path == "/robots.txt" and request.path not in self.routes:
            route = answer("none", "404 Not Found")
        if isinstance(route, bytes):
            sock.sendall(route)
            return True
        route(sock, request)
        return False

    def _talk_h2(self, sock: ssl.SSLSocket) -> None:
        talk = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False))
        talk.initiate_connection()
        sock.sendall(talk.data_to_send())
        while data := sock.recv(65536):
            for event in talk.receive_data(data):
                if isinstance(event, h2.events.RequestReceived):
                    headers = {name.decode(): value.decode() for name, value in event.headers}
                    request = Request(headers[":path"], headers, time.monotonic(), threading.local())
                    self.requests.append(request)
                    self._route_h2(talk, event.stream_id, request)
            sock.sendall(talk.data_to_send())

    def _route_h2(self, talk: h2.connection.H2Connection, stream: int, request: Request) -> None:
        body = self.routes.get(request.path)
        status = "200" if isinstance(body, bytes) else "404"
        talk.send_headers(stream, [(":status", status), ("content-type", "text/html; charset=utf-8")])
        content = body if isinstance(body, bytes) else b""
        while len(content) > 16000:
            if talk.local_flow_control_window(stream) < 16000:
                return  # more than the client wants to take at once: the stream is left hanging
            talk.send_data(stream, content[:16000])
            content = content[16000:]
        talk.send_data(stream, content, end_stream=True)


def named(
    names: dict[str, list[str]], servers: dict[int, Server], trust: ssl.SSLContext | None = None
) -> Network:
    """A network in which names have these addresses, and PUBLIC at these ports leads to these servers."""

    def resolve(host: str, port: int) -> list[str]:
        if host not in names:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        return names[host]

    def connect(address: tuple[str, int], timeout: float) -> socket.socket:
        assert address[0] == PUBLIC, f"{address} must not be dialled"
        return socket.create_connection(("127.0.0.1", servers[address[1]].port), timeout)

    return Network(resolve, connect, lambda: trust) if trust else Network(resolve, connect)


def certificate(
    folder: Path, name: str, *, protocols: tuple[str, ...] = ("http/1.1",)
) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's context with a self-signed certificate for `name`, and a client's that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = dt.datetime.now(dt.UTC)
    signed = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / f"{name}.pem"
    pem = signed.public_bytes(serialization.Encoding.PEM)
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + pem)
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(path)
    server.set_alpn_protocols(list(protocols))
    return server, ssl.create_default_context(cadata=pem.decode())
