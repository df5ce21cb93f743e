"""Requests that are polite and patient: in turn, and tried again when a failure may pass."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Final

import httpx

from pipeline.reading.web.addresses import authority
from pipeline.reading.web.exchange import Answer, Exchange, Passing, Unconnected
from pipeline.reading.web.hosts import Hosts
from pipeline.reading.web.settings import Settings

BUSY: Final = frozenset({429, 500, 502, 503, 504})
_REST: Final = 300.0  # seconds for which a host without connection is not tried again


class Patience:
    """Asks hosts in turn, again after a failure, and not at all those that want to be left alone."""

    def __init__(self, settings: Settings, exchange: Exchange, hosts: Hosts) -> None:
        """Over the connections of `exchange`, in the turns of `hosts`."""
        self._settings = settings
        self._exchange = exchange
        self._hosts = hosts

    def get(
        self, url: httpx.URL, headers: Mapping[str, str], delay: float, largest: int | None = None
    ) -> Answer:
        """The last answer of several attempts; NotAnArticle when none of them had one."""
        host = authority(url)
        for attempt in range(self._settings.most_retries + 1):
            with self._hosts.turn(host, delay):
                outcome = self._attempt(url, headers, largest)
            wait = self._wait(outcome, attempt)
            if wait is None or wait > self._settings.most_wait:
                break
            self._hosts.pause(host, wait)
        self._leave(host, outcome)
        if isinstance(outcome, Passing):
            raise outcome
        return outcome

    def _attempt(self, url: httpx.URL, headers: Mapping[str, str], largest: int | None) -> Answer | Passing:
        try:
            return self._exchange.get(url, headers, largest)
        except Passing as failure:
            return failure

    def _wait(self, outcome: Answer | Passing, attempt: int) -> float | None:
        """Seconds until the next attempt; None when there is no use in one."""
        if isinstance(outcome, Answer):
            if outcome.status not in BUSY:
                return None
            asked = retry_after(outcome)
            if asked is not None:
                return asked
        return self._settings.back_off * 2.0**attempt * random.uniform(0.5, 1)  # so that nobody keeps step

    def _leave(self, host: str, outcome: Answer | Passing) -> None:
        """Spare a host that cannot be reached, or that wants a longer rest than we wait for."""
        if isinstance(outcome, Unconnected):
            self._hosts.leave(host, _REST, outcome)
        elif isinstance(outcome, Answer) and outcome.status in BUSY:
            asked = retry_after(outcome) or 0.0
            if asked > self._settings.most_wait:
                self._hosts.leave(host, asked, outcome.refusal())


def retry_after(answer: Answer) -> float | None:
    """The seconds that a server asks to be left alone, said as a number or as a date; None if not said."""
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=dt.UTC)
    return max(0.0, (until - answer.at).total_seconds())
