"""A recogniser of names for tests of engines, put in the place of ours: it finds one name, and

- at HOLD it tells who has the story by a file `held-PID` in $HAZARD and waits for a file `go` there;
- at POISON it kills its process, or fails like any other code where $HAZARD has no folder.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from types import SimpleNamespace

from pipeline.assembly import SHIPPED

HOLD, POISON = "ठहरो", "ज़हर"
NAME = "तारा टेक"
_CONFIG = """
[components.names.finder]
@misc = "khabar.spacy_names.v1"
model = "hazard"

[components.names.finder.types]
ORG = "COMPANY"
"""


def installed(folder: Path) -> dict[str, str]:
    """The environment in which Khabar uses this module, installed in a folder as a spaCy model."""
    (folder / "hazard.py").write_bytes(Path(__file__).read_bytes())
    about = folder / "hazard-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: hazard\nVersion: 1.0\n")
    (folder / "hazard.cfg").write_text(SHIPPED.read_text() + _CONFIG)
    return {"PYTHONPATH": str(folder), "KHABAR_NLP": str(folder / "hazard.cfg")}


def load(**_: object):  # type: ignore[no-untyped-def]  # as spaCy calls it
    return read


def read(sentence: str) -> SimpleNamespace:
    folder = os.environ.get("HAZARD")
    if HOLD in sentence and folder:
        hold(Path(folder))
    if POISON in sentence:
        if folder:
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError("poison")
    at = sentence.find(NAME)
    span = SimpleNamespace(start_char=at, end_char=at + len(NAME), label_="ORG")
    return SimpleNamespace(ents=[span] if at >= 0 else [])


def hold(folder: Path) -> None:
    (folder / f"held-{os.getpid()}").touch()
    deadline = time.monotonic() + 300
    while not (folder / "go").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
