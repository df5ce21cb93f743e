"""The web client: polite, bounded and remembering; every address ends as a response or a refusal.

`Web` loads on first use, so that its settings and reasons can be known without an HTTP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.reading.web.fetched import Fetched
from pipeline.reading.web.reasons import WEB_REASONS
from pipeline.reading.web.settings import USER_AGENT, Settings

if TYPE_CHECKING:
    from pipeline.reading.web.client import Web

__all__ = ["USER_AGENT", "WEB_REASONS", "Fetched", "Settings", "Web"]


def __getattr__(name: str) -> object:
    """Import the client when it is first asked for."""
    if name == "Web":
        from pipeline.reading.web.client import Web

        return Web
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}; it has {', '.join(__all__)}")
