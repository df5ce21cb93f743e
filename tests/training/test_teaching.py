"""The sentences that a teacher labels: none that is held out, and labels that fit together."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.names.labels import LABELS
from training.corpora import Labelled
from training.teaching import SEALED_PAPER, Taught, taught, unlabelled

HELD = "सरकार ने कहा कि नई सड़क पर अगले साल काम शुरू होगा।"
SEALED = "मंत्री ने बताया कि सभी जिलों में दवा पहुंच गई है और जांच जारी है।"
SHOWN = "बाज़ार में आज तेज़ी रही।"
FREE = "किसानों ने मंडी में गेहूं बेचा।"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    papers = tmp_path / "text" / "news-2020"
    papers.mkdir(parents=True)
    (papers / "ab-2020-01-01.txt").write_text(
        f"{SHOWN}\n{FREE}\nपटना: {HELD}\nसूत्रों के अनुसार {SEALED}\n{FREE}\n"
    )
    (papers / f"{SEALED_PAPER}-2020-01-01.txt").write_text(SEALED)
    (tmp_path / "ner").mkdir()
    row = json.dumps({"id": "1", "text": HELD, "entities": []})
    (tmp_path / "ner" / "news_hi_dev.jsonl").write_text(row)
    (tmp_path / "ner" / "news_en_dev.jsonl").write_text("")
    return tmp_path


def test_what_is_labelled_or_held_out_is_not_taught_also_not_inside_another_sentence(data: Path) -> None:
    shown = Labelled(("बाज़ार", "में", "आज", "तेज़ी", "रही", "।"), ())
    assert [" ".join(forms) for forms in unlabelled(data, [shown])] == ["किसानों ने मंडी में गेहूं बेचा ।"]


class Teacher:
    """Is sure that the second word of every fourth sentence is a place, and of nothing else in it."""

    def shares(self, sentences: Sequence[Sequence[str]]) -> Iterator[np.ndarray]:
        for number, forms in enumerate(sentences):
            shares = np.zeros((len(forms), len(LABELS)), np.float32)
            shares[:, 0] = 1
            if number % 4 == 1:
                shares[1] = np.eye(len(LABELS))[LABELS.index("B-LOC")]
            yield shares


def test_all_sentences_with_a_name_are_taught_and_a_fourth_of_the_others() -> None:
    sentences = [(str(number), "दिल्ली", "में") for number in range(32)]
    told = list(taught(Teacher(), sentences))  # type: ignore[arg-type]
    named = [one.forms for one in told if one.labelled().spans == ((1, 2, "LOC"),)]
    assert named == sentences[1::4]
    assert len(told) - len(named) == 6  # of 24


def test_the_likeliest_labels_fit_together() -> None:
    shares = np.full((2, len(LABELS)), 0.01, np.float16)
    shares[0, LABELS.index("B-COMPANY")] = 0.9
    shares[1, LABELS.index("I-ORG")] = 0.5  # cannot follow
    shares[1, LABELS.index("I-COMPANY")] = 0.4
    assert Taught(("टाटा", "स्टील"), shares).labelled().spans == ((0, 2, "COMPANY"),)
