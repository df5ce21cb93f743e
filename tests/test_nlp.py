"""The one spaCy pipeline, as someone who knows spaCy uses it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import nlp

TEXT = "डॉ. रवि शर्मा ने 1,25,000 रुपये दिए।\n\nआगे की योजना\nकंपनी १,२३४ लोगों को ₹2.6 करोड़ देगी. Tara Tech Ltd. is in Pune."


def test_sentences_are_those_of_the_text_room() -> None:
    doc = nlp.load()(TEXT)
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "डॉ. रवि शर्मा ने 1,25,000 रुपये दिए।",
        "आगे की योजना",
        "कंपनी १,२३४ लोगों को ₹2.6 करोड़ देगी.",
        "Tara Tech Ltd. is in Pune.",
    ]


def test_tokens_keep_matras_and_numbers_whole() -> None:
    words = [token.text for token in nlp.load()(TEXT)]
    assert {"शर्मा", "1,25,000", "१,२३४", "₹2.6", "करोड़"} <= set(words)


def test_names_are_entities_and_a_span_group_with_scores() -> None:
    doc = nlp.load()("मुंबई में रिलायंस इंडस्ट्रीज लिमिटेड के चेयरमैन मुकेश अंबानी ने कहा।")
    assert ("मुकेश अंबानी", "PERSON") in [(span.text, span.label_) for span in doc.ents]
    group = doc.spans[nlp.NAMES]
    assert len(group) == len(doc.ents) == len(group.attrs["scores"])


def test_sums_are_an_extension_of_the_document() -> None:
    (found,) = nlp.load()("कंपनी ने 5 करोड़ रुपये जुटाए।")._.sums
    assert (found.currency, found.minimum) == ("INR", 50_000_000)


@given(st.text(max_size=80) | st.text("क़ी्१, \n\t\u200d।a.", max_size=80))
def test_the_document_is_the_text_to_the_last_character(text: str) -> None:
    assert nlp.load().make_doc(text).text == text


@pytest.mark.parametrize("component", nlp.load().pipe_names)
def test_no_component_is_slower_than_linear(component: str) -> None:
    def seconds(times: int) -> float:
        pipeline = nlp.load()
        doc = pipeline.make_doc(TEXT * times)
        for name, step in pipeline.pipeline:
            began = time.process_time()
            doc = step(doc)
            if name == component:
                return time.process_time() - began
        raise AssertionError(component)

    seconds(20)
    assert seconds(400) < 4 * (20 * seconds(20)) + 0.1
