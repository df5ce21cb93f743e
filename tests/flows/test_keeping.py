"""Stored articles analysed again and small files merged, as a user does both."""

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from pydantic import ValidationError

from flows.parameters import RunParameters
from pipeline.assembly import SHIPPED
from tests.flows.command import khabar as khabar_command
from tests.stories import files

Khabar = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def khabar(environment: dict[str, str]) -> Khabar:
    def run(*words: str, config: Path | None = None) -> subprocess.CompletedProcess[str]:
        models = {"KHABAR_NLP": str(config)} if config else {}
        return khabar_command({**environment, **models}, *words)

    return run


@pytest.fixture
def nameless(tmp_path: Path) -> Path:
    """Another version of the models: one that finds no names."""
    config = tmp_path / "nameless.cfg"
    config.write_text(SHIPPED.read_text("utf-8").replace('"names", ', ""), "utf-8")
    return config


@pytest.mark.served
def test_stored_articles_are_analysed_again_with_other_models_by_prefect_and_directly(
    khabar: Khabar, raw: Path, nameless: Path, tmp_path: Path
) -> None:
    fresh, direct, by_flow = (str(tmp_path / name) for name in ("fresh", "direct", "by_flow"))
    for out, config in ((fresh, nameless), (direct, None)):
        done = khabar("run", str(raw), "--out", out, "--direct", "--batch-size", "2", config=config)
        assert done.returncode == 0, done.stderr
    assert files(Path(direct)) != files(Path(fresh))
    shutil.copytree(direct, by_flow)
    for out, words in ((direct, ["--direct"]), (by_flow, ["--workers", "2"])):
        done = khabar("run", "--reprocess", "--out", out, *words, config=nameless)
        assert "3 read: 3 written, 0 unchanged, 0 duplicates, 0 rejected" in done.stdout, done.stderr
        assert files(Path(out)) == files(Path(fresh))
    again = khabar("run", "--reprocess", "--out", direct, "--direct", config=nameless)
    assert again.returncode == 0 and "nothing to analyse again" in again.stderr


def test_small_files_are_merged_and_the_store_stays_sound(khabar: Khabar, raw: Path, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    for name in ("1.txt", "2.txt"):
        khabar("run", str(raw / name), "--out", out, "--direct")
    done = khabar("compact", "--out", out)
    assert (done.returncode, done.stdout) == (0, "6 small parts and files are 4 now\n"), done.stderr
    assert khabar("compact", "--out", out).stdout == "there is nothing to compact\n"
    assert "is sound: 2 articles" in khabar("verify", "--out", out).stdout


def test_only_a_store_is_compacted(khabar: Khabar, tmp_path: Path) -> None:
    failed = khabar("compact", "--out", str(tmp_path / "none"))
    assert failed.returncode == 1 and "khabar run" in failed.stderr
    assert not (tmp_path / "none").exists()


def test_to_reprocess_names_no_inputs() -> None:
    assert RunParameters.model_validate({"reprocess": True}).inputs == []
    with pytest.raises(ValidationError, match="to reprocess is to read nothing"):
        RunParameters.model_validate({"reprocess": True, "inputs": ["data/raw"]})
    with pytest.raises(ValidationError, match="it goes with reprocess"):
        RunParameters.model_validate({"all": True})
