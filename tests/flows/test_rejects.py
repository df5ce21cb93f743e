"""Rejects: listed, looked at and tried again, as a user does it."""

import csv
import io
import json
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from flows.cli import main
from flows.ingest import ingest_directly
from flows.parameters import RunParameters
from flows.watch import Watch, watched
from pipeline.article import Refusal
from pipeline.batch import Worked
from pipeline.reading import REASONS
from pipeline.rejects import NoSuchReject, listed, shown, still_open
from pipeline.store import held
from pipeline.tables import Run
from pipeline.verify import problems
from tests.stories import files

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
TEXT = "तारा टेक लिमिटेड ने पुणे में {} करोड़ रुपये लगाने की बात कही है। काम अगले साल शुरू होगा।"
TAMIL = "இந்த நிறுவனம் புதிய அலுவலகத்தைத் திறந்துள்ளது. இது ஒரு பெரிய செய்தி. மக்கள் மகிழ்ச்சி அடைந்தனர்."
TABLE = "nr,x\n" + "".join(f"{number},{TEXT.format(number)}\n" for number in (7, 8))


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """An article, and files that are none, or not at once."""
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.txt").write_text(TEXT.format(5), "utf-8")
    (folder / "b.png").write_bytes(PNG)
    (folder / "c.csv").write_text(TABLE, "utf-8")
    (folder / "d.txt").write_text(TAMIL, "utf-8")
    return folder


def ran(out: Path, *inputs: Path, **more: object) -> Run:
    words: dict[str, object] = {"out": out, "date": "2026-01-01", **more}
    if inputs:
        words["inputs"] = list(map(str, inputs))
    run = ingest_directly(RunParameters.model_validate(words))
    with held(out) as store:
        assert list(problems(store)) == []
    return run


def counts(run: Run) -> tuple[int, int, int, int, int]:
    return run.n_read, run.n_written, run.n_unchanged, run.n_duplicates, run.n_rejected


def test_what_is_refused_is_kept_once_and_named_by_its_row(raw: Path, tmp_path: Path) -> None:
    (raw / "e.png").write_bytes(PNG)
    out = tmp_path / "out"
    for _ in range(2):
        assert ran(out, raw).n_rejected == 4
    rows = pd.read_parquet(out / "rejects")
    assert len(rows) == 8 and len(set(rows["payload_path"])) == 3
    assert shown(out, "b.png") == shown(out, "e.png") == PNG
    assert shown(out, "c.csv") == TABLE.encode()
    assert TAMIL in shown(out, "d.txt").decode()
    with pytest.raises(NoSuchReject):
        shown(out, "a.txt")


def test_rejects_tried_again_become_articles_once_they_can_be_read(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert counts(ran(out, raw)) == (4, 1, 0, 0, 3)
    before = files(out)
    assert counts(ran(out, retry_rejects=True)) == (3, 0, 0, 0, 3)
    assert files(out) == before
    assert counts(ran(out, retry_rejects=True, reason="no_text_column", text_column="x")) == (2, 2, 0, 0, 0)
    assert counts(ran(out, retry_rejects=True, reason="no_text_column", text_column="x")) == (2, 0, 2, 0, 0)
    fresh = tmp_path / "fresh"
    ran(fresh, raw / "c.csv", text_column="x")
    names = {"articles": ["article_id", "source_uri", "source_text", "published_date"]}
    retried, read = (
        pd.read_parquet(root / "articles", columns=names["articles"]).set_index("article_id")
        for root in (out, fresh)
    )
    pd.testing.assert_frame_equal(retried.loc[sorted(read.index)], read.sort_index())


def test_what_was_stored_meanwhile_is_not_tried_again(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran(out, raw)
    (raw / "d.txt").write_text(TEXT.format(9), "utf-8")
    ran(out, raw / "d.txt")
    assert [one.source_uri for one in still_open(out).refused] == ["b.png", "c.csv"]
    (raw / "d.txt").write_text(TAMIL, "utf-8")
    ran(out, raw / "d.txt")
    assert [one.source_uri for one in still_open(out).refused] == ["b.png", "c.csv", "d.txt"]


def test_inputs_that_are_named_are_read_besides(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    ran(out, raw / "b.png")
    assert counts(ran(out, raw / "a.txt", retry_rejects=True)) == (2, 1, 0, 0, 1)


def test_an_article_that_analysis_failed_on_is_tried_again_as_it_was_read(
    raw: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(candidates: object) -> Worked:
        raise RuntimeError("a defect of ours")

    out = tmp_path / "out"
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.analysis.analyse_candidates", fail)
        assert counts(ran(out, raw / "a.txt")) == (1, 0, 0, 0, 1)
    assert counts(ran(out, retry_rejects=True)) == (1, 1, 0, 0, 0)
    ran(tmp_path / "calm", raw / "a.txt")
    assert files(out) == files(tmp_path / "calm")


def test_what_cannot_be_tried_again_is_said(raw: Path, tmp_path: Path) -> None:
    out, said = tmp_path / "out", list[str]()
    ran(out, raw / "none.txt", raw / "b.png")
    for path in out.glob("_ledger/payloads/*/*.gz"):
        path.unlink()
    with watched(Watch(say=said.append)):
        assert counts(ran(out, retry_rejects=True)) == (0, 0, 0, 0, 0)
    (line,) = said
    assert line.startswith("2 rejects cannot be tried again") and "b.png" in line and "none.txt" in line


def test_rejects_are_listed_newest_first_by_reason_and_run(raw: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    first = ran(out, raw).run_id
    ran(out, raw / "none.txt", raw / "a.txt")
    everything = listed(out, reason=None, run=None, most=50)
    assert everything[0][1] == "not_found" and len(everything) == 4
    assert [row[3] for row in listed(out, reason="binary", run=None, most=50)] == ["b.png"]
    assert [row[1] for row in listed(out, reason=None, run="last", most=50)] == ["not_found"]
    assert len(listed(out, reason=None, run=first, most=2)) == 2
    with pytest.raises(NoSuchReject):
        listed(out, reason=None, run="never", most=50)


def test_an_input_whose_name_is_no_text_is_a_reject_like_any_other(raw: Path, tmp_path: Path) -> None:
    names = ["none\udcff.txt", "https://a.example/\udcff"]
    run = ingest_directly(RunParameters(inputs=[*names, str(raw / "a.txt")], out=tmp_path / "out"))
    assert counts(run) == (3, 1, 0, 0, 2)


def test_every_code_that_a_store_holds_is_in_the_table_of_codes(raw: Path, tmp_path: Path) -> None:
    ran(tmp_path / "out", raw, raw / "none.txt")
    assert set(pd.read_parquet(tmp_path / "out" / "rejects")["reason"]) <= REASONS.keys()


@pytest.mark.parametrize(
    "words",
    [
        {"inputs": []},
        {"reason": "binary"},
        {"retry_rejects": True, "reason": "because"},
        {"user_agent": "नमस्ते"},
        {"user_agent": ""},
    ],
)
def test_parameters_that_cannot_be_meant_are_refused(words: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        RunParameters.model_validate(words)


def test_rejects_alone_are_tried_again_unless_inputs_are_named() -> None:
    assert RunParameters(retry_rejects=True).inputs == []
    assert RunParameters(retry_rejects=True, inputs=["a"]).inputs == ["a"]
    assert RunParameters().inputs == ["data/raw"]


Done = tuple[int, bytes, bytes]


@pytest.fixture
def khabar(capfdbinary: pytest.CaptureFixture[bytes]) -> Iterator[Callable[..., Done]]:
    """The command line in this process: exit status, output, errors."""

    def call(*words: str) -> Done:
        capfdbinary.readouterr()
        status = main(words)
        return status, *capfdbinary.readouterr()

    handler = signal.getsignal(signal.SIGTERM)
    yield call
    signal.signal(signal.SIGTERM, handler)


def test_the_command_line_lists_shows_and_tries_again(
    khabar: Callable[..., Done], raw: Path, tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path / "out")]
    ran(tmp_path / "out", raw, raw / "none.txt")
    rows = json.loads(khabar("rejects", *out, "--format", "json")[1])
    assert list(rows[0]) == ["at", "reason", "detail", "source_uri", "payload_path"] and len(rows) == 4
    (image,) = (row for row in rows if row["reason"] == "binary")
    for name in (image["source_uri"], image["payload_path"]):
        assert khabar("rejects", *out, "--show", name) == (0, PNG, b"")
    _, meanings, _ = khabar("rejects", "--reasons", "--format", "csv")
    listed = csv.DictReader(io.StringIO(meanings.decode()))
    assert {row["reason"]: row["meaning"] for row in listed} == REASONS
    status, said, errors = khabar("run", "--retry-rejects", *out, "--direct", "--text-column", "x")
    assert status == 0
    assert "4 read: 2 written, 0 unchanged, 0 duplicates, 2 rejected" in said.decode()
    assert errors.count(b"\n") == 1 and b"none.txt" in errors


def test_the_command_line_says_in_one_line_what_is_wrong(
    khabar: Callable[..., Done], raw: Path, tmp_path: Path
) -> None:
    out = ["--out", str(tmp_path / "out")]
    for words, expected in (
        (["rejects", *out], 1),
        (["rejects", *out, "--reason", "because"], 2),
        (["run", *out, "--reason", "binary"], 2),
        (["run", *out, "--retry-rejects", "--reason", "because"], 2),
    ):
        status, _, errors = khabar(*words)
        assert status == expected
        assert errors.startswith(b"khabar: ") and errors.count(b"\n") == 1
    ran(tmp_path / "out", raw / "a.txt")
    assert khabar("rejects", *out, "--show", "a.txt")[0] == 1
    status, _, errors = khabar("run", "--retry-rejects", *out, "--direct")
    assert (status, b"nothing to try again" in errors) == (0, True)
    ran(tmp_path / "out", raw / "b.png")
    assert khabar("run", "--retry-rejects", *out, "--direct")[0] == 2


def test_refusals_are_equal_whatever_was_kept_of_them() -> None:
    assert Refusal("a", "binary", "x", b"1") == Refusal("a", "binary", "x") != Refusal("a", "empty", "x")
    assert "payload" not in repr(Refusal("a", "binary", "x", b"secret"))
