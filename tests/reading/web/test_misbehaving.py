"""A server that does everything wrong: no crash, no hang, no memory, and a stable reason each time."""

import itertools
import os
import random
import socket
import struct
import threading
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psutil  # type: ignore[import-untyped]  # it carries no types
import pytest

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import WEB_REASONS, Fetched, Web
from tests.reading.web.servers import FAST, Handler, Request, Server, answer

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
WRONG = replace(FAST, seconds=1, most_bytes=1 << 20, most_retries=1)


def sends(pieces: Iterable[bytes], pause: float = 0) -> Handler:
    """Send piece after piece, then hang up."""

    def serve(sock: socket.socket, request: Request) -> None:
        for piece in pieces:
            sock.sendall(piece)
            time.sleep(pause)

    return serve


def resets(after: bytes) -> Handler:
    def serve(sock: socket.socket, request: Request) -> None:
        sock.sendall(after)
        time.sleep(0.05)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    return serve


def bomb() -> Iterator[bytes]:
    """10 GB of zeros as about 10 MB of gzip."""
    engine = zlib.compressobj(9, zlib.DEFLATED, 31)
    yield engine.compress(b"") + engine.flush(zlib.Z_FULL_FLUSH)
    bare = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bare.compress(bytes(16 << 20)) + bare.flush(zlib.Z_FULL_FLUSH)
    yield from itertools.repeat(block, 640)


def forever(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece, 1_000_000)


WRONGS: dict[str, tuple[bytes | Handler, str]] = {
    "a body without end": (sends(itertools.chain([HEAD + b"\r\n"], forever(b"x" * 65536))), "too_large"),
    "chunks without end": (
        sends([HEAD + b"Transfer-Encoding: chunked\r\n\r\n", *[b"8000\r\n" + b"x" * 32768 + b"\r\n"] * 100]),
        "too_large",
    ),
    "a length beyond the limit": (
        sends([HEAD + b"Content-Length: 99999999999\r\n\r\n", *[b"x" * 65536] * 50]),
        "too_large",
    ),
    "a bomb": (sends(itertools.chain([HEAD + b"Content-Encoding: gzip\r\n\r\n"], bomb())), "too_large"),
    "a page that drips": (sends(itertools.chain([HEAD + b"\r\n"], forever(b"x")), 0.05), "timeout"),
    "headers that drip": (sends(itertools.chain([HEAD], forever(b"A: b\r\n")), 0.05), "timeout"),
    "silence": (sends(itertools.repeat(b"", 60), 0.05), "timeout"),
    "silence in the middle": (
        sends(itertools.chain([HEAD + b"Content-Length: 9\r\n\r\nabc"], itertools.repeat(b"", 60)), 0.05),
        "timeout",
    ),
    "notes that more is to come, without end": (
        sends(forever(b"HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\n"), 0.001),
        "timeout",
    ),
    "headers without end": (
        sends(itertools.chain([HEAD], (b"H%d: %s\r\n" % (n, b"x" * 500) for n in range(100_000)))),
        "bad_response",
    ),
    "a line without end": (sends(itertools.chain([b"HTTP/1.1 200 "], forever(b"O" * 65536))), "bad_response"),
    "a hang-up before anything": (sends([]), "bad_response"),
    "a hang-up in the headers": (sends([HEAD]), "bad_response"),
    "a reset in the middle": (resets(HEAD + b"Content-Length: 1000\r\n\r\nabc"), "unreachable"),
    "a body shorter than its length": (sends([HEAD + b"Content-Length: 1000\r\n\r\nabc"]), "bad_response"),
    "a length that is none": (sends([HEAD + b"Content-Length: -5\r\n\r\nabc"]), "bad_response"),
    "two lengths": (sends([HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd"]), "bad_response"),
    "chunks that are none": (
        sends([HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\nabc\r\n"]),
        "bad_response",
    ),
    "chunks that end early": (sends([HEAD + b"Transfer-Encoding: chunked\r\n\r\n10\r\nabc"]), "bad_response"),
    "HTTP/0.9": (sends([b"<html>no header at all</html>"]), "bad_response"),
    "another protocol": (sends([b"SSH-2.0-OpenSSH_9.2\r\n"]), "bad_response"),
    "a header with NUL": (sends([HEAD + b"A: \0b\r\n\r\nabc"]), "bad_response"),
    "a status that is none": (sends([b"HTTP/1.1 abc OK\r\n\r\n"]), "bad_response"),
    "a packing that is none": (answer("plain", Content_Encoding="gzip"), "bad_response"),
    "a packing that ends early": (
        answer(zlib.compress(b"x" * 9999)[:20], Content_Encoding="deflate"),
        "bad_response",
    ),
    "a packing not asked for": (answer("x", Content_Encoding="zstd"), "bad_response"),
    "an upgrade not asked for": (
        sends([b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n"]),
        "bad_response",
    ),
    "a redirect to itself": (answer("", "301 Moved", Location="#again"), "too_many_redirects"),
    "a redirect to ever other pages": (
        sends([b"HTTP/1.1 302 Found\r\nLocation: ?x\r\nContent-Length: 0\r\n\r\n"]),
        "too_many_redirects",
    ),
    "an error page without end": (
        sends(itertools.chain([b"HTTP/1.1 404 Not Found\r\n\r\n"], forever(b"x" * 65536))),
        "http_error",
    ),
}


@contextmanager
def bounded_memory(growth: int) -> Iterator[None]:
    """Fail when the process, some 50 MB where it does nothing else, grows by more bytes than `growth`."""
    process = psutil.Process()
    before = most = process.memory_info().rss
    ended = threading.Event()

    def watch() -> None:
        nonlocal most
        while not ended.wait(0.005):
            most = max(most, process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
    assert most - before < growth


@pytest.mark.parametrize("wrong", WRONGS)
def test_what_is_wrong_is_refused_in_time_and_the_next_page_is_had(wrong: str, tmp_path: Path) -> None:
    response, reason = WRONGS[wrong]
    with Server({"/wrong": response, "/right": answer("x")}) as server, Web(WRONG, tmp_path) as web:
        began = time.monotonic()
        with bounded_memory(100 << 20), pytest.raises(NotAnArticle) as caught:
            web.fetch(server.url + "/wrong")
        assert caught.value.reason == reason
        assert caught.value.detail.endswith(".")
        assert time.monotonic() - began < 4
        assert web.fetch(server.url + "/right").content == b"x"


def test_a_body_without_a_length_ends_with_the_connection() -> None:
    with Server({"/": sends([HEAD + b"\r\nabc"])}) as server, Web(WRONG, None) as web:
        assert web.fetch(server.url).content == b"abc"


def test_a_wrong_charset_is_passed_on_as_it_is_said() -> None:
    with Server({"/": answer("खबर", kind="text/html; charset=klingon-1")}) as server, Web(WRONG, None) as web:
        assert (web.fetch(server.url).charset, web.fetch(server.url).content) == ("klingon-1", "खबर".encode())


def test_a_server_without_encryption_behind_https_is_refused() -> None:
    with Server({"*": answer("x")}) as server, Web(WRONG, None) as web:
        with pytest.raises(NotAnArticle) as caught:
            web.fetch(server.url.replace("http:", "https:"))
        assert caught.value.reason in {"bad_tls", "unreachable"}


def test_a_handshake_that_never_ends_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent, Web(WRONG, None) as web:
        began = time.monotonic()
        with pytest.raises(NotAnArticle) as caught:
            web.fetch(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        assert caught.value.reason == "timeout"
        assert time.monotonic() - began < 3


def test_a_robots_txt_without_end_is_read_as_far_as_one_reads() -> None:
    lines = forever(b"User-agent: someone\nDisallow: /right\n" * 500)
    endless = sends(itertools.chain([HEAD + b"\r\n"], lines))
    routes: dict[str, bytes | Handler] = {"/robots.txt": endless, "/right": answer("x")}
    with Server(routes) as server, bounded_memory(100 << 20), Web(WRONG, None) as web:
        assert web.fetch(server.url + "/right").content == b"x"


def test_500_bodies_of_noise_are_had_as_they_are() -> None:
    chance = random.Random(5)
    bodies = [chance.randbytes(chance.randrange(3000)) for _ in range(500)]
    kinds = [None, "text/html", "text/html; charset=utf-16", "application/x-nothing", ";;;", "\xff"]
    routes = {f"/{n}": answer(body, kind=kinds[n % len(kinds)]) for n, body in enumerate(bodies)}
    with Server(dict(routes)) as server, Web(WRONG, None) as web:
        found = list(web.fetch_all([(f"{server.url}/{n}", None) for n in range(500)]))
    assert [outcome.content for _, outcome in found if isinstance(outcome, Fetched)] == bodies


def test_100_answers_of_noise_are_refused_or_had(tmp_path: Path) -> None:
    chance = random.Random(6)

    def noise(sock: socket.socket, request: Request) -> None:
        starts = [
            b"",
            b"HTTP/1.1 ",
            b"HTTP/1.1 200 OK\r\n",
            HEAD + b"\r\n",
            HEAD + b"Transfer-Encoding: chunked\r\n\r\n",
        ]
        sock.sendall(chance.choice(starts) + chance.randbytes(chance.randrange(2000)))

    with Server({"*": noise}) as server, Web(replace(WRONG, most_retries=0), tmp_path) as web:
        found = list(web.fetch_all([(f"{server.url}/{n}", None) for n in range(100)]))
    assert len(found) == 100
    reasons = {outcome.reason for _, outcome in found if isinstance(outcome, NotAnArticle)}
    assert reasons <= {*WEB_REASONS, "too_large"}


def test_all_of_it_at_once_from_many_hosts_ends_page_by_page(tmp_path: Path) -> None:
    with bounded_memory(200 << 20), Web(WRONG, tmp_path) as web:
        servers = [
            Server({f"/{n}": response for n, (response, _) in enumerate(WRONGS.values())}) for _ in range(4)
        ]
        for server in servers:
            server.__enter__()
        names = list(range(len(WRONGS)))
        asked = [(f"{servers[n % 4].url}/{n}", None) for n in names]
        outcomes = [outcome for _, outcome in web.fetch_all(asked)]
        for server in servers:
            server.__exit__()
    assert len(outcomes) == len(WRONGS)
    assert all(isinstance(outcome, NotAnArticle) for outcome in outcomes)


def test_large_pages_of_eight_hosts_at_once_fit_into_memory() -> None:
    page = os.urandom(1 << 20) * 12
    servers = [Server({"*": answer(page)}) for _ in range(8)]
    for server in servers:
        server.__enter__()
    asked = [(f"{server.url}/{n}", None) for n in range(2) for server in servers]
    with bounded_memory(400 << 20), Web(FAST, None) as web:
        sizes = [len(outcome.content) for _, outcome in web.fetch_all(asked) if isinstance(outcome, Fetched)]
    for server in servers:
        server.__exit__()
    assert sizes == [len(page)] * 16
