"""Mojibake: what is surely UTF-8 read wrongly is turned back, all else stays or is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import NotAnArticle
from pipeline.reading.mojibake import repaired

HINDI = "झारखंड सरकार ने ₹500 करोड़ दिए, ‘यह ठीक है’ – मंत्री। ढाँचा, ऐलान, एक क्षेत्र।"
TITLE = "ठेकेदारों को 12 करोड़ का भुगतान"
# cp1252 as browsers read it: the five bytes without a letter are control signs.
LETTERS = {byte: bytes([byte]).decode("cp1252", "ignore") or chr(byte) for byte in range(256)}


def misread(text: str) -> str:
    return "".join(LETTERS[byte] for byte in text.encode())


def as_latin1(text: str) -> str:
    return text.encode().decode("latin-1")


@pytest.mark.parametrize("mangle", [misread, as_latin1])
@pytest.mark.parametrize("times", [1, 2, 3])
def test_hindi_read_wrongly_up_to_three_times_comes_back_whole(mangle, times):
    text = HINDI
    for _ in range(times):
        text = mangle(text)
    assert repaired(text) == HINDI


def test_hindi_read_once_as_latin1_and_once_as_windows_comes_back():
    assert repaired(misread(as_latin1(HINDI))) == repaired(as_latin1(misread(HINDI))) == HINDI


def test_only_the_mangled_part_changes():
    sound = "कैफ़े “Müller” में café – ₹20"
    assert repaired(f"{misread(TITLE)}\n\n{sound}") == f"{TITLE}\n\n{sound}"
    assert repaired(f"{sound} {misread('हिंदी')} {sound}") == f"{sound} हिंदी {sound}"


def test_no_break_spaces_that_became_spaces_are_letters_again_where_nothing_was_lost():
    assert repaired(misread(HINDI).replace("\xa0", " ")) == HINDI


@pytest.mark.parametrize(
    ("mangled", "meant"),
    [
        ("Itâ€™s a â€œdealâ€\x9d worth â‚¹500 crore", "It’s a “deal” worth ₹500 crore"),
        ("worth Ã¢â€šÂ¹500 crore", "worth ₹500 crore"),
        ("Â£5 million â€“ and more", "£5 million – and more"),
        ("ï»¿The firm said", "The firm said"),
    ],
)
def test_marks_and_signs_of_money_in_english_come_back(mangled, meant):
    assert repaired(mangled) == meant


@pytest.mark.parametrize("lost", ["", "?", "\ufffd"])
def test_hindi_that_lost_bytes_on_the_way_is_refused(lost):
    mangled = misread(HINDI * 3)
    for sign in "\x81\x8d\x8f\x90\x9d":
        mangled = mangled.replace(sign, lost)
    with pytest.raises(NotAnArticle) as caught:
        repaired(mangled)
    assert caught.value.reason == "bad_encoding"


@pytest.mark.parametrize(
    "text",
    [
        "Café Müller à la façon d’été, Ångström, São Paulo, naïve, Señor Ñoño",
        "“Smart quotes” – and dashes — £5, ¥9, €3, 5° ¿Qué? ¡No! « Où ? »",
        "À Paris, l’Âge d’or; ÊTRE OU NE PAS ÊTRE; MANHÃ; Ã; Â; â; à ¤",
        "हिंदी “उद्धरण” और café – ₹20 · 5 °C",
    ],
)
def test_text_that_is_sound_never_changes(text):
    assert repaired(text) == text


@settings(max_examples=150, deadline=None)
@given(
    st.text(st.characters(min_codepoint=0x20, max_codepoint=0xFFFF, categories=("L", "N", "Z", "P", "Sc")))
)
def test_what_comes_back_is_what_was_mangled(text):
    whole = f"{text.replace(chr(0xFEFF), '')} हिंदी".replace("\x85", "")
    if repaired(whole) == whole:
        assert repaired(misread(whole)) == whole


@settings(max_examples=150, deadline=None)
@given(st.text("aàâéèêëïîôùûüçñãõÀÂÉÃÅÄäöøåßœ ’‘“”«».,–—…0123कमिरा।"))
def test_accents_quotes_and_hindi_side_by_side_never_change(text):
    assert repaired(text) == text
