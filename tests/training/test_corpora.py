"""Labelled corpora as they are read."""

from pathlib import Path

import pytest

from training import corpora
from training.corpora import Text, labelled, multiconer_texts, patched, read_marks, read_sentences


def named(text: Text) -> list[tuple[str, str]]:
    return [(text.source[start:end], kind) for start, end, kind in text.names]


def test_a_name_in_brackets_has_the_type_of_the_letter_after_it(tmp_path: Path) -> None:
    (tmp_path / "own.txt").write_text("# own\n[तारा टेक]C ने [पुणे]L में कहा।\n\nबारिश हुई।\n", "utf-8")
    first, second = read_sentences(tmp_path / "own.txt")
    assert first.source == "तारा टेक ने पुणे में कहा।"
    assert named(first) == [("तारा टेक", "COMPANY"), ("पुणे", "LOC")]
    assert named(second) == []


def test_marks_point_into_documents_that_stay_where_they_are(tmp_path: Path) -> None:
    (tmp_path / "day.txt").write_text("खबर। रवि पुणे गए। बस।", "utf-8")
    (tmp_path / "marks.tsv").write_text("# marks\nday\t5\t17\t5-8-PERSON 9-13-LOC\nday\t18\t21\n", "utf-8")
    first, second = read_marks(tmp_path / "marks.tsv", tmp_path)
    assert (first.source, named(first)) == ("रवि पुणे गए।", [("रवि", "PERSON"), ("पुणे", "LOC")])
    assert (second.source, second.names) == ("बस।", ())


def test_fine_types_are_folded_into_the_four(tmp_path: Path) -> None:
    (tmp_path / "fine.conll").write_text(
        "# id 1\nतारा _ _ B-PublicCorp\nटेक _ _ I-PublicCorp\nपुणे _ _ B-HumanSettlement\nफिल्म _ _ B-VisualWork\n\n",
        "utf-8",
    )
    (text,) = multiconer_texts(tmp_path / "fine.conll")
    assert named(text) == [("तारा टेक", "COMPANY"), ("पुणे", "LOC")]


def test_a_patch_changes_takes_out_and_adds(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [
        ["a", "0-3-ORG", "0-3-PERSON", "a man"],
        ["a", "4-8-LOC", "-", "no place"],
        ["a", "-", "9-12-LOC", "missed"],
    ]
    monkeypatch.setattr(corpora, "rows", lambda package, name: iter(lines))
    (text,) = patched([Text("a", "रवि अथवा पुणे", ((0, 3, "ORG"), (4, 8, "LOC")))])
    assert text.names == ((0, 3, "PERSON"), (9, 12, "LOC"))


def test_a_patch_that_does_not_fit_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpora, "rows", lambda package, name: iter([["a", "1-3-ORG", "-", "not there"]]))
    with pytest.raises(ValueError, match="1, 3"):
        list(patched([Text("a", "रवि", ((0, 3, "PERSON"),))]))


def test_names_become_spans_of_the_words_the_recogniser_sees() -> None:
    (sentence,) = labelled([Text("a", "“रवि शर्मा” ने कहा।", ((1, 10, "PERSON"),))])
    assert [sentence.forms[start:end] for start, end, _ in sentence.spans] == [("रवि", "शर्मा")]
