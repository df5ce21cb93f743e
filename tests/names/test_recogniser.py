"""Names found in real sentences, whatever the text."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.names.recogniser import Name, load
from pipeline.text.devanagari import normalise
from pipeline.text.sentences import sentences
from pipeline.text.tokens import tokens


def found(source: str) -> list[tuple[str, str]]:
    """The (text, type) of every name in a source text."""
    text = normalise(source).text
    return [(text[name.start : name.end], name.type) for name in names(text)]


def names(text: str) -> list[Name]:
    return load().names(text, sentences(text))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("प्रधानमंत्री नरेंद्र मोदी ने दिल्ली में बैठक की।", [("नरेंद्र मोदी", "PERSON"), ("दिल्ली", "LOC")]),
        (
            "भारतीय रिजर्व बैंक ने एचडीएफसी बैंक पर जुर्माना लगाया।",
            [("भारतीय रिजर्व बैंक", "ORG"), ("एचडीएफसी बैंक", "COMPANY")],
        ),
        ("टाटा कंसल्टेंसी सर्विसेज के शेयर चढ़े।", [("टाटा कंसल्टेंसी सर्विसेज", "COMPANY")]),
        ("सुप्रीम कोर्ट ने केंद्र सरकार से जवाब मांगा।", [("सुप्रीम कोर्ट", "ORG"), ("केंद्र सरकार", "ORG")]),
        ("माइक्रोसॉफ्ट और Infosys ने करार किया।", [("माइक्रोसॉफ्ट", "COMPANY"), ("Infosys", "COMPANY")]),
        ("Infosys opened an office in Pune on Monday.", [("Infosys", "COMPANY"), ("Pune", "LOC")]),
        ("बारिश के कारण फसल को नुकसान हुआ।", []),
        ("The rupee gained 9 paise in early trade.", []),
    ],
)
def test_names_are_found_whole_and_with_their_type(source: str, expected: list[tuple[str, str]]) -> None:
    assert found(source) == expected


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("बैंक ऑफ बड़ौदा ने कर्ज दिया।", "बैंक ऑफ बडौदा ने कर्ज दिया।"),
        ("नरेन्द्र मोदी ने कहा।", "नरेंद्र मोदी ने कहा।"),
        ("रिज़र्व बैंक ने कहा।", "रिजर्व बैंक ने कहा।"),
    ],
)
def test_the_spelling_of_a_name_does_not_matter(one: str, other: str) -> None:
    assert [kind for _, kind in found(one)] == [kind for _, kind in found(other)] != []


def test_titles_postpositions_and_quotes_stay_outside() -> None:
    assert found('"श्री राहुल गांधी ने" पटना में कहा।') == [("राहुल गांधी", "PERSON"), ("पटना", "LOC")]


def test_a_person_named_in_full_is_known_later_by_the_first_name() -> None:
    text = "कंपनी के संस्थापक उदय प्रताप सिंह ने पुणे में कहा।\nउदय के मुताबिक काम जारी है।"
    assert [one for one in found(text) if one[1] == "PERSON"] == [
        ("उदय प्रताप सिंह", "PERSON"),
        ("उदय", "PERSON"),
    ]


@settings(max_examples=150, deadline=None)
@given(st.text(st.sampled_from("कखगनमरलसिाीुे्ं़ँ।. \n,()\"'-१2aBcDEfटाटाNTPC₹%\u200d\U0001f600"), max_size=120))
def test_any_text_gives_names_in_order_on_tokens_without_overlaps(source: str) -> None:
    text = normalise(source).text
    starts, ends = {start for start, _ in tokens(text)}, {end for _, end in tokens(text)}  # but for a visarga
    last = 0
    for name in names(text):
        assert last <= name.start < name.end <= len(text)
        assert name.start in starts
        assert name.end in ends
        assert 0.0 <= name.score <= 1.0
        assert name.type in {"PERSON", "COMPANY", "ORG", "LOC"}
        last = name.end


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=60))
def test_text_of_any_script_never_raises_even_as_one_sentence(text: str) -> None:
    load().names(text, [(0, len(text))])


def test_no_sentences_give_no_names() -> None:
    assert load().names("नरेंद्र मोदी", []) == []


def test_a_sentence_of_very_many_words_is_read_through_to_its_end() -> None:
    text = "और " * 20_000 + "नरेंद्र मोदी ने कहा"
    assert [text[name.start : name.end] for name in load().names(text, [(0, len(text))])] == ["नरेंद्र मोदी"]


def test_the_weights_are_read_once() -> None:
    assert load() is load()


def test_threads_that_share_a_recogniser_find_what_one_alone_finds() -> None:
    texts = [f"प्रधानमंत्री नरेंद्र मोदी ने {city} में कहा।" for city in ("दिल्ली", "पटना", "मुंबई", "जयपुर")] * 10
    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(found, texts)) == [found(text) for text in texts]


@pytest.mark.parametrize(
    ("text", "company"),
    [
        ("गौतम अडानी ने कहा। अडानी के शेयर 5% चढ़े।", "अडानी"),
        ("रतन टाटा नहीं रहे। टाटा के शेयर गिरे और टाटा ने बैठक टाली।", "टाटा"),
    ],
)
def test_a_company_that_bears_a_persons_name_stays_a_company_where_that_is_sure(
    text: str, company: str
) -> None:
    assert (company, "COMPANY") in found(text)
