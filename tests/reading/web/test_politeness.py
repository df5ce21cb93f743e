"""One polite queue per host, several hosts at once, and patience with those that are busy."""

import datetime as dt
import itertools
import socket
import threading
import time
from collections.abc import Generator, Iterator
from dataclasses import replace
from email.utils import format_datetime
from pathlib import Path

import httpx
import pytest

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import Fetched, Web
from pipeline.reading.web.exchange import Answer
from pipeline.reading.web.hosts import Hosts
from pipeline.reading.web.lookahead import Lookahead
from pipeline.reading.web.patience import retry_after
from tests.reading.web.servers import FAST, Handler, Request, Server, answer


def slowly(seconds: float, then: bytes) -> Handler:
    def serve(sock: socket.socket, request: Request) -> None:
        time.sleep(seconds)
        sock.sendall(then)

    return serve


def failing(times: int, failure: bytes, then: bytes) -> Handler:
    """Fail so many times, then answer."""
    count = iter(range(1000))

    def serve(sock: socket.socket, request: Request) -> None:
        sock.sendall(failure if next(count) < times else then)

    return serve


def reason(web: Web, url: str) -> str:
    with pytest.raises(NotAnArticle) as caught:
        web.fetch(url)
    return caught.value.reason


def test_a_host_is_asked_one_thing_at_a_time_also_by_many_threads() -> None:
    with Server({"*": slowly(0.02, answer("x", Connection="close"))}) as server, Web(FAST, None) as web:
        threads = [threading.Thread(target=web.fetch, args=(f"{server.url}/{n}",)) for n in range(10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(10)
        assert len(server.paths()) == 10
        assert server.busiest == 1


def test_pages_come_in_the_order_asked_and_several_hosts_are_asked_at_once() -> None:
    slow = slowly(0.2, answer("x", Connection="close"))
    with Server({"*": slow}) as one, Server({"*": slow}) as two, Server({"*": slow}) as three:
        asked = [(f"{server.url}/{n}", None) for n in range(3) for server in (one, two, three)]
        with Web(FAST, None) as web:
            began = time.monotonic()
            found = list(web.fetch_all(asked))
            took = time.monotonic() - began
        assert [url for url, _ in found] == [url for url, _ in asked]
        assert all(isinstance(outcome, Fetched) and outcome.url == url for url, outcome in found)
        assert took < 9 * 0.2, "one after another they would take 1.8 s"
        assert one.busiest == two.busiest == three.busiest == 1


def test_no_more_hosts_are_asked_at_once_than_allowed() -> None:
    busy, busiest, lock = 0, 0, threading.Lock()

    def serve(sock: socket.socket, request: Request) -> None:
        nonlocal busy, busiest
        with lock:
            busy += 1
            busiest = max(busiest, busy)
        time.sleep(0.05)
        with lock:
            busy -= 1
        sock.sendall(answer("x", Connection="close"))

    servers = [Server({"*": serve}) for _ in range(6)]
    for server in servers:
        server.__enter__()
    with Web(replace(FAST, most_hosts=2), None) as web:
        assert len(list(web.fetch_all([(server.url, None) for server in servers]))) == 6
    for server in servers:
        server.__exit__()
    assert busiest == 2


def test_a_slow_host_does_not_hold_up_the_others() -> None:
    with Server({"*": slowly(1, answer("slow"))}) as slow, Server({"*": answer("fast")}) as fast:
        pages = [(slow.url, None)] + [(f"{fast.url}/{n}", None) for n in range(20)]
        with Web(FAST, None) as web:
            found = web.fetch_all(pages)
            assert next(found)[0] == slow.url
            assert len(fast.paths()) == 20, "they were had while the first was waited for"
            assert len(list(found)) == 20


def test_pages_are_asked_for_lazily_and_not_after_the_caller_has_had_enough() -> None:
    pulled: list[int] = []

    def endless(url: str) -> Iterator[tuple[str, None]]:
        for n in range(1_000_000):
            pulled.append(n)
            yield f"{url}/{n}", None

    with Server({"*": slowly(0.01, answer("x", Connection="close"))}) as server, Web(FAST, None) as web:
        found = web.fetch_all(endless(server.url))
        assert isinstance(found, Generator)
        assert not pulled
        for _ in range(3):
            next(found)
        found.close()
        time.sleep(0.1)
        asked = len(server.paths())
        time.sleep(0.1)
        assert len(server.paths()) == asked
        assert len(pulled) < 300


def test_what_the_source_of_pages_raises_comes_through() -> None:
    def broken() -> Iterator[tuple[str, None]]:
        yield "foo", None
        raise KeyError("broken")

    with Web(FAST, None) as web:
        found = web.fetch_all(broken())
        with pytest.raises(KeyError):
            list(found)


def test_what_is_done_ahead_stays_within_bounds_of_memory() -> None:
    held, most, lock = 0, 0, threading.Lock()

    def work(page: int) -> bytes:
        nonlocal held, most
        time.sleep(0.2 if page == 0 else 0)
        with lock:
            held += 1
            most = max(most, held)
        return bytes(1)

    ahead = Lookahead(work, queue=lambda page: str(page % 7), size=lambda result: 20 << 20)
    pages = []
    for page, _ in ahead.results(range(60), 4):
        pages.append(page)
        with lock:
            held -= 1
    assert pages == list(range(60))
    assert most <= 2 + 4, "32 MB of 20 MB each, and what the four were at"


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again_and_the_page_is_had(status: int) -> None:
    busy = failing(2, answer("", f"{status} Busy", Connection="close"), answer("x", Connection="close"))
    with Server({"/": busy}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url).content == b"x"
        assert len(server.paths()) == 3


def test_a_server_that_stays_busy_is_asked_so_many_times_and_no_more() -> None:
    with Server({"/": answer("", "503 Busy")}) as server, Web(replace(FAST, most_retries=2), None) as web:
        assert reason(web, server.url) == "http_error"
        assert len(server.paths()) == 3


def test_each_retry_waits_longer() -> None:
    with Server({"/": answer("", "503 Busy")}) as server:
        with Web(replace(FAST, back_off=0.1, most_retries=3), None) as web:
            assert reason(web, server.url) == "http_error"
        times = [request.at for request in server.requests[1:]]
    waits = [later - earlier for earlier, later in itertools.pairwise(times)]
    assert all(0.05 * 2**n <= wait < 0.1 * 2**n + 1 for n, wait in enumerate(waits))


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_server_that_says_when_to_come_back_is_asked_then(form: str) -> None:
    def later() -> str:
        moment = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=2)
        return "1" if form == "seconds" else format_datetime(moment, usegmt=True)

    count = iter(range(10))

    def serve(sock: socket.socket, request: Request) -> None:
        busy = answer("", "429 Slow down", Retry_After=later(), Connection="close")
        sock.sendall(busy if next(count) == 0 else answer("x", Connection="close"))

    with Server({"/": serve}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url).content == b"x"
        first, second = [request.at for request in server.requests if request.path == "/"]
    assert 0.9 <= second - first < 4


def test_a_host_that_wants_a_long_rest_is_asked_nothing_more() -> None:
    with Server({"/a": answer("", "503 Busy", Retry_After=3600), "*": answer("x")}) as server:
        with Web(FAST, None) as web:
            assert reason(web, server.url + "/a") == "http_error"
            assert reason(web, server.url + "/b") == "http_error"
        assert server.paths() == ["/a"]


def test_a_host_without_connection_is_not_dialled_for_every_page_of_it() -> None:
    with Server() as server:
        url = server.url
    with Web(replace(FAST, back_off=0.1), None) as web:
        began = time.monotonic()
        outcomes = [outcome for _, outcome in web.fetch_all([(f"{url}/{n}", None) for n in range(50)])]
    assert {outcome.reason for outcome in outcomes if isinstance(outcome, NotAnArticle)} == {"unreachable"}
    assert time.monotonic() - began < 3


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        *[("120", 120), ("0", 0), (" 7 ", 7), ("9" * 5000, 999999999)],
        *[("Sun, 22 Nov 2026 12:01:00 GMT", 60), ("Sun, 22 Nov 2020 12:00:00 GMT", 0)],
        *[("soon", None), ("", None), ("-3", None), ("१२", None), ("Sun, 99 Nov 2026 99:00:00 GMT", None)],
    ],
)
def test_retry_after_is_understood_as_a_number_and_as_a_date(said: str, seconds: float | None) -> None:
    at = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    headers = httpx.Headers([(b"Retry-After", said.encode())])
    assert retry_after(Answer(httpx.URL("http://x/"), at, 503, "", headers, b"")) == seconds


def test_closing_the_client_ends_all_waiting(tmp_path: Path) -> None:
    def never(sock: socket.socket, request: Request) -> None:
        time.sleep(20)

    with Server({"/hang": never, "*": answer("x")}) as server:
        web = Web(replace(FAST, seconds=30, delay=30), tmp_path)
        ended: list[str] = []

        def fetch(path: str) -> None:
            try:
                web.fetch(server.url + path)
            except Exception as error:
                ended.append(type(error).__name__)

        threads = [threading.Thread(target=fetch, args=(path,)) for path in ("/hang", "/b")]
        for thread in threads:
            thread.start()
        time.sleep(0.3)
        web.__exit__(None, None, None)
        for thread in threads:
            thread.join(5)
        assert len(ended) == 2


@pytest.mark.parametrize("when", ["in its turn", "while another waits"])
def test_a_pause_that_a_host_asks_for_holds_for_all_who_wait(when: str) -> None:
    hosts, began = Hosts(), time.monotonic()
    asked: list[float] = []

    def second() -> None:
        with hosts.turn("a", 0.05):
            asked.append(time.monotonic() - began)

    with hosts.turn("a", 0.2):
        waiting = threading.Thread(target=second)
        waiting.start()
        if when == "in its turn":
            hosts.pause("a", 0.6)
    if when == "while another waits":
        time.sleep(0.05)
        hosts.pause("a", 0.6)
    waiting.join()
    assert asked[0] >= 0.6
