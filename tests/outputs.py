"""What the versions of Khabar found in the sample articles: `python -m tests.outputs` records the present one.

Rows of stored articles say which versions made them, and `khabar run --reprocess` goes by that: other rows
under the same versions would never be made anew. Scores are left out, for their last digits differ between
processors.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from pathlib import Path

from pipeline import __version__
from pipeline.analysis import analyse_candidates
from pipeline.article import Story
from pipeline.assembly import model_version
from pipeline.intake import candidate
from pipeline.reading import read
from pipeline.tables import record

RECORDED = Path(__file__).with_name("outputs.tsv")
RAW = Path(__file__).parents[1] / "data" / "raw"
_LEFT_OUT = "score", "pipeline_version", "model_version"


def key() -> str:
    """The present versions."""
    return f"{__version__}\t{model_version()}"


def digest() -> str:
    """The hash of all that is found in the sample articles."""
    stories = [one for one in read([str(RAW)]) if isinstance(one, Story)]
    done = list(analyse_candidates(candidate(one, dt.date(2025, 12, 25)) for one in stories))
    assert len(done) == 17, "the sample articles are all there"
    found = [_plain(row) for one in done for row in (one.article, *one.mentions, *one.amounts, *one.facts)]
    return hashlib.sha256(json.dumps(found).encode()).hexdigest()


def recorded() -> dict[str, str]:
    """The hashes by versions."""
    lines = RECORDED.read_text("utf-8").splitlines() if RECORDED.exists() else []
    return dict(tuple(line.rsplit("\t", 1)) for line in lines)  # type: ignore[misc]  # two parts each


def _plain(row: object) -> dict[str, object]:
    return {name: value for name, value in record(row).items() if name not in _LEFT_OUT}


if __name__ == "__main__":
    if key() not in recorded():
        with RECORDED.open("a", encoding="utf-8") as file:
            file.write(f"{key()}\t{digest()}\n")
