"""The web client as a whole: what is known is replayed, the rest is asked for politely and kept."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Final, NamedTuple, Self

import httpx

from pipeline.reading.reasons import NotAnArticle
from pipeline.reading.web.addresses import authority, web_address
from pipeline.reading.web.archive import Archive
from pipeline.reading.web.exchange import GOOD, Answer, Exchange
from pipeline.reading.web.fetched import Fetched
from pipeline.reading.web.hosts import Hosts
from pipeline.reading.web.lookahead import Lookahead
from pipeline.reading.web.memory import Memory, Page
from pipeline.reading.web.network import Network
from pipeline.reading.web.patience import Patience
from pipeline.reading.web.records import Kept
from pipeline.reading.web.redirects import followed
from pipeline.reading.web.robots import LARGEST, Robots
from pipeline.reading.web.settings import Settings

_MOST_STAMPS: Final = 8  # of listings that name one page
_LONGEST_MARK: Final = 1 << 10
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([^\s"';,]+)""", re.IGNORECASE)

Asked = tuple[str, str | None]
"""An address and the stamp that its feed or sitemap puts on it, if any."""


class _Known(NamedTuple):
    page: Page
    kept: Kept


class Web:
    """The web, read politely; a context manager, thread-safe.

    `folder` holds `memory.sqlite` and the archive (`*.warc.gz`); with None nothing is remembered or kept.
    """

    def __init__(self, settings: Settings, folder: Path | None, *, network: Network | None = None) -> None:
        """Open what is remembered; no request is made yet."""
        self._settings = settings
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
        self._memory = Memory(folder / "memory.sqlite" if folder else None)
        self._archive = Archive(folder, self._memory.size) if folder else None
        self._hosts = Hosts()
        self._stamped: set[int] = set()  # hashes of addresses asked for in this run for the sake of a stamp
        self._exchange = Exchange(settings, network or Network())
        self._patience = Patience(settings, self._exchange, self._hosts)
        self._robots = Robots(settings, self._memory, self._get_robots)

    def __enter__(self) -> Self:
        """The client itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Let nobody wait any longer, and close all files and connections."""
        self._hosts.close()
        self._exchange.close()
        if self._archive:
            self._archive.close()
        self._memory.close()

    def fetch(self, url: str, *, stamp: str | None = None, revisit: bool = True) -> Fetched:
        """The page at `url`; NotAnArticle with a code of WEB_REASONS, or `too_large`.

        A page in the archive is replayed without a request when `stamp` (a feed's or sitemap's own mark
        of the page's state, may be "") is a remembered one, or when `revisit` is False; else it is
        asked for on condition that it changed, and replayed when it did not (304, or the same bytes).
        """
        address = web_address(url)
        known = self._known(str(address))
        if known and (not revisit or self._is_current(known.page, stamp)):
            return _fetched(url, known.kept, fresh=False)
        page = known.page if known else None
        answer = followed(address, lambda hop: self._get(hop, page), self._settings.most_redirects)
        if stamp is not None and answer.status in {304, *GOOD}:
            self._stamped.add(hash(address))
        if known and _is_unchanged(known, answer):
            self._renew(known.page, answer, stamp)
            return _fetched(url, known.kept, fresh=False)
        self._keep(str(address), answer, page, stamp)
        if answer.status not in GOOD:
            raise answer.refusal()
        return _fetched(url, _as_kept(answer), fresh=True)

    def fetch_all(
        self, pages: Iterable[Asked], *, revisit: bool = True
    ) -> Iterator[tuple[str, Fetched | NotAnArticle]]:
        """The pages (address, stamp) in the order asked, lazily, several hosts at once."""

        def work(asked: Asked) -> Fetched | NotAnArticle:
            try:
                return self.fetch(asked[0], stamp=asked[1], revisit=revisit)
            except NotAnArticle as no:
                return no

        ahead = Lookahead(work, queue=_queue, size=_size)
        for (url, _), outcome in ahead.results(pages, self._settings.most_hosts):
            yield url, outcome

    def _is_current(self, page: Page, stamp: str | None) -> bool:
        """Whether a listing's stamp says that a page did not change, or it was asked for in this run."""
        if stamp is None:
            return False
        if stamp in _stamps(page):
            return True
        if hash(httpx.URL(page.url)) not in self._stamped:
            return False
        self._memory.keep_page(page._replace(stamps=_stamped(page, stamp)))
        return True

    def _get(self, hop: httpx.URL, page: Page | None) -> Answer:
        """The answer to one hop, if robots.txt allows it; on condition that the remembered page changed."""
        rules = self._robots.rules(hop)
        rules.check(hop)
        return self._patience.get(hop, _conditions(hop, page), rules.delay)

    def _get_robots(self, url: httpx.URL) -> Answer:
        def get(hop: httpx.URL) -> Answer:
            return self._patience.get(hop, {}, self._settings.delay, largest=LARGEST)

        return followed(url, get, self._settings.most_redirects)

    def _known(self, url: str) -> _Known | None:
        """A page as it is remembered and archived; None unless it is both, and both the same."""
        page = self._memory.page(url)
        kept = self._archive.read(page.file, page.start) if page and self._archive else None
        return _Known(page, kept) if page and kept and _is_of(page, kept) else None

    def _keep(self, url: str, answer: Answer, page: Page | None, stamp: str | None) -> None:
        """Archive an answer and, if it is a page, remember where it lies and how to ask for changes."""
        if not self._archive:
            return
        place = self._archive.append(url, answer)
        self._memory.keep_size(place.file, place.end)
        if answer.status in GOOD:
            marks = {"etag": answer.headers.get("etag"), "modified": answer.headers.get("last-modified")}
            marks["stamps"] = page.stamps if page and stamp is None else _stamped(None, stamp)
            digest = _digest(answer.content)
            new = Page(url, str(answer.url), digest=digest, file=place.file, start=place.start, **marks)
            self._memory.keep_page(new)

    def _renew(self, page: Page, answer: Answer, stamp: str | None) -> None:
        """Remember what an unchanged page is marked with now."""
        new = page._replace(
            etag=answer.headers.get("etag", page.etag),
            modified=answer.headers.get("last-modified", page.modified),
            stamps=_stamped(page, stamp),
        )
        if new != page:
            self._memory.keep_page(new)


def _is_of(page: Page, kept: Kept) -> bool:
    return kept.url == page.final_url and _digest(kept.content) == page.digest


def _is_unchanged(known: _Known, answer: Answer) -> bool:
    if str(answer.url) != known.page.final_url:
        return False
    same_kind = _as_kept(answer).content_type == known.kept.content_type
    same = answer.status in GOOD and same_kind and _digest(answer.content) == known.page.digest
    return answer.status == 304 or same


def _as_kept(answer: Answer) -> Kept:
    kinds = answer.headers.get_list("content-type")
    return Kept(str(answer.url), answer.at, kinds[-1] if kinds else None, answer.content)


def _conditions(hop: httpx.URL, page: Page | None) -> dict[str, str]:
    if page is None or str(hop) != page.final_url:
        return {}
    stated = {"If-None-Match": page.etag, "If-Modified-Since": page.modified}
    return {name: value for name, value in stated.items() if value and _can_be_sent(value)}


def _stamps(page: Page) -> list[str]:
    try:
        found = json.loads(page.stamps or "[]")
    except ValueError:  # of a version that kept but one, as it was
        return []
    return found if isinstance(found, list) else []


def _stamped(page: Page | None, stamp: str | None) -> str:
    """The stamps of a page with one more, if it is one."""
    others = [each for each in _stamps(page) if each != stamp] if page else []
    return json.dumps([*others, *([] if stamp is None else [stamp])][-_MOST_STAMPS:])


def _can_be_sent(mark: str) -> bool:
    """Whether a server may be told its own mark; an odd one is left out, and the page had anew."""
    return mark.isascii() and mark.isprintable() and len(mark) <= _LONGEST_MARK


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _fetched(url: str, kept: Kept, *, fresh: bool) -> Fetched:
    header = kept.content_type or ""
    charset = _CHARSET.search(header)
    return Fetched(
        url=url,
        final_url=kept.url,
        at=kept.at,
        content=kept.content,
        content_type=header.partition(";")[0].strip().lower() or None,
        charset=charset[1].lower() if charset else None,
        fresh=fresh,
    )


def _queue(asked: Asked) -> str:
    try:
        return authority(web_address(asked[0]))
    except NotAnArticle:
        return ""


def _size(outcome: Fetched | NotAnArticle) -> int:
    return len(outcome.content) if isinstance(outcome, Fetched) else 0
