"""Encodings: what is sure is read, what is not is refused."""

import codecs

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import NotAnArticle, read_article
from pipeline.reading.decode import decode, encoding_of

HINDI = "टाटा समूह ने ₹500 करोड़ का निवेश किया। कंपनी के चेयरमैन ने यह जानकारी दी। " * 3
ENGLISH = "The firm’s revenue rose – by 12% – to £3 million, said the “chief executive” on Monday. " * 3


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_is_read_with_and_without_its_mark(encoding):
    assert decode(HINDI.encode(encoding)) == HINDI


def test_utf16_big_endian_with_its_mark_is_read():
    assert decode(codecs.BOM_UTF16_BE + HINDI.encode("utf-16-be")) == HINDI


def test_english_of_an_old_windows_is_read():
    assert decode(ENGLISH.encode("cp1252")) == ENGLISH


def test_joiners_survive():
    text = "क्\u200dष और श्री\u200cमान ने कहा"
    assert read_article(text.encode(), "a.txt").source_text == text


def test_hindi_with_a_broken_byte_is_refused_rather_than_turned_into_mojibake():
    with pytest.raises(NotAnArticle) as caught:
        read_article(HINDI.encode()[:-3] + b"\xe0\xa4 x", "a.txt")
    assert caught.value.reason == "bad_encoding"


@pytest.mark.parametrize(
    "line", ["It said – fine. ", "The firm’s “offer”. ", "Profit was £5m. ", "A café in Goa. "]
)
@pytest.mark.parametrize("times", [1, 20, 2_000])
def test_signs_of_english_are_those_of_windows_however_long_the_text(line, times):
    assert decode((line * times).encode("cp1252")) == line * times


def test_english_with_damaged_utf8_is_refused_and_keeps_no_rupee_as_mojibake():
    for damage in (b"\xff", "…".encode()[:-1]):
        with pytest.raises(NotAnArticle) as caught:
            decode(("Acme paid ₹500 crore to the seller on Monday. " * 20).encode() + damage)
        assert caught.value.reason == "bad_encoding"


def test_utf16_cut_within_a_character_is_refused():
    for encoding in ("utf-16-le", "utf-16-be", "utf-16"):
        with pytest.raises(NotAnArticle) as caught:
            decode(HINDI.encode(encoding) + b"a")
        assert caught.value.reason == "bad_encoding"


def test_a_declared_charset_counts_unless_the_bytes_are_utf8_after_all():
    text = "Компания сообщила о прибыли. " * 9
    assert decode(text.encode("cp1251"), "windows-1251") == text
    assert decode(HINDI.encode(), "iso-8859-1") == HINDI
    assert encoding_of(HINDI.encode()[:-2], declared="iso-8859-1") is None
    assert decode(ENGLISH.encode("cp1252"), "iso-8859-1") == ENGLISH
    assert encoding_of(b"\xff", declared="no such charset") is encoding_of(b"\xff", declared="base64") is None


def test_a_page_for_a_font_of_its_own_is_read_as_windows():
    assert decode("mÙkj izns'k dk;ZØe".encode("cp1252"), "x-user-defined") == "mÙkj izns'k dk;ZØe"
    assert decode(HINDI.encode(), "x-user-defined") == HINDI


def test_other_scripts_in_old_encodings_are_refused():
    for content in (
        ("東京で会議が開かれた。" * 20).encode("shift-jis"),
        ("Компания сообщила о прибыли. " * 9).encode("cp1251"),
    ):
        with pytest.raises(NotAnArticle) as caught:
            read_article(content, "a.txt")
        assert caught.value.reason == "bad_encoding"


def test_a_head_may_end_inside_a_character():
    content = HINDI.encode()
    assert all(encoding_of(content[:end], complete=False) == "utf-8" for end in range(20))
    assert encoding_of(content[:1]) is None


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\0\ufeff")))
def test_utf8_decodes_to_what_was_encoded(text):
    assert decode(text.encode()) == text
