"""How fast sums are found: short sentences a second on one core, and hundred-kilobyte runs of one thing.

Run as `python -m benchmarks.money_speed`.
"""

from __future__ import annotations

import time

from pipeline.money.amounts import find_sums

SENTENCES = (
    "कंपनी ने पहली तिमाही में 212.4 करोड़ रुपये का मुनाफा कमाया।",
    "राज्य सरकार हर परिवार को 1,500 रुपये प्रति माह देगी।",
    "सोना 450 रुपये टूटकर 71,200 रुपये प्रति 10 ग्राम पर आ गया।",
    "The firm raised $4.2 million at a valuation of ₹350 crore.",
    "पटवारी 12 हजार की रिश्वत लेते पकड़ा गया।",
    "बैठक में तीन मंत्री और बीस विधायक मौजूद रहे।",
    "फीस डेढ़ लाख से बढ़ाकर ढाई लाख रुपये की गई।",
    "More than 5 lakh people visited the fair on Sunday.",
    "दो से तीन लाख रुपये तक की छूट मिल सकती है।",
    "मौसम विभाग ने अगले दो दिन बारिश की चेतावनी दी है।",
)
RUNS = ("1", "करोड़ ", ",", "रुपये ", "लाख करोड़ ")
ROUNDS = 1_000
RUN_LENGTH = 100_000


def sentences_a_second() -> float:
    """Short sentences read in a second of processor time."""
    start = time.process_time()
    for _ in range(ROUNDS):
        for sentence in SENTENCES:
            find_sums(sentence)
    return ROUNDS * len(SENTENCES) / (time.process_time() - start)


def seconds_for_run(unit: str) -> float:
    """Seconds of processor time for a hundred thousand letters of `unit` repeated."""
    text = unit * (RUN_LENGTH // len(unit))
    start = time.process_time()
    find_sums(text)
    return time.process_time() - start


def main() -> None:
    """Print both."""
    length = sum(map(len, SENTENCES)) / len(SENTENCES)
    print(f"{sentences_a_second():,.0f} sentences a second, of {length:.0f} letters on average")
    for unit in RUNS:
        print(f"{seconds_for_run(unit):.2f} s for {RUN_LENGTH:,} letters of {unit!r}")


if __name__ == "__main__":
    main()
