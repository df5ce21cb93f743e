"""What robots.txt allows us, and how slowly: asked once a day for each origin."""

from __future__ import annotations

import datetime as dt
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import httpx
from protego import Protego

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.addresses import authority
from pipeline.reading.web.exchange import GOOD, Answer
from pipeline.reading.web.memory import Memory
from pipeline.reading.web.settings import Settings

LARGEST: Final = 500 << 10  # bytes, what RFC 9309 wants to be read at least
_FRESH: Final = dt.timedelta(days=1)
_FOR_NOW: Final = 300.0  # seconds for which an unreadable robots.txt is not asked for again
_AGENT: Final = re.compile(r"\s*user[- ]?agent\s*[: ]\s*([^#]*)", re.IGNORECASE)

_NO_NAME: Final = re.compile(r"[^A-Za-z0-9_-]")  # where the name of a robot ends, and its version may follow

Ask = Callable[[httpx.URL], Answer]


@dataclass(frozen=True, slots=True)
class Rules:
    """What one origin allows a robot of our name; `delay` in seconds between requests."""

    text: Protego
    product: str
    delay: float

    def check(self, url: httpx.URL) -> None:
        """NotAnArticle `refused_by_robots` when `url` is forbidden."""
        if not self.text.can_fetch(str(url), self.product):
            raise NotAnArticle("refused_by_robots", f"The robots.txt of {url.host} forbids {url.path[:200]}.")


class Robots:
    """The rules of all origins met so far; thread-safe."""

    def __init__(self, settings: Settings, memory: Memory, ask: Ask) -> None:
        """`ask` gets a robots.txt, with redirects, and is not itself bound by rules."""
        self._settings = settings
        self._memory = memory
        self._ask = ask
        self._known: dict[str, Rules] = {}
        self._refused: dict[str, tuple[float, NotAnArticle]] = {}
        self._locks: dict[str, threading.Lock] = {}

    def rules(self, url: httpx.URL) -> Rules:
        """The rules for `url`; NotAnArticle, for now, when they cannot be had."""
        origin = f"{url.scheme}://{authority(url)}"
        with self._locks.setdefault(origin, threading.Lock()):
            if origin not in self._known:
                self._known[origin] = self._parsed(self._text(origin, url))
            return self._known[origin]

    def _text(self, origin: str, url: httpx.URL) -> str:
        remembered = self._memory.robots(origin, dt.datetime.now(dt.UTC) - _FRESH)
        if remembered is not None:
            return remembered
        until, refusal = self._refused.get(origin, (0.0, None))
        if refusal and time.monotonic() < until:
            raise NotAnArticle(refusal.reason, refusal.detail)
        try:
            text = _text(self._ask(url.copy_with(raw_path=b"/robots.txt")))
        except NotAnArticle as no:
            self._refused[origin] = time.monotonic() + _FOR_NOW, no
            raise
        self._memory.keep_robots(origin, dt.datetime.now(dt.UTC), text)
        return text

    def _parsed(self, text: str) -> Rules:
        product = self._settings.product
        parsed = Protego.parse(_without_others(text, product))
        asked = parsed.crawl_delay(product) or 0.0
        return Rules(parsed, product, max(self._settings.delay, min(asked, self._settings.most_wait)))


def _text(answer: Answer) -> str:
    """The rules that an answer states; NotAnArticle when the server does not say."""
    if answer.status in GOOD:
        return answer.content.decode("utf-8-sig", "replace")
    if 400 <= answer.status < 500 and answer.status != 429:
        return ""  # there are none, so all is allowed
    detail = f"The robots.txt of {answer.url.host} cannot be had for now: status {answer.status}."
    raise NotAnArticle("refused_by_robots", detail)


def _without_others(text: str, product: str) -> str:
    """The rules with all robots of other names as one, which keeps a hostile file from growing in memory."""
    return "\n".join(_ours(line, product.lower()) for line in text.splitlines())


def _ours(line: str, product: str) -> str:
    agent = _AGENT.match(line)
    if not agent or not agent[1].strip():
        return line
    written = agent[1].strip()
    name = "*" if not written.strip("*") else _NO_NAME.split(written.lstrip("*"), maxsplit=1)[0].lower()
    return f"User-agent: {name if name in ('*', *_NO_NAME.split(product)) and name else '?'}"
