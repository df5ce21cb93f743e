"""Texts that were mangled before they came to us, through the door that all inputs take."""

import json

import pytest

from pipeline.article import Refusal, Story
from pipeline.reading import read_bytes

PLAIN = "रायपुर की तारा टेक ने दो करोड़ रुपये जुटाए हैं। कंपनी के संस्थापक रवि शर्मा ने मंगलवार को यह बात कही।"
MANGLED = PLAIN.encode().decode("latin-1")


@pytest.mark.parametrize(
    "content",
    [
        MANGLED.encode(),
        json.dumps({"title": "सूचना".encode().decode("latin-1"), "text": MANGLED}).encode() + b"\n",
        f"<html><body><article><p>{MANGLED}</p></article></body></html>".encode(),
    ],
    ids=["text", "row", "page"],
)
def test_hindi_that_was_read_as_western_is_put_right(content: bytes) -> None:
    (story,) = read_bytes(content, "a")
    assert isinstance(story, Story)
    assert PLAIN in story.source_text
    assert story.title in (None, "सूचना")


def test_a_font_from_before_unicode_that_is_not_known_is_refused_with_its_text() -> None:
    shusha = "Baart sarkar nao " + "ÁÂÃÄÅÆÇÈÉÊËÌÍÎÏ ÐÑÒÓÔÕÖØÙÚÛÜ " * 12
    (refused,) = read_bytes(shusha.encode(), "a.txt")
    assert isinstance(refused, Refusal)
    assert refused.reason in {"legacy_font", "bad_encoding"}
    assert refused.payload == shusha.encode()
