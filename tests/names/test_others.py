"""Recognisers of others in the place of ours."""

from pathlib import Path

import pytest
import spacy

from pipeline import assembly, nlp
from pipeline.names.others import SpacyNames, TransformersNames
from pipeline.names.recogniser import Name

TEXT = "Rain fell. Infosys opened in Pune."
SENTENCES = [(0, 10), (11, 34)]


def rules() -> spacy.language.Language:
    """A spaCy model of two rules."""
    model = spacy.blank("en")
    ruler = model.add_pipe("entity_ruler")
    ruler.add_patterns([{"label": "ORG", "pattern": "Infosys"}, {"label": "DATE", "pattern": "Pune"}])  # type: ignore[attr-defined]
    return model


def test_the_entities_of_a_spacy_model_get_our_types() -> None:
    found = SpacyNames(rules(), {"ORG": "COMPANY"}).names(TEXT, SENTENCES)
    assert found == [Name(11, 18, "COMPANY", 1.0)]


def test_the_groups_of_a_token_classifier_get_our_types() -> None:
    def read(text: str) -> list[dict[str, object]]:
        start = text.find("Pune")
        return (
            [{"entity_group": "GPE", "start": start, "end": start + 4, "score": 0.875}] if start >= 0 else []
        )

    assert TransformersNames(read, {"GPE": "LOC"}).names(TEXT, SENTENCES) == [Name(29, 33, "LOC", 0.875)]


def test_a_config_of_the_user_takes_the_place_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rules().to_disk(tmp_path / "model")
    own = assembly.SHIPPED.read_text("utf-8").replace(
        'factory = "khabar_names"',
        f'factory = "khabar_names"\n\n[components.names.finder]\n@misc = "khabar.spacy_names.v1"\n'
        f'model = "{tmp_path / "model"}"\n\n[components.names.finder.types]\nORG = "COMPANY"',
    )
    (tmp_path / "own.cfg").write_text(own, "utf-8")
    before = assembly.model_version()
    monkeypatch.setenv(assembly.VARIABLE, str(tmp_path / "own.cfg"))
    doc = nlp.load.__wrapped__()(TEXT)
    assert [(span.text, span.label_) for span in doc.ents] == [("Infosys", "COMPANY")]
    assert assembly.model_version() not in ("", before)
