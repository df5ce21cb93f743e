"""One request and its response, whatever the server does: bounded in time and size, or a refusal."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final, Protocol, runtime_checkable

import httpcore
import httpx

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.deadline import within
from pipeline.reading.web.dialling import Dialler
from pipeline.reading.web.network import Network
from pipeline.reading.web.settings import Settings
from pipeline.reading.web.unpacking import ACCEPTED, bounded

GOOD: Final = frozenset({200, 203})
_LARGEST_NOTE: Final = 1 << 20  # bytes kept of a body that is no page: of an error, of a redirect
_ACCEPT: Final = "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.8"


class Passing(NotAnArticle):
    """A failure that may have passed after a while."""


class Unconnected(Passing):
    """No connection to the host, for whatever is asked of it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response with its body unpacked; `cut` when only the head of the body was taken."""

    url: httpx.URL
    at: dt.datetime
    status: int
    phrase: str
    headers: httpx.Headers
    content: bytes
    cut: bool = False

    def refusal(self) -> NotAnArticle:
        """What to say of an answer that is no page."""
        return NotAnArticle("http_error", f"The server answers {self.status} {self.phrase}".strip())


class Exchange:
    """A client over a pool of connections; thread-safe."""

    def __init__(self, settings: Settings, network: Network) -> None:
        """No connection is made yet."""
        self._settings = settings
        self._dialler = Dialler(network, settings.allow_private)
        self._client = httpx.Client(
            transport=_Transport(self._dialler, network),
            headers={"User-Agent": settings.user_agent, "Accept": _ACCEPT, "Accept-Encoding": ACCEPTED},
            cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
            timeout=settings.seconds,
            trust_env=False,
        )

    def get(self, url: httpx.URL, headers: Mapping[str, str], largest: int | None = None) -> Answer:
        """The response to one GET; NotAnArticle, Passing or Unconnected when there is none.

        A page larger than `most_bytes` is refused; with `largest` it is cut to that instead.
        """
        try:
            with within(self._settings.seconds), self._response(url, headers) as response:
                return self._answer(url, response, largest)
        except NotAnArticle:
            raise
        # A server may send anything, and the libraries raise whatever they stumble over; it stops here.
        except Exception as error:
            raise self._refusal(error) from error

    @contextmanager
    def _response(self, url: httpx.URL, headers: Mapping[str, str]) -> Iterator[httpx.Response]:
        """The response before its body is read; what is left of one in the end is not waited for."""
        with self._client.stream("GET", url, headers=dict(headers)) as response:
            try:
                yield response
            except BaseException:
                response.extensions["network_stream"].close()
                raise

    def _answer(self, url: httpx.URL, response: httpx.Response, largest: int | None) -> Answer:
        if largest is None and response.status_code not in GOOD:
            largest = _LARGEST_NOTE
        encoding = response.headers.get("content-encoding", "")
        most = largest or self._settings.most_bytes
        content, cut = bounded(response.iter_raw(), encoding, most, cut=largest is not None)
        if cut:
            response.extensions["network_stream"].close()
        status = response.status_code
        at = dt.datetime.now(dt.UTC).replace(microsecond=0)
        return Answer(url, at, status, _phrase(response), response.headers, content, cut)

    def _refusal(self, error: Exception) -> NotAnArticle:
        said = f"{error}"[:200] or type(error).__name__
        match error:
            case TimeoutError() | httpcore.TimeoutException():
                sentence = f"There is no whole answer after {self._settings.seconds:g} s."
                return NotAnArticle("timeout", sentence)
            case httpcore.ConnectError():
                return Unconnected("unreachable", f"There is no connection: {said}.")
            case httpcore.NetworkError():
                return Passing("unreachable", f"The connection breaks off: {said}.")
            case httpcore.RemoteProtocolError():
                return Passing("bad_response", f"The answer is not HTTP, or breaks off: {said}.")
            case _:
                sentence = f"The answer cannot be read ({type(error).__name__}: {said})."
                return NotAnArticle("bad_response", sentence)

    def close(self) -> None:
        """End all connections, also those on which another thread waits."""
        self._dialler.hang_up()
        self._client.close()


class _Transport(httpx.BaseTransport):
    """HTTP/1.1 and HTTP/2 over lines of the dialler."""

    def __init__(self, dialler: Dialler, network: Network) -> None:
        self._pool = httpcore.ConnectionPool(
            network.trust(), None, 16, keepalive_expiry=30, http2=True, network_backend=dialler
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                request.method,
                httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                extensions=request.extensions,
            )
        )
        assert isinstance(answer.stream, Iterable)
        return httpx.Response(
            answer.status,
            headers=answer.headers,
            stream=_Body(answer.stream),
            extensions=answer.extensions,
        )

    def close(self) -> None:
        self._pool.close()


@runtime_checkable
class _Closing(Protocol):
    def close(self) -> None: ...


class _Body(httpx.SyncByteStream):
    """The body as it comes in, in the terms of httpx."""

    def __init__(self, stream: Iterable[bytes]) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        yield from self._stream

    def close(self) -> None:
        if isinstance(self._stream, _Closing):
            self._stream.close()


def _phrase(response: httpx.Response) -> str:
    try:
        return HTTPStatus(response.status_code).phrase
    except ValueError:
        return ""
