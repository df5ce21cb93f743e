"""What is remembered between runs: pages are replayed, asked for on condition, and never lost."""

import datetime as dt
import gzip
import socket
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastwarc.warc import ArchiveIterator, WarcRecordType

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web import Fetched, Web
from pipeline.reading.web.addresses import LONGEST
from pipeline.reading.web.archive import Archive
from pipeline.reading.web.exchange import Answer
from pipeline.reading.web.memory import Memory
from tests.reading.web.servers import FAST, Handler, Request, Server, answer

STAMPED = answer(
    "old", ETag='"1"', Last_Modified="Sun, 22 Nov 2026 12:00:00 GMT", kind="text/html; charset=utf-8"
)


def conditional(body: str, etag: str) -> Handler:
    """Answers 304 to those who have this state of the page."""

    def serve(sock: socket.socket, request: Request) -> None:
        same = request.headers.get("if-none-match") == etag
        said = answer("", "304 Not Modified", kind=None, ETag=etag, Connection="close")
        sock.sendall(said if same else answer(body, ETag=etag, Connection="close"))

    return serve


def test_a_page_that_has_not_changed_is_replayed_as_it_was_first_had(tmp_path: Path) -> None:
    with Server({"/a": conditional("खबर", '"1"')}) as server:
        with Web(FAST, tmp_path) as web:
            first = web.fetch(server.url + "/a")
        time.sleep(1.1)
        with Web(FAST, tmp_path) as web:
            again = web.fetch(server.url + "/a")
    assert again == replace(first, fresh=False)
    assert len(server.paths()) == 2


def test_a_page_that_has_changed_is_had_anew(tmp_path: Path) -> None:
    with Server({"/a": conditional("old", '"1"')}) as server, Web(FAST, tmp_path) as web:
        web.fetch(server.url + "/a")
        server.routes["/a"] = conditional("new", '"2"')
        assert (web.fetch(server.url + "/a").content, web.fetch(server.url + "/a").fresh) == (b"new", False)


def test_both_marks_of_a_page_are_sent_back_and_only_to_the_address_that_gave_them(tmp_path: Path) -> None:
    with (
        Server({"/a": answer("", "302 Found", Location="/b"), "/b": STAMPED}) as server,
        Web(FAST, tmp_path) as web,
    ):
        web.fetch(server.url + "/a")
        web.fetch(server.url + "/a")
        *_, to_a, to_b = server.requests
    assert "if-none-match" not in to_a.headers
    assert to_b.headers["if-none-match"] == '"1"'
    assert to_b.headers["if-modified-since"] == "Sun, 22 Nov 2026 12:00:00 GMT"


def test_the_same_bytes_again_are_the_same_page_also_without_marks(tmp_path: Path) -> None:
    with Server({"/a": answer("x")}) as server, Web(FAST, tmp_path) as web:
        first = web.fetch(server.url + "/a")
        assert web.fetch(server.url + "/a") == replace(first, fresh=False)
    assert len(records(tmp_path)) == 1


@pytest.mark.parametrize("stamp", ["2026-11-22T10:00:00Z", "", "ख"])
def test_a_page_with_the_stamp_it_had_is_not_asked_for(stamp: str, tmp_path: Path) -> None:
    with Server({"/a": STAMPED}) as server:
        with Web(FAST, tmp_path) as web:
            assert web.fetch(server.url + "/a", stamp=stamp).fresh
        before = len(server.requests)
        with Web(FAST, tmp_path) as web:
            again = web.fetch(server.url + "/a", stamp=stamp)
        assert (again.content, again.charset, again.content_type, again.fresh) == (
            b"old",
            "utf-8",
            "text/html",
            False,
        )
        assert len(server.requests) == before, "not even for robots.txt"


def test_a_page_with_another_stamp_is_asked_for_and_the_stamp_remembered(tmp_path: Path) -> None:
    with Server({"/a": conditional("x", '"1"')}) as server:
        for stamp in ("1", "2", "2", None, "2", "3"):
            with Web(FAST, tmp_path) as web:
                web.fetch(server.url + "/a", stamp=stamp)
        assert len(server.paths()) == 4


def test_a_page_that_two_feeds_stamp_in_two_ways_is_asked_for_once(tmp_path: Path) -> None:
    with Server({"/a": answer("x")}) as server:
        for _ in range(3):
            with Web(FAST, tmp_path) as web:
                for stamp in ("monday", "1766640600"):
                    assert web.fetch(server.url + "/a", stamp=stamp).content == b"x"
        assert len(server.paths()) == 1


def test_a_stamp_that_a_page_had_before_it_changed_says_nothing_of_it_now(tmp_path: Path) -> None:
    with Server() as server:
        for stamp, body in (("1", "a"), ("2", "b"), ("1", "c")):
            server.routes["/a"] = answer(body)
            with Web(FAST, tmp_path) as web:
                assert web.fetch(server.url + "/a", stamp=stamp).content == body.encode()


def test_a_page_in_the_archive_is_not_asked_for_when_no_revisit_is_wanted(tmp_path: Path) -> None:
    with Server({"/a": answer("x")}) as server, Web(FAST, tmp_path) as web:
        web.fetch(server.url + "/a", revisit=False)
        assert not web.fetch(server.url + "/a", revisit=False).fresh
        assert len(server.paths()) == 1


def test_a_refusal_does_not_stop_a_later_run_from_trying_again(tmp_path: Path) -> None:
    with Server({"/a": answer("", "404 Not Found")}) as server:
        for _ in range(2):
            with Web(FAST, tmp_path) as web, pytest.raises(NotAnArticle):
                web.fetch(server.url + "/a", stamp="1", revisit=False)
        server.routes["/a"] = answer("x")
        with Web(FAST, tmp_path) as web:
            assert web.fetch(server.url + "/a", stamp="1", revisit=False).content == b"x"


def test_a_page_that_is_gone_is_refused_though_it_is_in_the_archive(tmp_path: Path) -> None:
    with Server({"/a": STAMPED}) as server:
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/a", stamp="1")
        server.routes["/a"] = answer("", "410 Gone")
        with Web(FAST, tmp_path) as web:
            with pytest.raises(NotAnArticle):
                web.fetch(server.url + "/a", stamp="2")
            assert web.fetch(server.url + "/a", revisit=False).content == b"old"


def test_a_feed_with_nothing_new_makes_no_page_request_and_ends_at_once(tmp_path: Path) -> None:
    pages = {f"/{n}": answer(f"खबर {n}") for n in range(80)}
    with Server({"/feed": conditional("feed", '"1"'), **pages}) as server:
        asked = [(f"{server.url}/{n}", f"stamp {n}") for n in range(80)]
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/feed")
            first = [outcome for _, outcome in web.fetch_all(asked)]
        before, began = len(server.requests), time.monotonic()
        with Web(replace(FAST, delay=1), tmp_path) as web:
            web.fetch(server.url + "/feed")
            again = [outcome for _, outcome in web.fetch_all(asked)]
        assert time.monotonic() - began < 3
        assert [request.path for request in server.requests[before:]] == ["/feed"]
    assert again == [replace(outcome, fresh=False) for outcome in first if isinstance(outcome, Fetched)]


@pytest.mark.parametrize("damage", ["gone", "empty", "cut", "noise"])
def test_a_page_whose_archive_is_damaged_is_asked_for_without_condition(damage: str, tmp_path: Path) -> None:
    with Server({"/a": STAMPED}) as server:
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/a", stamp="1")
        (archive,) = tmp_path.glob("*.warc.gz")
        whole = archive.read_bytes()
        if damage == "gone":
            archive.unlink()
        else:
            archive.write_bytes({"empty": b"", "cut": whole[:-30], "noise": b"x" * len(whole)}[damage])
        for fresh in (True, False):
            with Web(FAST, tmp_path) as web:
                found = web.fetch(server.url + "/a", stamp="1")
            assert (found.content, found.fresh) == (b"old", fresh)
        assert "if-none-match" not in server.requests[-1].headers


def records(folder: Path) -> list[tuple[str, int | None, bytes]]:
    """Address, status and body of all responses in the archive."""
    found = []
    for path in sorted(folder.glob("*.warc.gz")):
        with path.open("rb") as file:
            for record in ArchiveIterator(file, record_types=WarcRecordType.response, verify_digests=True):
                status = record.http_headers.status_code
                found.append((record.headers["WARC-Target-URI"], status, record.reader.read()))
    return found


def test_every_final_answer_is_in_the_archive_as_it_was_unpacked(tmp_path: Path) -> None:
    packed = answer(gzip.compress("खबर".encode()), Content_Encoding="gzip", kind="text/html; charset=utf-8")
    routes = {
        "/a": packed,
        "/gone": answer("nothing", "410 Gone"),
        "/old": answer("", "301 Moved", Location="/b"),
    }
    with Server({**routes, "/b": packed}) as server, Web(FAST, tmp_path) as web:
        list(web.fetch_all([(server.url + path, None) for path in ("/a", "/gone", "/old")]))
        url = server.url
    assert records(tmp_path) == [
        (url + "/a", 200, "खबर".encode()),
        (url + "/gone", 410, b"nothing"),
        (url + "/b", 200, "खबर".encode()),
    ]
    (archive,) = tmp_path.glob("*.warc.gz")
    plain = gzip.decompress(archive.read_bytes())
    assert b"bodies are kept as unpacked" in plain
    assert b"\r\nX-Crawler-Content-Encoding: gzip\r\n" in plain
    assert b"\r\nContent-Encoding:" not in plain
    assert f"\r\nKhabar-Asked-URI: {url}/old\r\n".encode() in plain


def test_without_a_folder_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with Server({"/a": STAMPED}) as server, Web(FAST, None) as web:
        assert web.fetch(server.url + "/a", stamp="1").fresh
        assert web.fetch(server.url + "/a", stamp="1", revisit=False).fresh
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("mark", ["é", "x" * 5000, "a\tb"])
def test_a_mark_that_cannot_be_sent_back_does_not_cost_the_page(mark: str, tmp_path: Path) -> None:
    with Server({"/a": answer("page", ETag=f'"{mark}"', Last_Modified=mark)}) as server:
        for _ in range(3):
            with Web(FAST, tmp_path) as web:
                assert web.fetch(server.url + "/a").content == b"page"
        assert "if-none-match" not in server.requests[-1].headers


def test_another_page_where_an_archive_was_lost_is_never_taken_for_the_one_remembered(tmp_path: Path) -> None:
    with Server({"/a": answer("PAGE A"), "/b": answer("PAGE B")}) as server:
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/a")
        (page,) = [Memory(tmp_path / "memory.sqlite").page(server.url + "/a")]
        assert page is not None
        for path in tmp_path.glob("*.gz"):
            path.unlink()
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/b")
        memory = Memory(tmp_path / "memory.sqlite")
        other = memory.page(server.url + "/b")
        assert other is not None
        memory.keep_page(page._replace(file=other.file, start=other.start))
        memory.close()
        with Web(FAST, tmp_path) as web:
            assert web.fetch(server.url + "/a", revisit=False).content == b"PAGE A"


def test_an_older_state_of_a_page_is_not_taken_for_the_one_remembered(tmp_path: Path) -> None:
    with Server({"/a": answer("old")}) as server:
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/a")
        memory = Memory(tmp_path / "memory.sqlite")
        old = memory.page(server.url + "/a")
        assert old is not None
        server.routes["/a"] = answer("new")
        with Web(FAST, tmp_path) as web:
            web.fetch(server.url + "/a")
        new = memory.page(server.url + "/a")
        assert new is not None
        memory.keep_page(new._replace(file=old.file, start=old.start))
        memory.close()
        with Web(FAST, tmp_path) as web:
            assert web.fetch(server.url + "/a", revisit=False).content == b"new"


@pytest.mark.parametrize("much", [{"X": "y" * 90_000}, {f"X-{number}": "y" * 100 for number in range(900)}])
def test_a_page_with_more_headers_than_an_archive_takes_is_replayed_all_the_same(
    much: dict[str, str], tmp_path: Path
) -> None:
    archive = Archive(tmp_path, lambda name: 0)
    long = "http://x/" + "a" * (LONGEST - 9)
    told = httpx.Headers({"Content-Type": "text/html", **much})
    kept = Answer(httpx.URL(long), dt.datetime(2026, 11, 22, tzinfo=dt.UTC), 200, "OK", told, b"x")
    place = archive.append(long[:-1] + "b", kept)
    again = archive.read(place.file, place.start)
    assert again is not None
    assert (again.url, again.content_type, again.content) == (long, "text/html", b"x")
