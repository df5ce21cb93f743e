"""Prefect for the tests: a folder of their own, and one server for all."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows import prefect_settings


@pytest.fixture(scope="session")
def khabar_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("khabar-home")


@pytest.fixture(scope="session")
def environment(khabar_home: Path) -> dict[str, str]:
    """The environment of a user without any Prefect settings."""
    bare = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
    return {**bare, "KHABAR_HOME": str(khabar_home)}


@pytest.fixture(scope="session")
def prefect_here(khabar_home: Path) -> None:
    """Prefect, where a test imports it itself, keeps to the folder of the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KHABAR_HOME", str(khabar_home))
        prefect_settings.apply()


@pytest.fixture
def raw(tmp_path: Path) -> Iterator[Path]:
    """A folder with three articles and a file that is none."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for number in (1, 2, 3):
        text = f" date 2025-12-2{number} पुणे की तारा टेक लिमिटेड ने करीब {number} करोड़ रुपये जुटाए. यह कंपनी तेज़ी से बढ़ रही है."
        (folder / f"{number}.txt").write_text(text, encoding="utf-8")
    (folder / "picture.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    yield folder
