"""The archive survives kills, full disks and other processes: what is remembered can be read."""

import datetime as dt
import gzip
import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading.web import archive as module
from pipeline.reading.web.archive import Archive
from pipeline.reading.web.exchange import Answer
from pipeline.reading.web.memory import Memory

ROOT = Path(__file__).parents[3]
AT = dt.datetime(2026, 11, 22, 12, 30, 15, tzinfo=dt.UTC)


def page(body: bytes, url: str = "http://x/", at: dt.datetime = AT, **headers: str) -> Answer:
    return Answer(
        httpx.URL(url), at, 200, "OK", httpx.Headers(headers or {"Content-Type": "text/html"}), body
    )


def unknown(name: str) -> int:
    return 0


def test_a_response_is_read_as_it_was_appended(tmp_path: Path) -> None:
    archive = Archive(tmp_path, unknown)
    places = [archive.append("http://x/", page(body)) for body in (b"", "खबर".encode(), os.urandom(100_000))]
    for place, size in zip(places, (0, 9, 100_000), strict=True):
        kept = archive.read(place.file, place.start)
        assert kept is not None
        assert (kept.url, kept.at, kept.content_type, len(kept.content)) == (
            "http://x/",
            AT,
            "text/html",
            size,
        )


@given(
    st.binary(max_size=500),
    st.dictionaries(st.from_regex(r"[A-Za-z-]{1,10}", fullmatch=True), st.binary(max_size=30)),
)
@settings(max_examples=25, deadline=None)
def test_no_header_and_no_body_can_break_a_record(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, headers: dict[str, bytes]
) -> None:
    archive = Archive(tmp_path_factory.mktemp("archive"), unknown)
    raw = httpx.Headers([(name.encode(), value) for name, value in headers.items()])
    place = archive.append("http://x/", Answer(httpx.URL("http://x/"), AT, 200, "", raw, body))
    kept = archive.read(place.file, place.start)
    archive.close()
    assert kept is not None
    assert kept.content == body


def test_each_day_has_a_file_and_a_full_one_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LARGEST", 50_000)
    archive = Archive(tmp_path, unknown)
    files = [archive.append("http://x/", page(os.urandom(30_000))).file for _ in range(4)]
    files.append(archive.append("http://x/", page(b"", at=AT + dt.timedelta(days=1))).file)
    assert files == ["20261122-001.warc.gz"] * 2 + ["20261122-002.warc.gz"] * 2 + ["20261123-001.warc.gz"]


def test_a_later_run_goes_on_with_the_file_of_the_day(tmp_path: Path) -> None:
    for _ in range(2):
        archive = Archive(tmp_path, unknown)
        archive.append("http://x/", page(b"x"))
        archive.close()
    (path,) = tmp_path.iterdir()
    assert gzip.decompress(path.read_bytes()).count(b"WARC-Type: response") == 2


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("torn", ["cut", "zeros", "noise"])
def test_a_torn_end_is_cut_off_and_nothing_whole_is_lost(torn: str, known: bool, tmp_path: Path) -> None:
    archive = Archive(tmp_path, unknown)
    one, two = archive.append("http://x/1", page(b"one")), archive.append("http://x/2", page(b"two" * 999))
    archive.close()
    path = tmp_path / one.file
    whole = path.read_bytes()
    tail = {"cut": whole[two.start : two.end - 5], "zeros": bytes(4096), "noise": os.urandom(700)}[torn]
    path.write_bytes(whole + tail)
    archive = Archive(tmp_path, lambda name: one.end if known else 0)
    three = archive.append("http://x/3", page(b"three"))
    assert three.start == two.end
    contents = [
        kept.content for place in (one, two, three) if (kept := archive.read(place.file, place.start))
    ]
    assert contents == [b"one", b"two" * 999, b"three"]
    assert gzip.decompress(path.read_bytes()).count(b"WARC-Type: response") == 3


def test_a_file_shorter_than_remembered_is_looked_through_from_its_beginning(tmp_path: Path) -> None:
    archive = Archive(tmp_path, lambda name: 1 << 30)
    place = archive.append("http://x/", page(b"x"))
    assert archive.read(place.file, place.start)


@pytest.mark.parametrize("start", [0, 1, 100, 10**9])
def test_where_no_response_begins_there_is_none(start: int, tmp_path: Path) -> None:
    archive = Archive(tmp_path, unknown)
    name = archive.append("http://x/", page(b"x")).file
    assert archive.read(name, start) is None
    assert archive.read("nothing.warc.gz", start) is None


def test_two_processes_write_two_files(tmp_path: Path) -> None:
    mine, other = Archive(tmp_path, unknown), Archive(tmp_path, unknown)
    places = [archive.append("http://x/", page(b"x")) for archive in (mine, other, mine, other)]
    assert [place.file[-11:] for place in places] == ["001.warc.gz", "002.warc.gz"] * 2
    assert all(mine.read(place.file, place.start) for place in places)


def test_a_disk_that_is_full_leaves_no_half_record(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = Archive(tmp_path, unknown)
    one = archive.append("http://x/", page(b"one"))

    def full(handle: int) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", full)
        with pytest.raises(OSError, match="No space left"):
            archive.append("http://x/", page(b"two"))
    assert (tmp_path / one.file).stat().st_size == one.end
    assert archive.append("http://x/", page(b"three")).start == one.end


WRITER = """
    import itertools, os, sys
    from pathlib import Path
    import httpx, datetime as dt
    from pipeline.reading.web.archive import Archive
    from pipeline.reading.web.exchange import Answer
    from pipeline.reading.web.memory import Memory, Page

    folder = Path(sys.argv[1])
    memory = Memory(folder / "memory.sqlite")
    archive = Archive(folder, memory.size)
    for n in itertools.count():
        url = f"http://x/{os.getpid()}/{n}"
        at = dt.datetime(2026, 11, 22, tzinfo=dt.UTC)
        place = archive.append(url, Answer(httpx.URL(url), at, 200, "OK", httpx.Headers(), os.urandom(60_000)))
        memory.keep_size(place.file, place.end)
        memory.keep_page(Page(url, url, None, None, "", "", place.file, place.start))
        print(url, flush=True)
"""


def test_a_run_that_is_killed_at_any_moment_leaves_all_it_remembers_readable(tmp_path: Path) -> None:
    remembered: list[str] = []
    for _ in range(2):
        command = [sys.executable, "-c", textwrap.dedent(WRITER), str(tmp_path)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            remembered += [process.stdout.readline().strip() for _ in range(5)]
            time.sleep(0.013)
            process.send_signal(signal.SIGKILL)
            remembered += process.stdout.read().split()
    memory = Memory(tmp_path / "memory.sqlite")
    archive = Archive(tmp_path, memory.size)
    archive.append("http://x/last", page(b"last", "http://x/last"))
    for url in remembered:
        known = memory.page(url)
        assert known is not None
        kept = archive.read(known.file, known.start)
        assert kept is not None
        assert (kept.url, len(kept.content)) == (url, 60_000)
    plain = b"".join(gzip.decompress(path.read_bytes()) for path in tmp_path.glob("*.warc.gz"))
    assert plain.count(b"WARC-Type: response") >= len(remembered) + 1
