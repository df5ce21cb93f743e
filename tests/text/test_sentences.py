"""Where sentences begin and end, in Hindi, English and mixed news."""

import time

import pytest
from hypothesis import given, settings

from pipeline.text.sentences import sentences
from tests.text.strange import news_scraps, strange_text


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "राम आया।¦ सीता गई।",
        "राम आया । ¦सीता गई ॥",
        "राम आया|¦ सीता गई",
        "बारिश हुई है. ¦सड़कें भर गईं.",
        "बारिश हुई है.¦उसने छाता खोला.",
        "मेला लगा था .¦उसके बाद सब लौटे।",
        "बैठक हुई थी.¦2019 में फिर हुई।",
        "क्या सच है? ¦हां! ¦ठीक।",
        "सोना महंगा... ¦चांदी सस्ती",
        'मंत्री ने कहा, "काम पूरा होगा।" ¦फिर वे चले गए।',
        "(यह पुरानी बात है।) ¦अब सब बदल गया है।",
        "The bank opened. ¦It closed at noon. ¦Why?",
        "दाम 50 रुपये है. ¦Shares rose 5%. ¦The rest fell.",
        "घाटा बढ़ा.¦The company denied it.",
        "वह सामने आई. ¦पुलिस ने पूछताछ की।",
        "वह डरता है...¦सब ठीक हो जाएगा…¦फिर वह हंसा।",
        "फिल्म का नाम अच्छा है. ¦के. मेहता ने कहा।",
        "वह बोला... । ¦यह सच है।",
        "धन्यवाद! । ¦फिर मिलेंगे।",
    ],
)
def test_a_stop_ends_a_sentence_at_each_bar(text: str) -> None:
    assert split(text.replace("¦", "")) == [part.strip() for part in text.split("¦")]


@pytest.mark.parametrize(
    "sentence",
    [
        "डॉ. शर्मा और प्रो. वर्मा से श्री. जोशी मिले।",
        "उसने रु. 500 और १.५ लाख रु. में 2.6 एकड़ ली।",
        "ए.आर. रहमान, के. चंद्रशेखर और आई. के. मेहता आए।",
        "उ.प्र. सरकार ने नं. 5 की जांच की।",
        "Infosys Ltd. ने Rs. 5 crore दिए।",
        "J. K. Mehta of Alpha Pvt. Ltd. met Mr. Rao and Dr. Sen at 10.30 a.m. on Jan. 5.",
        "U.S. officials, i.e. two of them, spoke to Apple Inc. chief Tim Cook.",
        "यह नवभारत.कॉम और www.Abc.com/Page.Html?x=1 पर report.pdf में है।",
        "Node.js और mail@firm.co.in यहां हैं।",
        "फिर वो...चला गया।",
        '"Will it rain?" he asked.',
        "1. राम आया।",
        "HDFC | ICICI",
        "उसे (!) हैरानी हुई।",
        "आर. बी. आई. ने दर घटाई।",
        "सी. बी. आई. जांच करेगी।",
        "एमपी. के 12 जिलों में बारिश हुई।",
        "मेहता इंक. का लाभ बढ़ा।",
        "थाने में अप. क्र. 12/20 दर्ज है।",
    ],
)
def test_a_stop_within_a_sentence_does_not(sentence: str) -> None:
    assert split(sentence) == [sentence]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("It was bought by Alpha Ltd. The price was not told.", "It was bought by Alpha Ltd."),
        ("किराया 500 रु. उन्होंने नहीं दिया।", "किराया 500 रु."),
        ("They live in the U.S. He left in 2019.", "They live in the U.S."),
        ("He said no. Then he left.", "He said no."),
    ],
)
def test_an_abbreviation_ends_a_sentence_where_the_next_word_begins_one(text: str, first: str) -> None:
    assert split(text)[0] == first


def test_every_line_is_a_sentence_of_its_own() -> None:
    assert split("बाजार में तेजी\n\nसेंसेक्स चढ़ा\nनिफ्टी भी। सोना गिरा") == [
        "बाजार में तेजी",
        "सेंसेक्स चढ़ा",
        "निफ्टी भी।",
        "सोना गिरा",
    ]


def test_signs_without_a_word_go_with_the_sentence_before() -> None:
    assert split("वाह! 😀 😀") == ["वाह! 😀 😀"]
    assert split("...") == ["..."]


def test_empty_text_has_no_sentences() -> None:
    assert sentences("") == sentences(" \n ") == []


@given(news_scraps | strange_text)
@settings(max_examples=500, deadline=None)
def test_sentences_are_in_order_trimmed_and_cover_every_word(text: str) -> None:
    spans = sentences(text)
    position = 0
    for start, end in spans:
        assert start >= position
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip() != ""
        assert "\n" not in text[start:end]
        position = end
    assert text[position:].strip() == ""


@pytest.mark.parametrize(
    "text",
    ["क" * 1_000_000, "क " * 500_000, "." * 500_000, ". " * 250_000, '"' * 500_000, "है। " * 20_000,
     "A." * 20_000, "क|" * 20_000, "http://" * 50_000, "\n" * 500_000],
    ids=["letters", "words", "stops", "spaced stops", "quotes", "dandas", "initials", "pipes", "addresses", "lines"],
)  # fmt: skip
def test_hostile_text_takes_no_more_than_linear_time(text: str) -> None:
    started = time.process_time()
    sentences(text)
    assert time.process_time() - started < 5
