"""The network and what it is given: pieces, evidence, windows, batches."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.names import weights
from pipeline.names.evidence import FEATURES, evidence
from pipeline.names.labels import LABELS
from pipeline.names.model import Model
from pipeline.names.pieces import Pieces

WORDS = st.lists(
    st.sampled_from(
        [
            "टाटा",
            "मोटर्स",
            "ने",
            "पुणे",
            "में",
            "Infosys",
            "के",
            "शेयर",
            "खरीदे",
            ",",
            "।",
            "₹2.6",
            "micro1",
            "漢",
            "\u200d",
        ]
    ),
    min_size=1,
)


SHIPPED = weights.read(weights.SHIPPED)
PIECES, MODEL = Pieces(SHIPPED.vocabulary), Model(SHIPPED)


def features(form: str) -> set[str]:
    (found,) = evidence([form])
    return {FEATURES[number] for number in found}


@given(WORDS)
def test_each_word_has_pieces_whatever_it_is(words: list[str]) -> None:
    assert [len(cut) > 0 for cut in PIECES.of(words)] == [True] * len(words)


def test_a_word_has_the_same_pieces_alone_and_among_others() -> None:
    words = ["नरेंद्र", "मोदी", "ने", "Infosys"]
    assert PIECES.of(words) == [PIECES.of([word])[0] for word in words]


@pytest.mark.parametrize(
    ("form", "feature"),
    [
        ("मुंबई", "place written first"),
        ("Mumbai", "place written first"),
        ("आरबीआई", "organisation written first"),
        ("लिमिटेड", "hc"),
        ("मंत्रालय", "ho"),
    ],
)
def test_the_tables_say_what_they_know_of_a_word(form: str, feature: str) -> None:
    assert feature in features(form)


def test_a_listed_name_is_seen_from_its_first_word_to_its_last() -> None:
    found = [{FEATURES[number] for number in numbers} for numbers in evidence(["Tata", "Motors", "fell"])]
    assert "company written first" in found[0]
    assert "company written later" in found[1]
    assert not {name for name in found[2] if "written" in name}


@settings(max_examples=20, deadline=None)
@given(st.lists(WORDS, min_size=1, max_size=4))
def test_every_word_gets_log_probabilities_of_all_labels(sentences: list[list[str]]) -> None:
    for words, scores in zip(sentences, MODEL.scores(sentences), strict=True):
        assert scores.shape == (len(words), len(LABELS))
        assert np.exp(scores).sum(-1) == pytest.approx(1, abs=1e-4)


def test_a_sentence_longer_than_the_network_takes_is_read_whole() -> None:
    words = ["मुंबई", "में", "टाटा", "मोटर्स", "ने", "कहा", "कि", "बारिश", "होगी", ","] * 150
    (scores,) = MODEL.scores([words])
    places = [place for place, word in enumerate(words) if word == "मुंबई"]
    assert len(scores) == len(words)
    assert [LABELS[int(scores[place].argmax())] for place in places] == ["B-LOC"] * 150


def test_the_model_of_a_folder_has_the_version_of_its_bytes(tmp_path: Path) -> None:
    weights.write(tmp_path, SHIPPED)
    assert weights.read(tmp_path) == SHIPPED
    assert weights.version(tmp_path) == weights.version()
    weights.write(tmp_path / "other", SHIPPED._replace(field=SHIPPED.field + b" "))
    assert weights.version(tmp_path / "other") != weights.version()


def test_a_sentence_gets_the_same_scores_alone_and_among_others() -> None:
    sentences = [
        ["टाटा", "मोटर्स", "ने", "पुणे", "में", "कहा", "।"],
        ["Infosys", "opened", "in", "Pune", "on", "Monday", "."],
        ["हाँ"],
    ]
    together = MODEL.scores(sentences)
    for words, scores in zip(sentences, together, strict=True):
        assert MODEL.scores([words])[0] == pytest.approx(scores, abs=2e-3)
