"""How the web client behaves: whom it says it is, where it may go, and how long and how much it takes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from pipeline import __version__

USER_AGENT: Final = f"Khabar/{__version__} (+news reader; obeys robots.txt)"
_SENDABLE: Final = re.compile(r"[!-~](?:[ -~]*[!-~])?")


@dataclass(frozen=True, slots=True)
class Settings:
    """Sizes in bytes, times in seconds; ValueError when the User-Agent cannot be sent.

    `delay` lies between two requests to one host; a longer crawl-delay of robots.txt wins. `most_wait`
    bounds what a server may ask for: a crawl-delay is cut to it, a longer Retry-After ends the attempts.
    """

    user_agent: str = USER_AGENT
    allow_private: bool = False  # also hosts on this machine and in private networks
    most_bytes: int = 20 << 20  # of one body, as sent and as unpacked
    seconds: float = 30.0  # for one whole response, however slowly it drips
    most_redirects: int = 5
    most_retries: int = 3
    back_off: float = 0.5  # before the first retry, doubled before each further one
    delay: float = 1.0
    most_wait: float = 60.0
    most_hosts: int = 8  # that are talked to at the same time

    def __post_init__(self) -> None:
        """Refuse a User-Agent that no header can hold."""
        if not _SENDABLE.fullmatch(self.user_agent):
            raise ValueError("The User-Agent must be a line of printable ASCII.")

    @property
    def product(self) -> str:
        """The name by which robots.txt speaks of us: `Khabar` of `Khabar/0.1 (+…)`."""
        name = self.user_agent.partition("/")[0].strip()
        return self.user_agent if name.lower() == "mozilla" else name
