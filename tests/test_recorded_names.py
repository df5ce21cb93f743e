"""The names model recorded and replayed: what it found in a sentence stands wherever the sentence does."""

import json
from pathlib import Path

import pytest

from benchmarks import recorded_names
from pipeline import assembly, nlp

SEEN, UNSEEN = "रवि कुमार ने पुणे में बात की।", "मीरा ने कुछ नहीं कहा।"


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    path = tmp_path / "names.jsonl"
    names = [(0, 8, "PERSON", 0.9), (12, 16, "LOC", 0.8)]
    path.write_text(json.dumps([SEEN, names], ensure_ascii=False) + "\n", "utf-8")
    return path


def test_names_are_replayed_where_their_sentence_stands(recording: Path) -> None:
    text = f"{UNSEEN}\n{SEEN}\n{SEEN}"
    starts = [0, len(UNSEEN) + 1, len(UNSEEN) + len(SEEN) + 2]
    spans = [(start, text.find("।", start) + 1) for start in starts]
    found = recorded_names.recorded_names(str(recording)).names(text, spans)
    assert [(text[name.start : name.end], name.type) for name in found] == 2 * [
        (SEEN[0:8], "PERSON"),
        (SEEN[12:16], "LOC"),
    ]


def test_the_config_that_ships_takes_the_recording_in_the_place_of_the_model(
    tmp_path: Path, recording: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "replay.cfg").write_text(recorded_names.config(assembly.SHIPPED, recording), "utf-8")
    monkeypatch.setenv(assembly.VARIABLE, str(tmp_path / "replay.cfg"))
    doc = nlp.load.__wrapped__()(f"{UNSEEN}\n{SEEN}")
    assert [(name.type, name.score) for name in doc._.names] == [("PERSON", 0.9), ("LOC", 0.8)]
