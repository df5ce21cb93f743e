"""Runs over addresses and feeds, against a real server on loopback."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest

from flows.cli import main
from flows.ingest import ingest_directly
from flows.parameters import RunParameters
from pipeline.store import held
from pipeline.tables import Run
from pipeline.verify import problems
from tests.flows.command import begun
from tests.reading.web.servers import FAST, Request, Server, answer
from tests.stories import ROOT, files

LINES = [
    "तारा टेक लिमिटेड ने पुणे के कारखाने में {} करोड़ रुपये लगाने की बात कही है।",
    "नीम कैपिटल ने इंदौर की दवा कंपनी में {} करोड़ रुपये का हिस्सा लिया और बोर्ड में जगह पाई।",
    "राज्य सरकार ने पुल की मरम्मत के लिए {} करोड़ रुपये दिए और ठेका स्थानीय कंपनी को मिला।",
]
MORE = "काम अगले साल शुरू होगा और पूरा होने में दो साल लगेंगे। अधिकारियों ने कहा कि लोगों को रोजगार भी मिलेगा।"
FEED = '"feed-1"'


def page(number: int, *, day: str | None = "2025-12-2{}") -> str:
    said = LINES[number - 1].format(10 * number)
    dated = (
        f"<meta property='article:published_time' content='{day.format(number)}T10:00:00+05:30'>"
        if day
        else ""
    )
    title = f"<title>{number} करोड़ की खबर</title><h1>{number}0 करोड़ रुपये की खबर</h1>"
    return f"<!DOCTYPE html><html lang=hi><head><meta charset=utf-8>{dated}</head><body><article>{title}<p>{said}</p><p>{MORE} {said}</p></article></body></html>"


def rss(root: str, *names: str) -> str:
    entries = "".join(
        f"<item><title>{name}</title><link>{root}/{name}</link><pubDate>Thu, 25 Dec 2025 10:30:00 +0530</pubDate></item>"
        for name in names
    )
    return f"<rss version='2.0'><channel><title>नमूना समाचार</title>{entries}</channel></rss>"


def feed(body: str) -> Callable[[socket.socket, Request], None]:
    """A feed that knows what has not changed."""

    def serve(sock: socket.socket, request: Request) -> None:
        same = request.headers.get("if-none-match") == FEED
        sock.sendall(
            answer("", "304 Not Modified", None, ETag=FEED)
            if same
            else answer(body, kind="application/rss+xml", ETag=FEED)
        )

    return serve


@pytest.fixture
def site() -> Iterator[Server]:
    """A feed that names three pages."""
    with Server({f"/{number}": answer(page(number)) for number in (1, 2, 3)}) as server:
        server.routes["/feed.xml"] = feed(rss(server.url, "1", "2", "3"))
        yield server


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No politeness towards ourselves."""
    monkeypatch.setattr("flows.ingest.settings", lambda user_agent, allow_private: FAST)


def ran(out: Path, *inputs: str, **more: object) -> Run:
    words = {"inputs": list(inputs), "out": out, "date": "2026-01-01", "allow_private": True, **more}
    return ingest_directly(RunParameters.model_validate(words))


def counts(run: Run) -> tuple[int, int, int, int, int]:
    return run.n_read, run.n_written, run.n_unchanged, run.n_duplicates, run.n_rejected


def test_a_feed_brings_its_pages_and_asks_only_for_itself_when_nothing_is_new(
    site: Server, quick: None, tmp_path: Path
) -> None:
    assert counts(ran(tmp_path / "out", f"{site.url}/feed.xml")) == (3, 3, 0, 0, 0)
    assert sorted(site.paths()) == ["/1", "/2", "/3", "/feed.xml"]
    before, asked = files(tmp_path / "out"), len(site.requests)
    assert counts(ran(tmp_path / "out", f"{site.url}/feed.xml")) == (3, 0, 3, 0, 0)
    assert [request.path for request in site.requests[asked:]] == ["/feed.xml"]
    assert site.requests[-1].headers["if-none-match"] == FEED
    assert files(tmp_path / "out") == before
    stored = pd.read_parquet(tmp_path / "out" / "articles")
    assert sorted(stored["url"]) == [f"{site.url}/{number}" for number in (1, 2, 3)]
    assert sorted(pd.read_parquet(tmp_path / "out" / "amounts")["inr_crore_min"]) == sorted([10, 20, 30] * 3)


def test_what_was_fetched_reads_again_from_its_archive_as_the_same_articles(
    site: Server, quick: None, tmp_path: Path
) -> None:
    ran(tmp_path / "out", f"{site.url}/feed.xml")
    asked = len(site.requests)
    run = ran(tmp_path / "other", str(tmp_path / "out" / "_ledger" / "web" / "*.warc.gz"))
    assert counts(run) == (3, 3, 0, 0, 0)
    first, second = (
        pd.read_parquet(tmp_path / name / "articles").sort_values("article_id", ignore_index=True)
        for name in ("out", "other")
    )
    pd.testing.assert_frame_equal(first.drop(columns="publisher"), second.drop(columns="publisher"))
    assert set(first["publisher"]) == {"नमूना समाचार"} and second["publisher"].isna().all()
    assert len(site.requests) == asked


def test_several_feeds_are_read_as_one_and_each_page_once(site: Server, quick: None, tmp_path: Path) -> None:
    site.routes["/more.xml"] = answer(rss(site.url, "3", "gone"), kind="application/rss+xml")
    run = ran(tmp_path, f"{site.url}/feed.xml", str(tmp_path / "none.txt"), f"{site.url}/more.xml")
    assert counts(run) == (6, 3, 0, 1, 2)
    rejects = pd.read_parquet(tmp_path / "rejects").set_index("reason")["source_uri"]
    assert rejects["http_error"] == f"{site.url}/gone" and rejects["not_found"].endswith("none.txt")


def test_hosts_on_this_machine_are_refused_unless_they_are_allowed(site: Server, tmp_path: Path) -> None:
    assert counts(ran(tmp_path, f"{site.url}/1", allow_private=False)) == (1, 0, 0, 0, 1)
    assert list(pd.read_parquet(tmp_path / "rejects")["reason"]) == ["private_address"]
    assert site.requests == []


def test_a_page_that_could_not_be_got_is_fetched_when_rejects_are_tried_again(
    site: Server, quick: None, tmp_path: Path
) -> None:
    good = site.routes["/2"]
    site.routes["/2"] = answer("busy", "404 Not Found")
    assert counts(ran(tmp_path, f"{site.url}/feed.xml")) == (3, 2, 0, 0, 1)
    assert counts(ran(tmp_path, retry_rejects=True)) == (1, 0, 0, 0, 1)
    site.routes["/2"] = good
    assert counts(ran(tmp_path, retry_rejects=True)) == (1, 1, 0, 0, 0)
    assert counts(ran(tmp_path, retry_rejects=True)) == (0, 0, 0, 0, 0)
    with held(tmp_path) as store:
        assert list(problems(store)) == []


def test_the_body_of_a_page_that_is_no_article_is_kept_and_read_again_without_a_request(
    site: Server, quick: None, tmp_path: Path
) -> None:
    site.routes["/4"] = answer("<!DOCTYPE html><html><body><p></p></body></html>")
    ran(tmp_path, f"{site.url}/4")
    asked = len(site.requests)
    assert counts(ran(tmp_path, retry_rejects=True)) == (1, 0, 0, 0, 1)
    assert len(site.requests) == asked
    assert len(set(pd.read_parquet(tmp_path / "rejects")["payload_path"])) == 1


def test_killed_between_pages_and_run_again_the_tables_are_those_of_a_calm_run(
    site: Server, quick: None, environment: dict[str, str], tmp_path: Path
) -> None:
    calm, killed = tmp_path / "calm", tmp_path / "killed"
    ran(calm, f"{site.url}/feed.xml", batch_size=1)
    third, free = site.routes["/3"], threading.Event()
    site.routes["/3"] = lambda sock, request: free.wait(60) and None
    words = ["run", f"{site.url}/feed.xml", "--out", str(killed), "--batch-size", "1", "--date", "2026-01-01"]
    process = begun(environment, *words, "--direct", "--allow-private")
    while not list(killed.glob("articles/*/*.parquet")):
        assert process.poll() is None, process.communicate()
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    free.set()
    site.routes["/3"] = third
    assert 0 < len(list(killed.glob("articles/*/*.parquet"))) < 3
    asked = len(site.requests)
    assert counts(ran(killed, f"{site.url}/feed.xml", batch_size=1))[0] == 3
    assert [request.path for request in site.requests[asked:]] == ["/feed.xml", "/3"]
    assert files(killed) == files(calm)


def test_analyse_fetches_one_page_and_stores_nothing(
    site: Server, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("signal.signal", lambda *_: None)  # of the test itself
    assert main(["analyse", f"{site.url}/1", "--allow-private", "--format", "json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["article"]["url"] == f"{site.url}/1" and shown["amounts"]
    assert site.paths() == ["/1"] and list(tmp_path.iterdir()) == []
    for url, complaint in ((f"{site.url}/1", "public internet"), (f"{site.url}/feed.xml", "several")):
        words = ["--allow-private"] if complaint == "several" else []
        assert main(["analyse", url, *words]) == 1
        errors = capsys.readouterr().err
        assert errors.startswith("khabar: ") and errors.count("\n") == 1 and complaint in errors
    assert set(site.paths()) == {"/1", "/feed.xml"}


def test_a_run_that_meets_no_address_makes_no_web_client(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(LINES[0].format(3), "utf-8")
    code = (
        "import sys; from flows.ingest import ingest_directly; from flows.parameters import RunParameters;"
        f"ingest_directly(RunParameters(inputs=[{str(tmp_path / 'a.txt')!r}], out={str(tmp_path / 'out')!r}));"
        "print('pipeline.reading.web.client' in sys.modules, 'fastwarc' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert done.stdout.split() == ["False", "False"]
    assert not (tmp_path / "out" / "_ledger" / "web").exists()
