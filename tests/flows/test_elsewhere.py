"""A store that is no folder, and a ledger that is not in it, from the command line."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from flows.cli import main, parser
from flows.parameters import RunParameters
from tests.test_run import MIXED, ran


def test_a_store_may_be_a_folder_or_an_address() -> None:
    for words, root in (
        (["--out", "s3://bucket/news/"], "s3://bucket/news"),
        (["--out", "file:///srv/news"], Path("/srv/news")),
        (["--out", "news"], Path("news")),
        ([], Path("data/processed")),
    ):
        assert parser().parse_args(["run", *words]).out == root
        assert RunParameters.model_validate({"out": words[-1]} if words else {}).out == root


def test_parameters_hold_from_any_folder_and_come_back_from_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    relative = RunParameters(out=Path("news"), ledger="sqlite:///ledgers/news.sqlite").absolute()
    assert (relative.out, relative.ledger) == (Path("/news"), "sqlite:////ledgers/news.sqlite")
    elsewhere = RunParameters(out="s3://bucket/news", ledger="postgresql://me@host/db").absolute()
    again = RunParameters.model_validate_json(elsewhere.model_dump_json())
    assert again.model_dump() == elsewhere.model_dump()
    assert (again.out, again.ledger) == ("s3://bucket/news", "postgresql://me@host/db")


@pytest.mark.parametrize(
    "words",
    [
        {"ledger": "postgresql://me:secret@host/db"},
        {"ledger": "postgresql://me@host/db?password=secret"},
        {"out": "s3://key:secret@bucket/news"},
        {"scheduler": "tls://me:secret@host:8786"},
        {"inputs": ["data/raw", "https://me:secret@paper.example/feed"]},
    ],
)
def test_a_password_is_not_taken_where_parameters_are_kept(words: dict[str, object]) -> None:
    with pytest.raises(ValidationError, match="kept and shown") as refused:
        RunParameters.model_validate({"engine": "dask", **words} if "scheduler" in words else words)
    assert "secret" not in refused.value.errors()[0]["msg"]


def test_commands_that_look_at_a_store_look_elsewhere_too(
    s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = f"sqlite:///{tmp_path}/ledger.sqlite"
    monkeypatch.setenv("KHABAR_LEDGER", ledger)
    ran(s3, MIXED[:2])
    monkeypatch.delenv("KHABAR_LEDGER")
    sql = "SELECT count(*) AS n FROM articles"
    assert main(["query", sql, "--out", s3, "--format", "csv"]) == 0
    assert capsys.readouterr().out.split() == ["n", "2"]
    assert main(["status", "--out", s3]) == 0
    assert "completed" in capsys.readouterr().out
    assert main(["verify", "--out", s3, "--ledger", ledger]) == 0
    assert f"{s3} is sound" in capsys.readouterr().out
    assert main(["verify", "--out", s3]) == 1
    assert "name it by --ledger" in capsys.readouterr().err
    assert main(["verify", "--out", f"{s3}/nothing", "--ledger", ledger]) == 1
    assert "no store at" in capsys.readouterr().err
