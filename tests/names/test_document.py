"""What the sentences of one document tell each other."""

from pipeline.names.document import Found, Sentence, agreed


def sentence(text: str, *found: Found, open_: dict[str, float] | None = None) -> Sentence:
    """A tagged sentence; a word is surely outside any name unless `open_` says how probably."""
    forms = text.split()
    return Sentence(forms, found, [(open_ or {}).get(form, 0.999) for form in forms])


def told(*sentences: Sentence) -> list[list[tuple[str, str]]]:
    return [
        [(" ".join(one.forms[name.start : name.end]), name.kind) for name in names]
        for one, names in zip(sentences, agreed(sentences), strict=True)
    ]


SURE = sentence("उद्यमी उत्कर्ष अमिताभ ने कहा", Found(1, 3, "PERSON", 0.95))


def test_a_name_found_for_sure_is_found_wherever_it_may_stand() -> None:
    later = sentence("उत्कर्ष अमिताभ बोले", open_={"उत्कर्ष": 0.6, "अमिताभ": 0.5})
    assert told(SURE, later)[1] == [("उत्कर्ष अमिताभ", "PERSON")]


def test_a_name_cut_short_in_one_sentence_is_made_whole_by_another() -> None:
    cut = sentence("उत्कर्ष अमिताभ बोले", Found(1, 2, "PERSON", 0.6), open_={"उत्कर्ष": 0.8, "अमिताभ": 0.2})
    assert told(SURE, cut)[1] == [("उत्कर्ष अमिताभ", "PERSON")]


def test_a_person_named_in_full_may_be_named_later_by_the_first_name() -> None:
    later = sentence("उत्कर्ष के मुताबिक", open_={"उत्कर्ष": 0.6})
    assert told(SURE, later)[1] == [("उत्कर्ष", "PERSON")]


def test_a_company_named_in_full_may_be_called_later_by_its_coined_first_word() -> None:
    full = sentence("खरीदार पवनगिरि ग्रीन पावर है", Found(1, 4, "COMPANY", 0.97))
    later = sentence("पवनगिरि के पास", Found(0, 1, "LOC", 0.8), open_={"पवनगिरि": 0.1})
    assert told(full, later)[1] == [("पवनगिरि", "COMPANY")]


def test_a_common_word_or_a_place_in_a_company_name_does_not_stand_for_the_company() -> None:
    bank = sentence("बैंक ऑफ बड़ौदा ने", Found(0, 3, "COMPANY", 0.99))
    assert told(bank, sentence("बैंक ने कहा", open_={"बैंक": 0.9}))[1] == []
    punjab = sentence("पंजाब नेशनल बैंक ने", Found(0, 3, "COMPANY", 0.99))
    state = sentence("पंजाब में", Found(0, 1, "LOC", 0.8), open_={"पंजाब": 0.1})
    assert told(punjab, state)[1] == [("पंजाब", "LOC")]


def test_a_word_that_the_sentence_is_sure_is_no_name_stays_none() -> None:
    assert told(SURE, sentence("जीवन में उत्कर्ष चाहिए"))[1] == []


def test_an_unsure_type_gives_way_to_the_type_the_document_is_sure_of() -> None:
    sure = sentence("कंपनी Kestrel ने", Found(1, 2, "COMPANY", 0.95))
    unsure = sentence("Kestrel में", Found(0, 1, "LOC", 0.4), open_={"Kestrel": 0.1})
    assert told(sure, unsure)[1] == [("Kestrel", "COMPANY")]


def test_a_longer_name_is_never_torn_apart_by_a_shorter_one() -> None:
    place = sentence("दिल्ली में", Found(0, 1, "LOC", 0.99))
    court = sentence("दिल्ली हाईकोर्ट ने", Found(0, 2, "ORG", 0.6), open_={"दिल्ली": 0.01, "हाईकोर्ट": 0.01})
    assert told(place, court)[1] == [("दिल्ली हाईकोर्ट", "ORG")]


def test_a_guess_is_no_evidence() -> None:
    guess = sentence("उत्कर्ष अमिताभ ने", Found(0, 2, "PERSON", 0.5))
    assert told(guess, sentence("उत्कर्ष अमिताभ बोले", open_={"उत्कर्ष": 0.6, "अमिताभ": 0.6}))[1] == []
