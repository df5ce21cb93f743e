"""Sums of money as they stand in the news: what is found, exactly, and what is left alone."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.money.amounts import Sum, find_sums


def told(text: str) -> list[str]:
    """Every sum of `text` in short: surface, currency, value or values, then modifier and unit if there are any."""
    return [_told(text, found) for found in find_sums(text)]


def _told(text: str, found: Sum) -> str:
    values = "?" if found.minimum is None else f"{found.minimum:f}"
    if found.maximum != found.minimum:
        values += f"..{found.maximum:f}"
    extras = [extra for extra in (found.modifier, found.per) if extra]
    return " | ".join([text[found.start : found.end], f"{found.currency} {values}", *extras])


def surfaces(text: str) -> list[str]:
    return [text[found.start : found.end] for found in find_sums(text)]


CURRENCIES = [
    ("₹50 करोड़ मिले", "₹50 करोड़ | INR 500000000"),
    ("Rs.236.84 a share", "Rs.236.84 | INR 236.84 | share"),
    ("5 हजार रु. दिए", "5 हजार रु. | INR 5000"),
    ("5000/- रुपये जमा", "5000/- रुपये | INR 5000"),
    ("Rupees five lakh only", "Rupees five lakh | INR 500000"),
    ("₹5 लाख रुपये का चेक", "₹5 लाख रुपये | INR 500000"),
    ("655 करोड रुपयों की लागत", "655 करोड रुपयों | INR 6550000000"),
    ("2.2 अरब अमेरिकी डॉलर", "2.2 अरब अमेरिकी डॉलर | USD 2200000000"),
    ("35 लाख सिंगापुर डॉलर", "35 लाख सिंगापुर डॉलर | SGD 3500000"),
    ("A$45 million", "A$45 million | AUD 45000000"),
    ("US $5bn", "US $5bn | USD 5000000000"),
    ("HK$500 million", "HK$500 million | HKD 500000000"),
    ("$5 million Canadian dollars", "$5 million Canadian dollars | CAD 5000000"),
    ("6,500 नेपाली रुपये", "6,500 नेपाली रुपये | NPR 6500"),
    ("AED 3.2 million", "AED 3.2 million | AED 3200000"),
    ("75 USD million", "75 USD million | USD 75000000"),
    ("20 लाख पौंड", "20 लाख पौंड | GBP 2000000"),
    ("450 करोड़ येन", "450 करोड़ येन | JPY 4500000000"),
    ("50 billion won", "50 billion won | KRW 50000000000"),
    ("1000 कुवैती दीनार", "1000 कुवैती दीनार | KWD 1000"),
    ("10 अरब यूरो", "10 अरब यूरो | EUR 10000000000"),
]


@pytest.mark.parametrize(("text", "expected"), CURRENCIES)
def test_a_currency_is_known_before_after_or_on_both_sides(text: str, expected: str) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize("text", ["1000 दीनार", "20 अरब फ्रैंक", "500 पेसो", "5 crore won by India"])
def test_a_currency_word_that_leaves_the_currency_open_gives_nothing(text: str) -> None:
    assert told(text) == []


COINS = [
    ("2 रुपये 50 पैसे", "2 रुपये 50 पैसे | INR 2.5"),
    ("75 पैसे", "75 पैसे | INR 0.75"),
    ("58 rupaye 50 paise", "58 rupaye 50 paise | INR 58.5"),
    ("thirteen dollars and forty-five cents", "thirteen dollars and forty-five cents | USD 13.45"),
    ("20-30 पैसे", "20-30 पैसे | INR 0.2..0.3"),
    ("half a paisa", "half a paisa | INR 0.005"),
]


@pytest.mark.parametrize(("text", "expected"), COINS)
def test_coins_count_as_fractions_of_their_currency(text: str, expected: str) -> None:
    assert told(text) == [expected]


FUSED = [
    ("₹50k", "₹50k | INR 50000"),
    ("₹3.2L", "₹3.2L | INR 320000"),
    ("₹84cr", "₹84cr | INR 840000000"),
    ("$1.8B", "$1.8B | USD 1800000000"),
    ("$260m", "$260m | USD 260000000"),
    ("Rs 612-crore road", "Rs 612-crore | INR 6120000000"),
    ("₹12 LPA", "₹12 LPA | INR 1200000 | year"),
    ("100+ करोड़ रुपये", "100+ करोड़ रुपये | INR 1000000000 | more_than"),
]


@pytest.mark.parametrize(("text", "expected"), FUSED)
def test_units_may_be_fused_to_the_digits(text: str, expected: str) -> None:
    assert told(text) == [expected]


RANGES = [
    ("10 से 15 लाख रुपये", "10 से 15 लाख रुपये | INR 1000000..1500000"),
    ("800 से 1,200 करोड़ रुपये", "800 से 1,200 करोड़ रुपये | INR 8000000000..12000000000"),
    ("90 लाख से 1.10 करोड़ रुपये", "90 लाख से 1.10 करोड़ रुपये | INR 9000000..11000000"),
    ("500 से 2 हजार रुपये", "500 से 2 हजार रुपये | INR 500..2000"),
    ("50,000 से 1 लाख रुपये", "50,000 से 1 लाख रुपये | INR 50000..100000"),
    ("1.2 से 1.5 लाख करोड़ रुपये", "1.2 से 1.5 लाख करोड़ रुपये | INR 1200000000000..1500000000000"),
    ("₹1.5 लाख से ₹2 लाख तक", "₹1.5 लाख से ₹2 लाख | INR 150000..200000"),
    ("₹318-335 प्रति शेयर", "₹318-335 | INR 318..335 | share"),
    ("$18–20 million", "$18–20 million | USD 18000000..20000000"),
    ("₹50 lakh-₹3 crore", "₹50 lakh-₹3 crore | INR 5000000..30000000"),
    ("between ₹10,000 and ₹2 lakh", "₹10,000 and ₹2 lakh | INR 10000..200000"),
    ("5 लाख और 8 लाख रुपये के बीच", "5 लाख और 8 लाख रुपये | INR 500000..800000"),
    ("एक-डेढ़ लाख रुपये", "एक-डेढ़ लाख रुपये | INR 100000..150000"),
    ("सौ दो सौ रुपये", "सौ दो सौ रुपये | INR 100..200"),
    ("199 रुपये से लेकर 999 रुपये तक", "199 रुपये से लेकर 999 रुपये | INR 199..999"),
]


@pytest.mark.parametrize(("text", "expected"), RANGES)
def test_a_range_is_one_sum_and_shares_scale_and_currency(text: str, expected: str) -> None:
    assert told(text) == [expected]


CHANGES = [
    ("फीस 500 से बढ़ाकर 700 रुपये", ["500", "700 रुपये"]),
    ("डेढ़ लाख से बढ़ाकर ढाई लाख रुपये करने की मांग", ["डेढ़ लाख", "ढाई लाख रुपये"]),
    ("शेयर ₹12 से ₹640 हुआ", ["₹12", "₹640"]),
    ("किराया 500 रुपये से 700 रुपये कर दिया", ["500 रुपये", "700 रुपये"]),
    ("raised from Rs 2 crore to Rs 5 crore", ["Rs 2 crore", "Rs 5 crore"]),
    ("gold jumped Rs 1,300 to Rs 1,25,400", ["Rs 1,300", "Rs 1,25,400"]),
]


@pytest.mark.parametrize(("text", "expected"), CHANGES)
def test_a_change_is_two_sums(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_both_halves_of_a_change_have_the_unit_that_one_names() -> None:
    assert told("मजदूरी 200 रुपये से बढ़ाकर 300 रुपये रोज") == ["200 रुपये | INR 200 | day", "300 रुपये | INR 300 | day"]


def test_a_sum_said_twice_is_the_same_sum_for_each_person() -> None:
    assert told("युवकों से 10-10 लाख रुपये लिए") == ["10-10 लाख रुपये | INR 1000000 | person"]


def test_a_sum_repeated_in_brackets_is_a_sum_of_its_own() -> None:
    assert told("10.8 करोड़ डॉलर (करीब 900 करोड़ रुपये) का कर्ज") == [
        "10.8 करोड़ डॉलर | USD 108000000",
        "900 करोड़ रुपये | INR 9000000000 | approx",
    ]


@pytest.mark.parametrize("text", ["करोड़ों रुपये", "हजारों करोड़ रुपये", "crores of rupees", "कई लाख डॉलर"])
def test_indefinite_sums_are_found_without_a_value(text: str) -> None:
    (found,) = find_sums(text)
    assert (found.form, found.minimum, found.maximum) == ("indefinite", None, None)
    assert (found.start, found.end) == (0, len(text))


MODIFIERS = [
    ("करीब [5 करोड़ रुपये]", "approx"),
    ("लगभग कुल [5 करोड़ रुपये]", "approx"),
    ("[5 करोड़ रुपये] के आसपास", "approx"),
    ("nearly [Rs 5 crore]", "approx"),
    ("[5 करोड़ रुपये] से ज़्यादा", "more_than"),
    ("[1 लाख करोड़ रुपये] के पार", "more_than"),
    ("crossed [Rs 107]", "more_than"),
    ("[Rs 1,000 crore]-plus", "more_than"),
    ("[15 रुपये] किलो से अधिक", "more_than"),
    ("[2 लाख रुपये] से कम", "less_than"),
    ("slipped below [Rs 9]", "less_than"),
    ("[5 लाख रुपये] तक", "up_to"),
    ("अधिकतम [5 लाख रुपये]", "up_to"),
    ("not exceeding [Rs 18,000 crore]", "up_to"),
    ("कम से कम [8,000 रुपये]", "at_least"),
    ("[₹99] से शुरू", "at_least"),
    ("[Rs 1 lakh] or more", "at_least"),
]


@pytest.mark.parametrize(("marked", "expected"), MODIFIERS)
def test_a_modifier_on_either_side_is_told_and_left_outside(marked: str, expected: str) -> None:
    before, surface, after = marked.replace("[", "]").split("]")
    text = before + surface + after
    (found,) = find_sums(text)
    assert (text[found.start : found.end], found.modifier) == (surface, expected)


@pytest.mark.parametrize("text", ["₹40 हजार से शुरू किया काम", "the wage would go up to Rs 540", "60-80 रुपये तक"])
def test_words_that_only_look_like_modifiers_are_none(text: str) -> None:
    (found,) = find_sums(text)
    assert found.modifier is None


UNITS = [
    ("85 डॉलर प्रति घंटे", "hour"),
    ("400 रुपये रोज", "day"),
    ("एक रात का किराया 1.25 लाख रुपये", "day"),
    ("weekly ₹500", "week"),
    ("50,000 रुपये प्रति माह", "month"),
    ("Rs 5,000/month", "month"),
    ("हर महीने 2,000 रुपये", "month"),
    ("₹2.3 करोड़ सालाना", "year"),
    ("12 लाख रुपये तक की सालाना आय", "year"),
    ("Rs 50 lakh per annum", "year"),
    ("प्रति व्यक्ति 5 हजार रुपये", "person"),
    ("हर कर्मचारी को 21,000 रुपये", "person"),
    ("Rs 12.50 per equity share", "share"),
    ("40 रुपये किलो", "kg"),
    ("62,000 रुपये प्रति 10 ग्राम", "10g"),
    ("2,425 रुपये प्रति क्विंटल", "quintal"),
    ("Rs 107 a litre", "litre"),
    ("78 डॉलर प्रति बैरल", "barrel"),
    ("12 रुपये प्रति किमी", "km"),
    ("8,000 रुपये वर्ग फुट", "sqft"),
    ("500 रुपये प्रति एकड़", "acre"),
    ("6.55 रुपये प्रति यूनिट", "unit"),
    ("5 लाख रुपये प्रति एपिसोड", "episode"),
    ("Rs 10 lakh per Instagram post", "post"),
]


@pytest.mark.parametrize(("text", "expected"), UNITS)
def test_the_unit_of_a_rate_is_told_and_left_outside(text: str, expected: str) -> None:
    (found,) = find_sums(text)
    assert found.per == expected


def test_a_year_earlier_is_no_rate() -> None:
    (found,) = find_sums("against Rs 60.2 crore a year earlier")
    assert found.per is None


IMPLIED = [
    ("12 करोड़ का घोटाला", "12 करोड़"),
    ("10 लाख का जुर्माना", "10 लाख"),
    ("सैलरी डेढ़ लाख से ज्यादा", "डेढ़ लाख"),
    ("8 करोड़ की कार खरीदी", "8 करोड़"),
    ("टीम ने 85 लाख में खरीदा", "85 लाख"),
    ("शिक्षक से 38 लाख ठगे", "38 लाख"),
    ("बदले में मांगे थे 12 हजार", "12 हजार"),
    ("बजट 500 करोड़ रहा", "500 करोड़"),
    ("15 लाख नकद लिए", "15 लाख"),
    ("40,000 की घूस लेते पकड़ा", "40,000"),
    ("27 करोड़ी खिलाड़ी", "27 करोड़ी"),
    ("a turnover of 300 crore", "300 crore"),
    ("300-crore project", "300-crore"),
    ("fined 5 lakh", "5 lakh"),
    ("'50 लाख' की रिश्वत", "50 लाख"),
]


@pytest.mark.parametrize(("text", "expected"), IMPLIED)
def test_a_number_beside_a_money_cue_is_rupees(text: str, expected: str) -> None:
    assert [(text[found.start : found.end], found.currency) for found in find_sums(text)] == [
        (expected, "INR")
    ]


NO_MONEY = [
    "20 लाख से ज्यादा एक्सपर्ट्स",
    "5 लाख वोट मिले",
    "2 करोड़ की आबादी",
    "10 करोड़ डोज लगीं",
    "5 लाख टन गेहूं",
    "कंपनी के 5 करोड़ शेयर",
    "10 लाख फॉलोअर्स",
    "सेंसेक्स 500 अंक चढ़कर 75,000 पर",
    "50 करोड़पति",
    "रुपे कार्ड से 5 हजार लोग जुड़े",
    "Euro 2024 में जर्मनी",
    "10 पाउंड वजन घटाया",
    "five pounds of sugar",
    "six cents of land",
    "Fortune 100 companies",
    "धारा 420 के तहत",
    "मोबाइल 9876543210 पर कॉल करें",
    "पिन कोड 110001",
    "24/7 सेवा, 12:30 बजे तक",
    "सऊदी अरब का सुझाव",
    "एक-एक पैसा लौटाएंगे",
    "Million Dollar Baby",
    "5 crore users",
    "लाखों लोग सड़क पर",
    "मामले 17 हजार के आंकड़े को पार कर गए",
    "https://example.com/news/25-crore-deal",
]


@pytest.mark.parametrize("text", NO_MONEY)
def test_what_is_not_money_is_left_alone(text: str) -> None:
    assert told(text) == []


DOUBTFUL = [
    "(1 लाख 20 हजार) करोड़ रुपये",
    ".5 करोड़ रुपये",
    "Rs 5, 000",
    "12,34 रुपये",
    "2 करोड़ 235 लाख रुपये",
    "purchasing power of Rs 85 l…",
    "9" * 40 + " रुपये",
    "1.23456 रुपये",
]


@pytest.mark.parametrize("text", DOUBTFUL)
def test_doubt_gives_nothing(text: str) -> None:
    assert told(text) == []


def test_bare_rupees_beside_the_code_of_other_rupees_are_in_doubt() -> None:
    assert told("The PKR closed at Rs 236.84 per dollar") == []
    assert told("PKR fell, while ₹5 crore was paid") == ["₹5 crore | INR 50000000"]


def test_a_sum_of_any_size_that_the_column_holds_is_exact() -> None:
    (found,) = find_sums("₹1234567890123456789012345678901234.5678")
    assert found.minimum == Decimal("1234567890123456789012345678901234.5678")
    assert find_sums("₹12345678901234567890123456789012345") == []


@pytest.mark.parametrize("text", ["Rs 10-15,000 crore", "₹50–75,000 करोड़", "Rs 1 234 crore", "₹1 25 000"])
def test_digits_that_lack_a_thousand_or_fall_apart_are_in_doubt(text: str) -> None:
    assert told(text) == []


def test_the_unit_of_one_sentence_is_not_that_of_the_next() -> None:
    assert told("₹22k प्रति माह. नए लोगों को ₹5,000 मिलेंगे") == ["₹22k | INR 22000 | month", "₹5,000 | INR 5000"]


def test_a_year_before_a_sum_is_no_lower_end() -> None:
    assert told("2019 से 5000 रुपये") == ["5000 रुपये | INR 5000"]


def test_a_sum_never_crosses_a_line() -> None:
    assert told("वाहन 249\nकरोड़ रुपये") == ["करोड़ रुपये | INR 10000000"]
    assert told("धातु 197 करोड़ रुपये\n109 करोड़ रुपये") == [
        "197 करोड़ रुपये | INR 1970000000",
        "109 करोड़ रुपये | INR 1090000000",
    ]


@pytest.mark.parametrize(
    ("digits", "expected"),
    [("1" * 34, "1" * 34), ("1" * 30 + ".25", "1" * 30 + ".25"), ("9" * 27 + " करोड़", "9" * 27 + "0" * 7)],
)
def test_the_longest_amounts_that_can_be_stored_lose_no_digit(digits: str, expected: str) -> None:
    assert told(f"{digits} रुपये") == [f"{digits} रुपये | INR {expected}"]


@pytest.mark.parametrize(
    "digits", ["1" * 35, "9" * 28 + " करोड़", "9" * 60 + " हजार 5 सौ", "9" * 50 + " खरब 2 लाख 3"]
)
def test_longer_amounts_are_left_out(digits: str) -> None:
    assert all(found.minimum is None or found.minimum < 10**34 for found in find_sums(f"{digits} रुपये"))


def test_a_minus_sign_belongs_to_the_sum() -> None:
    assert told("-₹200 करोड़ रहा") == ["-₹200 करोड़ | INR -2000000000"]


WORDS = st.sampled_from(
    [
        "10",
        "1,500",
        "5.5",
        "दो",
        "सवा",
        "साढ़े",
        "पौने",
        "डेढ़",
        "सौ",
        "हजार",
        "लाख",
        "करोड़",
        "करोड़ों",
        "crore",
        "lakh",
        "million",
        "₹",
        "$",
        "Rs",
        "रु",
        ".",
        "रुपये",
        "पैसे",
        "डॉलर",
        "से",
        "-",
        "to",
        "और",
        "तक",
        "के",
        "पार",
        "करीब",
        "प्रति",
        "माह",
        "किलो",
        "का",
        "घोटाला",
        "LPA",
        "k",
        "%",
        ",",
        "(",
        ")",
        "\n",
        "a",
        "half",
        "and",
        "of",
        "per",
        "each",
        "is",
        "कई",
        "2019",
        "+",
        "/-",
    ]
)


@settings(max_examples=400, deadline=None)
@given(
    st.lists(WORDS, max_size=14).map(" ".join)
    | st.lists(WORDS, max_size=14).map("".join)
    | st.text(max_size=60)
)
def test_sums_of_any_text_are_in_order_apart_and_inside_a_line(text: str) -> None:
    end = 0
    for found in find_sums(text):
        assert end <= found.start < found.end <= len(text)
        assert "\n" not in text[found.start : found.end]
        assert (found.minimum is None) == (found.maximum is None) == (found.form == "indefinite")
        if found.minimum is not None and found.maximum is not None:
            assert found.minimum <= found.maximum
            assert (found.form == "range") == (found.minimum < found.maximum)
        end = found.end
