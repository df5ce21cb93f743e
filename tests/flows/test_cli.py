"""The command line, run as a user runs it."""

import csv
import io
import json
import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from flows import cli
from pipeline.store import opened
from pipeline.verify import problems
from tests.flows.command import khabar as khabar_command
from tests.stories import ROOT, SHARED, files

TEXT = " date 2025-12-25 पुणे की तारा टेक लिमिटेड ने करीब ₹2.6 करोड़ जुटाए."


@pytest.fixture
def khabar(environment: dict[str, str], tmp_path: Path):  # type: ignore[no-untyped-def]  # a function of any words
    def run(*words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        return khabar_command({**environment, "COLUMNS": "200"}, *words, stdin=stdin)

    return run


COMMANDS = [
    "run",
    "analyse",
    "query",
    "status",
    "rejects",
    "verify",
    "compact",
    "rates",
    "schedule",
    "trigger",
]


@pytest.mark.parametrize("command", COMMANDS)
def test_each_command_explains_itself_with_an_example(khabar, command: str) -> None:
    shown = khabar(command, "--help")
    assert shown.returncode == 0
    assert f"example: khabar {command}" in " ".join(shown.stdout.split())


def test_a_command_that_ends_with_a_sentence_has_failed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    gone = SimpleNamespace(verify=lambda options: sys.exit("the disk is gone"))
    monkeypatch.setattr(cli, "import_module", lambda name: gone)
    assert cli.main(["verify"]) == 1
    assert capsys.readouterr().err == "khabar: the disk is gone\n"


def test_help_is_instant(khabar) -> None:
    def seconds() -> float:
        began = time.perf_counter()
        assert khabar("--help").returncode == 0
        return time.perf_counter() - began

    assert min(seconds() for _ in range(5)) < 0.3


def test_analyse_prints_the_contracts_json(khabar) -> None:
    done = json.loads(khabar("analyse", "-", "--format", "json", stdin=TEXT).stdout)
    assert list(done) == ["article", "mentions", "amounts", "entities", "facts"]
    assert done["article"]["published_date"] == "2025-12-25"
    (amount,) = done["amounts"]
    assert (amount["text"], amount["amount_min"], amount["modifier"]) == ("₹2.6 करोड़", "26000000", "approx")
    assert amount["inr_crore_min"] == "2.6"


def test_analyse_shows_a_table_and_a_page(khabar) -> None:
    assert "तारा टेक लिमिटेड" in khabar("analyse", stdin=TEXT).stdout
    page = khabar("analyse", "--format", "html", stdin=TEXT).stdout
    assert page.startswith("<!doctype html>")
    assert re.search(r'<mark style="[^"]*" title="INR, ₹ 2.6 crore, approx[^"]*">₹2.6 करोड़</mark>', page)


def test_analyse_escapes_what_an_article_says(khabar) -> None:
    page = khabar(
        "analyse", "--format", "html", stdin="रवि ने <script>alert(1)</script> कहा और ₹5 करोड़ दिए."
    ).stdout
    assert "<script>" not in page


def test_analyse_says_in_one_line_what_is_wrong(khabar) -> None:
    for words, stdin in ((["analyse", "none.txt"], None), (["analyse", "-"], "\x00\x01\x02\x00")):
        failed = khabar(*words, stdin=stdin)
        assert failed.returncode == 1
        assert failed.stderr.count("\n") == 1 and failed.stderr.startswith("khabar: ")


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["fly"],
        ["run", "--workers", "0"],
        ["run", "--engine", "steam"],
        ["analyse", "-", "--date", "soon"],
    ],
)
def test_wrong_usage_exits_2(khabar, words: list[str]) -> None:
    assert khabar(*words).returncode == 2


def test_a_run_from_reading_to_querying(khabar, raw: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    first = khabar("run", str(raw), "--out", out, "--direct")
    assert first.returncode == 0, first.stderr
    assert "4 read: 3 written, 0 unchanged, 0 duplicates, 1 rejected" in first.stdout
    assert "picture.png" in first.stdout
    before = files(tmp_path / "out")
    again = khabar("run", str(raw), "--out", out, "--direct")
    assert "4 read: 0 written, 3 unchanged, 0 duplicates, 1 rejected" in again.stdout
    assert files(tmp_path / "out") == before
    assert "sound: 3 articles" in khabar("verify", "--out", out).stdout
    assert "completed" in khabar("status", "--out", out).stdout
    sql = "SELECT published_date, inr_crore_max FROM amounts ORDER BY 1"
    shown = json.loads(khabar("query", sql, "--out", out, "--format", "json").stdout)
    assert shown[0] == {"published_date": "2025-12-21", "inr_crore_max": "1.00000000000"}
    rows = list(csv.reader(io.StringIO(khabar("query", sql, "--out", out, "--format", "csv").stdout)))
    assert rows[0] == ["published_date", "inr_crore_max"] and len(rows) == 4
    assert "2025-12-23" in khabar("query", sql, "--out", out).stdout


def test_workers_give_the_same_bytes_as_one_process(khabar, raw: Path, tmp_path: Path) -> None:
    for workers in ("1", "2"):
        done = khabar(
            "run",
            str(raw),
            "--out",
            str(tmp_path / workers),
            "--direct",
            "--workers",
            workers,
            "--batch-size",
            "1",
        )
        assert done.returncode == 0, done.stderr
    assert files(tmp_path / "1") == files(tmp_path / "2") != {}


def test_where_the_inputs_lie_does_not_change_a_byte(khabar, raw: Path, tmp_path: Path) -> None:
    raw.rename(tmp_path / "moved")
    for place, out in ((tmp_path / "moved", "a"), (Path("moved"), "b")):
        if out == "b":
            (tmp_path / "c").mkdir()
            (tmp_path / "moved").rename(tmp_path / "c" / "moved")
            place = tmp_path / "c" / "moved"
        khabar("run", str(place), "--out", str(tmp_path / out), "--direct")
    assert files(tmp_path / "a") == files(tmp_path / "b") != {}


def test_a_run_over_nothing_exits_2_and_says_so(khabar, tmp_path: Path) -> None:
    failed = khabar("run", str(tmp_path / "none"), "--out", str(tmp_path / "out"), "--direct")
    assert failed.returncode == 2
    assert "nothing could be read" in failed.stderr


def test_a_backfill_that_finds_no_article_of_its_days_is_no_failure(
    khabar, raw: Path, tmp_path: Path
) -> None:
    words = ["--since", "1999-01-01", "--until", "1999-12-31", "--out", str(tmp_path / "out"), "--direct"]
    passed_over = khabar("run", str(raw / "1.txt"), *words)
    assert (passed_over.returncode, "no article is of these days" in passed_over.stderr) == (0, True)
    failed = khabar("run", str(raw / "1.txt"), str(tmp_path / "none"), *words)
    assert (failed.returncode, "nothing could be read" in failed.stderr) == (2, True)


def test_commands_on_a_place_without_tables_say_how_to_make_them(khabar, tmp_path: Path) -> None:
    for command in (["query", "SELECT 1"], ["status"], ["verify"]):
        failed = khabar(*command, "--out", str(tmp_path / "none"))
        assert failed.returncode == 1 and "khabar run" in failed.stderr
    assert not (tmp_path / "none").exists()


def test_wrong_sql_is_one_line(khabar, raw: Path, tmp_path: Path) -> None:
    khabar("run", str(raw), "--out", str(tmp_path / "out"), "--direct")
    failed = khabar("query", "SELECT nothing FROM nowhere", "--out", str(tmp_path / "out"))
    assert failed.returncode == 1 and failed.stderr.count("\n") == 1 and "nowhere" in failed.stderr


def test_verify_exits_1_when_something_is_wrong(khabar, raw: Path, tmp_path: Path) -> None:
    khabar("run", str(raw), "--out", str(tmp_path / "out"), "--direct")
    next((tmp_path / "out" / "amounts").rglob("*.parquet")).unlink()
    failed = khabar("verify", "--out", str(tmp_path / "out"))
    assert failed.returncode == 1 and "is missing" in failed.stdout


ARTICLE = SHARED / "data/articles/side-hustle-2025-12-25.txt"


@pytest.mark.skipif(not ARTICLE.exists(), reason="the shared data folder is absent")
def test_analyse_costs_a_few_seconds_of_one_core(khabar) -> None:
    khabar("analyse", str(ARTICLE))
    before = _seconds_of_children()
    assert khabar("analyse", str(ARTICLE), "--format", "json").returncode == 0
    assert _seconds_of_children() - before < 6  # 4 s where nothing else runs


def _seconds_of_children() -> float:
    """CPU time, which a busy machine stretches less than the clock."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("words", ["--help", "query 'SELECT 1'", "status"])
def test_a_reader_that_closes_early_is_no_error(
    khabar, environment, raw: Path, tmp_path: Path, words: str
) -> None:
    khabar("run", str(raw), "--out", str(tmp_path / "out"), "--direct")
    out = "" if words == "--help" else f"--out {tmp_path / 'out'}"
    script = f"{sys.executable} -m flows {words} {out} | true; echo ${{PIPESTATUS[0]}}"
    bare = {name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, cwd=ROOT, env=bare)
    assert (done.stdout.strip(), done.stderr) == ("0", "")


def test_output_that_cannot_be_written_is_a_failure_in_one_line(khabar, environment) -> None:
    bare = {name: value for name, value in environment.items() if name != "PYTHONUNBUFFERED"}
    command = f"{sys.executable} -m flows --help > /dev/full"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, cwd=ROOT, env=bare)
    assert done.returncode == 1
    assert done.stderr.startswith("khabar: ") and done.stderr.count("\n") == 1


def test_a_terminal_that_knows_only_ascii_is_no_trouble(environment) -> None:
    plain = {**environment, "LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "flows", "analyse", "-", "--format", "json"]
    done = subprocess.run(command, input=TEXT.encode(), capture_output=True, cwd=ROOT, env=plain)
    assert done.returncode == 0, done.stderr
    assert "₹2.6 करोड़" in done.stdout.decode()


def test_a_file_name_that_is_no_text_is_read(khabar, tmp_path: Path) -> None:
    odd = os.fsencode(tmp_path) + b"/in-\xff.txt"
    Path(os.fsdecode(odd)).write_text(TEXT)
    done = khabar("run", os.fsdecode(odd), "--out", str(tmp_path / "out"))
    assert done.returncode == 0, done.stderr
    assert "1 written" in done.stdout and "without it" in done.stderr


def test_query_prints_json_that_any_reader_takes(khabar, raw: Path, tmp_path: Path) -> None:
    khabar("run", str(raw), "--out", str(tmp_path / "out"), "--direct")
    sql = (
        "SELECT 1.0/0 AS a, 'nan'::DOUBLE AS a, map([1], [DATE '2025-01-02']) AS m, [1.5::DECIMAL(3,1)] AS l"
    )
    shown = json.loads(khabar("query", sql, "--out", str(tmp_path / "out"), "--format", "json").stdout)
    assert shown == [{"a": None, "a_2": None, "m": {"1": "2025-01-02"}, "l": ["1.5"]}]


def test_no_sql_is_an_error(khabar, raw: Path, tmp_path: Path) -> None:
    khabar("run", str(raw), "--out", str(tmp_path / "out"), "--direct")
    assert "there is no SQL" in khabar("query", "", "--out", str(tmp_path / "out")).stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_is_stopped_says_so_and_leaves_a_sound_store(
    environment, tmp_path: Path, stop: signal.Signals
) -> None:
    many = tmp_path / "many.jsonl"
    line = "पुणे की तारा टेक ने {} करोड़ रुपये जुटाए। यह कंपनी तेज़ी से बढ़ रही है और नए शहरों में जा रही है।"
    many.write_text("\n".join(json.dumps({"text": line.format(n)}) for n in range(20_000)))
    command = [sys.executable, "-m", "flows", "run", str(many), "--out", str(tmp_path / "out"), "--direct"]
    process = subprocess.Popen(
        [*command, "--batch-size", "20"], cwd=ROOT, env=environment, stderr=subprocess.PIPE, text=True
    )
    while not list(tmp_path.glob("out/articles/*/*.parquet")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(stop)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 128 + stop
    assert "Traceback" not in error
    with opened(tmp_path / "out") as store:
        assert list(problems(store)) == []


def test_rates_are_shown_with_the_day_they_are_of(khabar) -> None:
    shown = khabar("rates", "usd", "XTS", "--date", "2018-05-12")
    assert "67.2623958246" not in shown.stdout and "2018-05-11" in shown.stdout
    assert "no rate on 2018-05-12 for XTS" in shown.stderr
    assert khabar("rates", "XTS").returncode == 1
