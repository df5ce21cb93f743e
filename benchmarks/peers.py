"""What other libraries make of the money in texts; run by amounts_peers in an environment that has them.

Texts come as a JSON array on standard input; out goes a JSON object of each peer's seconds, one a round,
and its sums: for each text a list of [currency, value as text]. Nothing of Khabar is imported here.
"""

from __future__ import annotations

import json
import re
import sys
import time
import warnings
from collections.abc import Callable

ROUNDS = 3
SIGNS = {
    "₹": "INR",
    "Rs": "INR",
    "Rs.": "INR",
    "INR": "INR",
    "$": "USD",
    "US$": "USD",
    "€": "EUR",
    "£": "GBP",
}
_SUM = re.compile(r"([₹$€£])\s?([\d,]+(?:\.\d+)?)")

Sums = list[tuple[str | None, str]]


def price_parser(text: str) -> Sums:
    """The one price that price-parser finds."""
    from price_parser import Price

    price = Price.fromstring(text)
    return [] if price.amount is None else [(SIGNS.get(price.currency, price.currency), str(price.amount))]


def quantulum3(text: str) -> Sums:
    """The quantities of currency that quantulum3 finds."""
    from quantulum3 import parser

    found = parser.parse(text)
    return [(one.unit.currency_code, str(one.value)) for one in found if one.unit.entity.name == "currency"]


def indic_itn(text: str) -> Sums:
    """The sums in the text that indic-itn makes of the text."""
    from indic_itn import auto_normalize_text

    found = _SUM.findall(auto_normalize_text(text))
    return [(SIGNS[sign], digits.replace(",", "")) for sign, digits in found]


def main() -> None:
    """Measure every peer."""
    warnings.simplefilter("ignore")
    texts: list[str] = json.load(sys.stdin)
    peers = {"price-parser": price_parser, "quantulum3": quantulum3, "indic-itn": indic_itn}
    json.dump({name: _measured(peer, texts) for name, peer in peers.items()}, sys.stdout)


def _measured(peer: Callable[[str], Sums], texts: list[str]) -> dict[str, object]:
    sums = [_tried(peer, text) for text in texts]
    return {"sums": sums, "seconds": [_seconds(peer, texts) for _ in range(ROUNDS)]}


def _seconds(peer: Callable[[str], Sums], texts: list[str]) -> float:
    began = time.process_time()
    for text in texts:
        _tried(peer, text)
    return time.process_time() - began


def _tried(peer: Callable[[str], Sums], text: str) -> Sums:
    try:
        return peer(text)
    except Exception:  # a peer that fails on a text has found nothing in it
        return []


if __name__ == "__main__":
    main()
