"""Random amounts, spelled the many ways that newspapers spell them, to be read back.

The speller shares nothing with the reader: its words, its grouping and its arithmetic are its own. Run as
`python -m tests.money.spell 1000000` it reads a million back and prints each that came back wrong.
"""

from __future__ import annotations

import random
import sys
import unicodedata
from collections.abc import Callable
from decimal import Decimal

LARGEST_LAKH_CRORE = 10**14  # above it Indian English has no word


def words(text: str) -> list[str]:
    return text.split()


HINDI = words(
    "शून्य एक दो तीन चार पांच छह सात आठ नौ "
    "दस ग्यारह बारह तेरह चौदह पंद्रह सोलह सत्रह अठारह उन्नीस "
    "बीस इक्कीस बाईस तेईस चौबीस पच्चीस छब्बीस सत्ताईस अट्ठाईस उनतीस "
    "तीस इकतीस बत्तीस तैंतीस चौंतीस पैंतीस छत्तीस सैंतीस अड़तीस उनतालीस "
    "चालीस इकतालीस बयालीस तैंतालीस चवालीस पैंतालीस छियालीस सैंतालीस अड़तालीस उनचास "
    "पचास इक्यावन बावन तिरपन चौवन पचपन छप्पन सत्तावन अट्ठावन उनसठ "
    "साठ इकसठ बासठ तिरसठ चौंसठ पैंसठ छियासठ सड़सठ अड़सठ उनहत्तर "
    "सत्तर इकहत्तर बहत्तर तिहत्तर चौहत्तर पचहत्तर छिहत्तर सतहत्तर अठहत्तर उनासी "
    "अस्सी इक्यासी बयासी तिरासी चौरासी पचासी छियासी सत्तासी अट्ठासी नवासी "
    "नब्बे इक्यानवे बानवे तिरानवे चौरानवे पचानवे छियानवे सत्तानवे अट्ठानवे निन्यानवे "
)
OTHER_SPELLINGS = {
    "पांच": ["पाँच", "पान्च"],
    "छह": ["छः", "छे", "छै"],
    "पंद्रह": ["पन्द्रह"],
    "अठारह": ["अट्ठारह"],
    "उन्नीस": ["उनीस"],
    "बाईस": ["बाइस"],
    "तेईस": ["तेइस"],
    "सत्ताईस": ["सत्ताइस", "सताईस"],
    "अट्ठाईस": ["अठाईस", "अट्ठाइस"],
    "तैंतीस": ["तैतीस", "तेंतीस", "तैँतीस"],
    "इक्यावन": ["इक्कावन"],
    "चवालीस": ["चौवालीस"],
    "उनासी": ["उन्यासी"],
    "इक्यानवे": ["इक्यानबे"],
    "निन्यानवे": ["निन्यानबे"],
}
ROMAN = {
    1: "ek", 2: "do", 3: "teen", 4: "char", 5: "paanch", 6: "chhah", 7: "saat", 8: "aath", 9: "nau", 10: "das",
    11: "gyarah", 12: "barah", 15: "pandrah", 20: "bees", 25: "pachis", 30: "tees", 40: "chalis", 50: "pachas",
}  # fmt: skip
ONES = words(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
TENS = words("twenty thirty forty fifty sixty seventy eighty ninety")
INDIAN = [(10**11, "खरब"), (10**9, "अरब"), (10**7, "करोड़"), (10**5, "लाख"), (10**3, "हजार"), (100, "सौ")]
ENGLISH_INDIAN = [(10**7, "crore"), (10**5, "lakh"), (10**3, "thousand"), (100, "hundred")]
WESTERN = [
    (10**12, "trillion"),
    (10**9, "billion"),
    (10**6, "million"),
    (10**3, "thousand"),
    (100, "hundred"),
]
RUPEES = ["रुपये", "रुपए", "रूपये", "रूपए", "रु.", "रु", "रू.", "रू", "रुपयों"]
BEFORE = [("₹", "INR"), ("Rs ", "INR"), ("Rs. ", "INR"), ("Rs.", "INR"), ("INR ", "INR"), ("$", "USD"), ("€", "EUR"),
          ("£", "GBP"), ("US$ ", "USD"), ("AED ", "AED"), ("S$", "SGD")]  # fmt: skip
AFTER = [("डॉलर", "USD"), ("डालर", "USD"), ("अमेरिकी डॉलर", "USD"), ("ऑस्ट्रेलियाई डॉलर", "AUD"), ("यूरो", "EUR"),
         ("पाउंड", "GBP"), ("नेपाली रुपये", "NPR"), ("दिरहम", "AED"), ("येन", "JPY"), ("युआन", "CNY")]  # fmt: skip

Spelled = tuple[str, str, Decimal]
"""The text of an amount, its currency, its value."""


def hindi(number: int, pick: random.Random) -> str:
    """`number` in Hindi words."""
    return _worded(number, INDIAN, lambda small: _variant(HINDI[small], pick))


def english(number: int, pick: random.Random) -> str:
    """`number` in English words, with lakh and crore or with million and billion."""
    indian = number < LARGEST_LAKH_CRORE and pick.random() < 0.5
    return _worded(number, ENGLISH_INDIAN if indian else WESTERN, _english_small)


def _worded(number: int, scales: list[tuple[int, str]], small: Callable[[int], str]) -> str:
    if number < 100:
        return small(number)
    for size, name in scales:
        if number >= size:
            head = f"{_worded(number // size, scales, small)} {name}"
            return f"{head} {_worded(number % size, scales, small)}" if number % size else head
    raise AssertionError("a hundred and more has a scale")


def _english_small(number: int) -> str:
    if number < 20:
        return ONES[number]
    ten, one = TENS[number // 10 - 2], number % 10
    return f"{ten}-{ONES[one]}" if one else ten


def _variant(word: str, pick: random.Random) -> str:
    return pick.choice([word, *OTHER_SPELLINGS.get(word, [])])


def grouped(number: int, sizes: tuple[int, int]) -> str:
    """The digits of `number`, the last group and the others of the sizes given."""
    digits, last, rest = str(number), sizes[0], sizes[1]
    head, groups = digits[:-last], [digits[-last:]]
    while head:
        head, group = head[:-rest], head[-rest:]
        groups.insert(0, group)
    return ",".join(groups)


def digits(pick: random.Random) -> tuple[str, Decimal]:
    """An amount in digits, with or without decimals, grouped the Indian way, the western or not at all."""
    number = _number(pick)
    text = pick.choice([str(number), grouped(number, (3, 2)), grouped(number, (3, 3))])
    if pick.random() < 0.3:
        paise = pick.randrange(100)
        return f"{text}.{paise:02d}", Decimal(number) + Decimal(paise) / 100
    return text, Decimal(number)


def scaled(pick: random.Random) -> tuple[str, Decimal]:
    """A number before one or two scale words: 1.25 लाख करोड़, 320 million, 3.2L is left to the examples."""
    places = pick.choice([0, 0, 1, 2])
    lead = Decimal(pick.randrange(1, 1000 * 10**places)).scaleb(-places)
    scale, size = pick.choice(
        [("हजार", 3), ("लाख", 5), ("करोड़", 7), ("अरब", 9), ("खरब", 11), ("लाख करोड़", 12), ("हजार करोड़", 10),
         ("मिलियन", 6), ("बिलियन", 9), ("lakh", 5), ("crore", 7), ("lakh crore", 12), ("million", 6), ("bn", 9)]
    )  # fmt: skip
    return f"{lead} {scale}", lead.scaleb(size)


def mixed(pick: random.Random) -> tuple[str, Decimal]:
    """Digits and scale words of falling size: 2 करोड़ 35 लाख 40 हजार."""
    number, parts = _number(pick) % 10**11, []
    for size, name in [(10**7, "करोड़"), (10**5, "लाख"), (10**3, "हजार")]:
        if number >= size:
            parts.append(f"{number // size} {name}")
            number %= size
    kept = " ".join(parts)
    return (kept, _value_of(kept)) if parts else ("7 लाख 5 हजार", Decimal(705000))


def _value_of(text: str) -> Decimal:
    sizes = {"करोड़": 10**7, "लाख": 10**5, "हजार": 10**3}
    words = text.split()
    return sum(
        (Decimal(count) * sizes[name] for count, name in zip(words[::2], words[1::2], strict=True)),
        Decimal(0),
    )


def fraction(pick: random.Random) -> tuple[str, Decimal]:
    """सवा, डेढ़, ढाई, पौने, साढ़े with and without a number, before a scale or a hundred of it."""
    word, value = pick.choice(
        [("सवा", Decimal("1.25")), ("डेढ़", Decimal("1.5")), ("ढाई", Decimal("2.5")), ("पौने", Decimal("0.75"))]
    )
    if pick.random() < 0.6:
        number = pick.randrange(2, 100)
        word, step = pick.choice([("सवा", "0.25"), ("साढ़े", "0.5"), ("पौने", "-0.25")])
        word, value = f"{word} {pick.choice([HINDI[number], str(number)])}", number + Decimal(step)
    scale, size = pick.choice(
        [("सौ", 2), ("हजार", 3), ("लाख", 5), ("करोड़", 7), ("सौ करोड़", 9), ("लाख करोड़", 12)]
    )
    return f"{word} {scale}", value.scaleb(size)


def roman(pick: random.Random) -> tuple[str, Decimal]:
    """Romanised Hindi: dhai lakh, sadhe teen crore, pachas hazaar."""
    number = pick.choice(list(ROMAN))
    word, value = pick.choice(
        [(ROMAN[number], Decimal(number)), (f"sadhe {ROMAN[number]}", number + Decimal("0.5")),
         (f"sava {ROMAN[number]}", number + Decimal("0.25")), ("dhai", Decimal("2.5")), ("dedh", Decimal("1.5"))]
    )  # fmt: skip
    scale, size = pick.choice(
        [("sau", 2), ("hazaar", 3), ("hajar", 3), ("lakh", 5), ("crore", 7), ("karod", 7)]
    )
    return f"{word} {scale}", value.scaleb(size)


def _number(pick: random.Random) -> int:
    """Numbers of every length up to the largest, round ones among them."""
    number = pick.randrange(10 ** pick.randrange(1, 16) + 1)
    zeros = 10 ** pick.randrange(max(1, len(str(number))))
    return number // zeros * zeros if pick.random() < 0.5 else number


def spelled(pick: random.Random) -> Spelled:
    """A random amount: its text, its currency, its value."""
    kind = pick.randrange(7)
    if kind < 2:
        number = _number(pick)
        text, value = (hindi if kind else english)(number, pick), Decimal(number)
    else:
        text, value = (digits, scaled, mixed, fraction, roman)[kind - 2](pick)
    text, currency = _with_currency(text, kind, pick)
    return _encoded(text, pick), currency, value


def _with_currency(text: str, kind: int, pick: random.Random) -> tuple[str, str]:
    if kind == 6:
        return f"{text} {pick.choice(['rupaye', 'rupay', 'rupees'])}", "INR"
    if kind == 0:
        word, currency = pick.choice(
            [("rupees", "INR"), ("dollars", "USD"), ("pounds", "GBP"), ("euros", "EUR")]
        )
        return f"{text} {word}", currency
    style = pick.randrange(3)
    if style == 0:
        return f"{text} {pick.choice(RUPEES)}", "INR"
    if style == 1:
        word, currency = pick.choice(AFTER)
        return f"{text} {word}", currency
    sign, currency = pick.choice(BEFORE)
    return f"{sign}{text}", currency


def _encoded(text: str, pick: random.Random) -> str:
    """The same text as other keyboards write it: Devanagari digits, nukta as one letter or none."""
    if pick.random() < 0.3:
        text = text.translate(str.maketrans("0123456789", "०१२३४५६७८९"))
    text = unicodedata.normalize("NFD", text)
    if pick.random() < 0.3:
        return text.replace("\u093c", "")
    return text.replace("ड\u093c", "\u095c").replace("ढ\u093c", "\u095d") if pick.random() < 0.5 else text


def main(count: int) -> int:
    """Read `count` amounts back; the number of errors."""
    from pipeline.money.amounts import find_sums
    from pipeline.text.devanagari import normalise

    errors = 0
    for seed in range(count):
        text, currency, value = spelled(random.Random(seed))
        normal = normalise(text).text
        found = [(s.start, s.end, s.currency, s.minimum, s.maximum) for s in find_sums(normal)]
        if found != [(0, len(normal), currency, value, value)]:
            errors += 1
            print(seed, text, currency, value, found)
    print(f"{count} amounts spelled and read back, {errors} errors")
    return errors


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1])) else 0)
