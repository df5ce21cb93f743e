"""`khabar schedule`: the news flow served until interrupted, through whatever happens to its server."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from flows import defaults
from flows.missed import Policy
from flows.parameters import RunParameters
from flows.server import Kept, NoServer

if TYPE_CHECKING:
    from flows.dispatcher import Dispatcher

_PAUSE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class When:
    """When runs are due: on a cron, or every so often; with neither only when triggered.

    Of runs that were `missed` the latest is run, or every one.
    """

    cron: str | None = None
    every: dt.timedelta | None = None
    timezone: str = defaults.TIMEZONE
    missed: Policy = "latest"


def serve(
    parameters: RunParameters, when: When, *, name: str, port: int, say: Callable[[str], None]
) -> NoReturn:
    """Serve the flow `news` as `news/NAME` until interrupted, each run with `parameters`.

    Runs never overlap: a run waits for the one before. A server of ours, at `port`, is started again when
    it dies; one of the user is waited for. Raises WrongParameters before anything starts, NoServer.
    """
    server = Kept(port)  # first of all, for Prefect reads its address when it is imported
    from flows.deployment import Wanted
    from flows.dispatcher import Dispatcher
    from flows.timetable import timetable
    from flows.trigger import unattended

    table = timetable(when.cron, when.every, when.timezone)
    wanted = Wanted(name, table, unattended(parameters), when.missed)
    say(f"serving news/{name} {_times(when)}; interrupt to stop")
    dispatcher = Dispatcher(wanted, say)
    try:
        try:
            _serve(server, dispatcher, say)
        finally:
            dispatcher.close()
    finally:
        server.stop()


def _serve(server: Kept, dispatcher: Dispatcher, say: Callable[[str], None]) -> NoReturn:
    """Go on over failures of the server; what it refuses at first, or its not starting, ends all."""
    import httpx
    from prefect.exceptions import PrefectException

    taken, said = False, ""

    def served() -> None:
        nonlocal taken, said
        taken, said = True, ""

    while True:
        try:
            server.keep()
            dispatcher.serve(served)
        except (NoServer, httpx.TransportError, httpx.HTTPStatusError, PrefectException) as error:
            passing = isinstance(error, httpx.TransportError) or (
                server.foreign and isinstance(error, NoServer)
            )
            if not taken and not passing:
                raise
            if said != (said := _failure(error)):
                say(said)
        time.sleep(_PAUSE_SECONDS)


def _failure(error: Exception) -> str:
    first = (str(error) or type(error).__name__).splitlines()[0]
    return f"{first[:200]}; trying again"


def _times(when: When) -> str:
    if when.cron:
        return f"on cron '{when.cron}' in {when.timezone}, of missed runs {when.missed}"
    return f"every {when.every}, of missed runs {when.missed}" if when.every else "on triggers"
