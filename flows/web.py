"""The web client of a run, made when the first address is met: a run over files loads no HTTP library."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from pipeline.reading import NotAnArticle
from pipeline.reading.web import USER_AGENT, Fetched, Settings

if TYPE_CHECKING:
    from pipeline.reading.web import Web


def settings(user_agent: str | None, allow_private: bool) -> Settings:
    """The client's settings; ValueError when the User-Agent cannot be sent."""
    return Settings(user_agent=USER_AGENT if user_agent is None else user_agent, allow_private=allow_private)


class LateWeb:
    """As `Web`, a context manager."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """Note what the client is to be made of."""
        self._settings = settings
        self._folder = folder
        self._web: Web | None = None

    def __enter__(self) -> Self:
        """Itself; nothing is opened yet."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the client, if there is one."""
        if self._web:
            self._web.__exit__(kind, error, trace)

    def fetch(self, url: str, *, stamp: str | None = None) -> Fetched:
        """As `Web.fetch`."""
        return self._opened().fetch(url, stamp=stamp)

    def fetch_all(
        self, pages: Iterable[tuple[str, str | None]]
    ) -> Iterator[tuple[str, Fetched | NotAnArticle]]:
        """As `Web.fetch_all`."""
        return self._opened().fetch_all(pages)

    def _opened(self) -> Web:
        if self._web is None:
            from pipeline.reading.web import Web

            self._web = Web(self._settings, self._folder)
        return self._web
