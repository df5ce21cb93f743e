"""Hindi typed for fonts from before Unicode: Kruti Dev is converted, others are refused, English never."""

from pathlib import Path

import pytest
import regex

from pipeline.reading import NotAnArticle
from pipeline.reading.kruti_dev import is_well_formed, to_unicode
from pipeline.reading.legacy_fonts import without_legacy_fonts
from pipeline.reading.reasons import REASONS
from pipeline.reading.unmangled import unmangled
from tests.reading.typist import typed

PARAGRAPHS = Path(__file__).parents[2] / "benchmarks/paragraphs.tsv"
SHARED = Path(__file__).parents[2] / "../shared/data"
NEWS = (
    "iz/kkuea=h us dgk fd ljdkj fdlkuksa ds fy, 2-5 yk[k djksM+ #i;s nsxhA jkT;ksa ls fjiksVZ ekaxh xbZ gSA "
    "mUgksaus fo'ofo|ky; ds Nk=ksa dks Hkh crk;k fd 10]000 yksxksa dks blls Qk;nk gksxkA"
)
MEANT = (
    "प्रधानमंत्री ने कहा कि सरकार किसानों के लिए 2.5 लाख करोड़ रुपये देगी। राज्यों से रिपोर्ट मांगी गई है। "
    "उन्होंने विश्वविद्यालय के छात्रों को भी बताया कि 10,000 लोगों को इससे फायदा होगा।"
)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("fLFkfr", "स्थिति"),  # the short i goes behind its consonants
        ("vkfFkZd", "आर्थिक"),  # the r above goes before its syllable
        ("ekxksZa", "मार्गों"),
        ("dk;ZØe", "कार्यक्रम"),
        ("fu.kZ;", "निर्णय"),
        ("vFkkZr~", "अर्थात्"),
        ('jk"Vªifr', "राष्ट्रपति"),
        ("vkSj", "और"),
        (",sls", "ऐसे"),
        ("djksM+", "करोड़"),
        ("[+kku", "ख़ान"),
        ("df{k", "कक्षि"),
        ("mÙkj", "उत्तर"),
        ("fo#)", "विरुद्ध"),
        ("vkWuykbu", "ऑनलाइन"),
        ("Øe'k%", "क्रमशः"),
        ("¼15½", "(15)"),
        ("12%30", "12:30"),
        ("gSA", "है।"),
    ],
)
def test_keys_become_what_they_look_like(typed, meant):
    assert to_unicode(typed) == meant
    assert is_well_formed(meant)


def test_an_article_in_kruti_dev_is_converted_with_its_sums():
    assert unmangled(NEWS) == MEANT
    assert unmangled("Hkkjr ljdkj us dgk") == "भारत सरकार ने कहा"


def test_every_hindi_paragraph_comes_back_from_its_keys():
    rows = [line.split("\t") for line in PARAGRAPHS.read_text("utf-8").splitlines()]
    paragraphs = [row[1] for row in rows if row[0] == "hi"]
    assert len(paragraphs) == 60
    for paragraph in paragraphs:
        assert unmangled("\n".join([NEWS, typed(paragraph)])) == "\n".join([MEANT, paragraph])


def test_every_word_of_the_news_is_spelt_as_it_was_typed():
    paper = SHARED / "text/news-2020/au-2020-04-01.txt"
    if not paper.exists():
        pytest.skip("the newspapers are not beside the project")
    words = set(regex.findall(r"(?:[क-हअ-औ][ािीुूृेैोौ्]?़?[ंँ]?){2,}", paper.read_text("utf-8")))
    wrong = [word for word in words if is_well_formed(word) and to_unicode(typed(word)) != word]
    assert len(words) > 500
    assert len(wrong) < 0.01 * len(words)


def test_the_header_of_a_record_addresses_and_abbreviations_stay():
    text = f" date 2024-05-01 {NEWS}\nwww.abc.in/x news@abc.in SBI TCS 2019"
    assert unmangled(text) == f" date 2024-05-01 {MEANT}\nwww.abc.in/x news@abc.in SBI TCS 2019"


def test_lines_in_english_or_unicode_between_stay():
    lines = ["Reported by our own correspondent in New Delhi", "सरकार ने कहा कि", NEWS]
    assert unmangled("\n".join(lines)) == "\n".join([*lines[:2], MEANT])


@pytest.mark.parametrize(
    "text",
    [
        "ÖæÚUÌ âÚU·¤æÚU Ùð ·¤ãæ ãñ ç·¤ ç·¤âæÙæð´ ·¤ð çÜ° Ù§ü ØæðÁÙæ ÕÙæ§ü »§ü ãñ ¥æñÚU §ââð ÜæÖ ãæð»æ",
        "BaI maoM hO AaOr sao nao nahIM kI sarkar hO maoM AaOr sao nao",
        "ds esa dks gS gSa vkSj fd ;g " + "xyzzy'Q qW;t +zz " * 6,
    ],
)
def test_other_fonts_and_what_makes_no_hindi_are_refused(text):
    with pytest.raises(NotAnArticle) as caught:
        unmangled(text)
    assert caught.value.reason == "legacy_font"
    assert "legacy_font" in REASONS


@pytest.mark.parametrize(
    "text",
    [
        "The US gave us $5 million, said Mr. Dk Singh of HDFC Ltd; the 3 rd tranche is due on 5/6.",
        "ls -l | grep dk; cd /usr/src && make; print(x['gh'])",
        "kya hal h bhai, kl milte h, nhi to bs rhne do, mt kr",
        "Café à Paris; São Paulo; MÜNCHEN; ÉTÉ",
        "",
        "12345 – 67 %",
    ],
)
def test_english_code_and_romanised_hindi_are_left_alone(text):
    assert without_legacy_fonts(text) == text


def test_no_news_is_taken_for_a_font():
    files = [*(SHARED / "ner").glob("*_news.jsonl"), *(SHARED / "ner").glob("news_*.jsonl")]
    if not files:
        pytest.skip("the sentences are not beside the project")
    for file in files:
        for line in file.read_text("utf-8").splitlines():
            assert unmangled(line) == line
