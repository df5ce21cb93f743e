"""Which language a text is in, and that doubt keeps an article."""

import threading
import time
from pathlib import Path

import pytest
from hypothesis import given, settings

from pipeline.text.language import Language, identify, paragraph_languages
from tests.text.strange import strange_text

PARAGRAPHS = Path(__file__).parents[2] / "benchmarks/paragraphs.tsv"
SHARED = Path(__file__).parents[2] / "../shared/data"

HINDI = "सरकार ने किसानों के लिए नई योजना की घोषणा की है और अगले महीने से इसका लाभ मिलने लगेगा।"
ENGLISH = "The government has announced a new scheme for farmers, who will benefit from it next month."


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("hi", HINDI),
        ("en", ENGLISH),
        ("mr", "राज्य सरकारने शेतकऱ्यांसाठी नवीन योजना जाहीर केली आहे आणि पुढच्या महिन्यापासून त्यांना लाभ मिळणार आहे असे मंत्र्यांनी सांगितले"),
        ("ne", "सरकारले किसानहरूका लागि नयाँ योजना ल्याएको छ र अर्को महिनादेखि उनीहरूले यसको फाइदा पाउनेछन् भनेर मन्त्रीले बताउनुभयो"),
        ("ta", "விவசாயிகளுக்கான புதிய திட்டத்தை அரசு அறிவித்துள்ளது என்று அமைச்சர் கூறினார்"),
        ("bn", "কৃষকদের জন্য সরকার একটি নতুন প্রকল্প ঘোষণা করেছে বলে মন্ত্রী জানিয়েছেন"),
        ("ur", "حکومت نے کسانوں کے لیے ایک نئے منصوبے کا اعلان کیا ہے"),
        ("fr", "Le gouvernement a annoncé hier un nouveau programme pour les agriculteurs de la région"),
        ("es", "El gobierno anunció ayer un nuevo programa para los agricultores que se verán afectados"),
        ("id", "Pemerintah mengumumkan program baru untuk para petani yang akan dimulai pada bulan depan"),
        ("zh", "政府昨天宣布了一项针对农民的新计划，将于下个月开始实施"),
        ("und", ""),
        ("und", "😀 👍🏽 123 ₹ ॥"),
    ],
)  # fmt: skip
def test_the_language_of_a_text_in_one_language(code: str, text: str) -> None:
    found = identify(text)
    assert (found.code, found.code_mixed) == (code, False)
    assert 0 <= found.confidence <= 1


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("bho", "हमनी के गांव में एगो नया स्कूल बनल बा, बाकिर अबहीं ले कवनो मास्टर नइखे आइल। लइकन के पढ़ावे खातिर रउआ सभे से मदद मांगल गइल बा।"),
        ("bra", "गाम के बड़े नैं कही कै या बरस खेतन में पानी नाँय भयौ, तौ किसान कछु बोय नाँय सकै। बिनके लरिका नैं सहर कूँ जायबे कौ मन बना लियौ अरु चल दियौ।"),
        ("awa", "गाँव मा सब जने जानत रहैं कि परधान कै लरिका सहर मा पढ़ति रहै। यहि बरस वहिका नौकरी मिलि गै तौ सब खुस भये औ मिठाई बाँटी गै।"),
        ("sa", "रामः नगरं गच्छति। तत्र तस्य मित्रम् अस्ति। सः प्रतिदिनं पुस्तकानि पठति लिखति च। तस्य गृहे बहूनि पुस्तकानि सन्ति इति सर्वे जनाः वदन्ति।"),
        ("mr", "मुंबई महापालिकेने शहरात नवीन उद्यान उभारण्याचा निर्णय घेतला आहे. त्यासाठी दोन कोटी रुपये खर्च करण्यात येणार असून काम लवकरच सुरू होणार आहे, असे महापौरांनी सांगितले."),
    ],
)  # fmt: skip
def test_two_sentences_in_a_kin_of_hindi_are_told_from_hindi(code: str, text: str) -> None:
    assert identify(text).code == code


def held_out(*languages: str) -> list[tuple[str, str]]:
    """The second, fourth … of our paragraphs of each language, on which nothing was trained."""
    rows = [
        line.split("\t") for line in PARAGRAPHS.read_text(encoding="utf-8").splitlines() if line[0] != "#"
    ]
    return [(own, text) for own in languages for text in [text for code, text in rows if code == own][1::2]]


def test_paragraphs_in_hindi_english_marathi_and_nepali_are_told_apart() -> None:
    paragraphs = held_out("hi", "en", "mr", "ne")
    right = sum(identify(text).code == own for own, text in paragraphs)
    assert right / len(paragraphs) >= 0.99


def test_their_first_seven_words_are_nearly_always_enough_and_hindi_is_never_missed() -> None:
    found = [
        (own, identify(" ".join(text.split()[:7])).code) for own, text in held_out("hi", "en", "mr", "ne")
    ]
    assert sum(own == code for own, code in found) / len(found) >= 0.95
    assert all(code == "hi" for own, code in found if own == "hi")


def test_paragraphs_in_the_kin_of_hindi_and_other_languages_of_its_script_are_told_apart() -> None:
    paragraphs = held_out("bho", "mag", "awa", "bra", "mai", "sa", "kok", "doi", "sd")
    right = sum(identify(text).code == own for own, text in paragraphs)
    assert right / len(paragraphs) >= 0.9


def test_an_article_is_in_the_language_of_most_of_its_words() -> None:
    marathi = "राज्य सरकारने शेतकऱ्यांसाठी नवीन योजना जाहीर केली आहे आणि लवकरच त्यांना लाभ मिळणार आहे."
    assert identify(f"{HINDI * 3}\n\n{marathi}").code == "hi"
    assert identify(f"{marathi}\n\n{HINDI * 3}").code == "hi"
    assert identify(f"{HINDI}\n\n{marathi * 3}").code == "mr"


def test_every_paragraph_has_its_language_and_its_place() -> None:
    marathi = "राज्य सरकारने शेतकऱ्यांसाठी नवीन योजना जाहीर केली आहे आणि लवकरच त्यांना लाभ मिळणार आहे."
    text = f"\n  {HINDI} \n\n{marathi}\n{ENGLISH}\n \n"
    found = paragraph_languages(text)
    assert [text[start:end] for start, end, _ in found] == [HINDI, marathi, ENGLISH]
    assert [language.code for *_, language in found] == ["hi", "mr", "en"]
    assert paragraph_languages(" \n\n") == []


def test_small_words_that_many_languages_share_do_not_make_a_text_romanised_hindi() -> None:
    assert (
        identify(
            "Rais alisema jana kwamba hali ya uchumi ka nchi ki jumla imeimarika se mwaka huu kuliko mwaka jana"
        ).code
        != "hi"
    )


def test_a_long_word_without_a_space_takes_no_more_than_linear_time() -> None:
    started = time.process_time()
    for sign in ("a", "1", "a@", "क"):
        identify(sign * 500_000)
    assert time.process_time() - started < 2


@pytest.mark.parametrize("text", ["राम", "आहे", "दिल्ली, मुंबई, पटना", "शेयर बाजार"])
def test_short_devanagari_is_hindi(text: str) -> None:
    assert identify(text).code == "hi"


@pytest.mark.parametrize("text", ["Hello", "Paris Berlin", "Sensex 500", "Ambani, Tata, Birla"])
def test_short_latin_is_english(text: str) -> None:
    assert identify(text).code == "en"


@pytest.mark.parametrize(
    "text",
    [
        "Startup ने नया funding round पूरा किया और valuation double हो गई",
        "Company ne naye investors se 40 crore rupaye jutaye hain aur ab team badhane ki taiyari hai",
        "yeh company ab bahut badi ho gayi hai lekin munafa kam hua",
    ],
)
def test_hindi_mixed_with_english_or_in_latin_letters_is_mixed_hindi(text: str) -> None:
    found = identify(text)
    assert (found.code, found.code_mixed) == ("hi", True)


@pytest.mark.parametrize(
    "text",
    [
        "HDFC Bank और ICICI Bank के शेयरों में आज तेजी रही, जबकि SBI में गिरावट आई",
        HINDI + " https://example.in/news/some-long-address-of-a-page?from=home&to=story",
    ],
)
def test_names_and_addresses_alone_do_not_mix(text: str) -> None:
    assert identify(text) == Language("hi", False, identify(text).confidence)


def test_an_english_article_that_quotes_hindi_is_english() -> None:
    found = identify(ENGLISH + " The minister said it in three words: जय जवान, जय किसान.")
    assert (found.code, found.code_mixed) == ("en", True)


def test_the_model_may_be_asked_from_many_threads_at_once() -> None:
    found: list[str] = []
    threads = [threading.Thread(target=lambda: found.append(identify(HINDI).code)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == ["hi"] * 8


@given(strange_text)
@settings(max_examples=200, deadline=None)
def test_any_string_has_an_answer(text: str) -> None:
    found = identify(text)
    assert found.code
    assert 0 <= found.confidence <= 1


def test_real_hindi_newspapers_are_hindi() -> None:
    papers = sorted((SHARED / "text/news-2020").glob("*.txt"))
    if not papers:
        pytest.skip("the newspapers are not beside the project")
    for paper in papers[::6]:  # all of them: benchmarks.language_quality
        found = identify(paper.read_text(encoding="utf-8"))
        assert (found.code, found.code_mixed) == ("hi", False), paper.name


def test_single_hindi_sentences_stay_hindi() -> None:
    suite = SHARED / "suites/vardial2018_ili_dev.tsv"
    if not suite.exists():
        pytest.skip("the sentences are not beside the project")
    rows = [line.split("\t") for line in suite.read_text(encoding="utf-8").splitlines()]
    hindi = [text for text, label in rows if label == "HIN"][::3]
    kept = sum(identify(text).code == "hi" for text in hindi)
    assert kept / len(hindi) > 0.995
