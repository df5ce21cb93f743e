"""What the web client gives back for an address."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fetched:
    """A final response with a body, decompressed; `at` is UTC, the first fetch when it is replayed."""

    url: str  # that was asked for
    final_url: str  # after redirects
    at: dt.datetime
    content: bytes
    content_type: str | None  # media type without parameters, lower case
    charset: str | None  # as the header says, lower case
    fresh: bool  # False when replayed from the archive (unchanged, or known with the same stamp)
