"""From an address to its final answer: each hop checked, allowed by robots.txt, and counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import httpx

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.addresses import web_address
from pipeline.reading.web.exchange import Answer

_ELSEWHERE: Final = frozenset({301, 302, 303, 307, 308})


def followed(url: httpx.URL, get: Callable[[httpx.URL], Answer], most_redirects: int) -> Answer:
    """The first answer that is no redirect; NotAnArticle `too_many_redirects` when there is none."""
    hop = url
    for _ in range(most_redirects + 1):
        answer = get(hop)
        target = answer.headers.get("location")
        if answer.status not in _ELSEWHERE or not target:
            return answer
        hop = web_address(target, base=hop)
    raise NotAnArticle("too_many_redirects", f"There are more than {most_redirects} redirects in a row.")
