"""The originals that a new story may repeat, stored and of this run, and what it is to them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import NamedTuple, Protocol

from pipeline.similar import SCHEMA, Similar, Telling, closest, of_source
from pipeline.text.likeness import likeness, likenesses, version_likeness

FULLER = 2
"""A telling more than so many times as long as another counts: the other is a flash or a summary of it."""


class Verdict(NamedTuple):
    """The original that a story repeats, if any, and the originals that count no more because of it."""

    duplicate_of: str | None = None
    replaces: tuple[str, ...] = ()


class Shelf(Protocol):
    """What is asked of the store."""

    @property
    def similar(self) -> Similar:
        """The index of the stored originals."""

    def has(self, article_id: str) -> bool:
        """Whether the article is stored."""

    def original(self, content_hash: str) -> str | None:
        """The id of the stored original that counts for this content."""


class Originals:
    """What is stored and what is on its way there, as one: it makes no difference which is which."""

    def __init__(self, shelf: Shelf) -> None:
        """Begin with what is stored."""
        self._shelf = shelf
        database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
        database.executescript(SCHEMA)
        self._coming = Similar(database)
        self._contents: dict[str, str] = {}  # of articles that are coming: what counts for their content
        self._heirs: dict[str, str] = {}  # of originals that are being replaced

    def judge(self, new: Telling, content_hash: str) -> Verdict:
        """What a story is to the originals, which it joins if it is one."""
        verdict = self._verdict(new, content_hash)
        heir = verdict.duplicate_of or new.article_id
        self._contents.setdefault(content_hash, heir)
        self._heirs |= dict.fromkeys(verdict.replaces, heir)
        self._coming.remove(verdict.replaces)
        if verdict.duplicate_of is None:
            self._coming.add([new])
        return verdict

    def forget(self, article_id: str, content_hash: str, replaced: Iterable[str]) -> None:
        """The shelf answers for this article now, and for what it replaced."""
        self._coming.remove([article_id])
        self._contents.pop(content_hash, None)
        for old in replaced:
            self._heirs.pop(old, None)

    def _verdict(self, new: Telling, content_hash: str) -> Verdict:
        version = self._version_of(new)
        exact = self._same_content(content_hash)
        if version and (_is_older(new, version) or _is_fuller(version, new)):
            return Verdict(exact or version.article_id)
        older = {version.article_id} if version else set()
        if exact:
            return Verdict(exact, tuple(older - {exact}))
        copies = [one for one in self._copies_of(new) if one.article_id not in older]
        whole = [one for one in copies if not _is_fuller(new, one)]
        if whole:
            return Verdict(whole[0].article_id, tuple(older))
        return Verdict(None, tuple(sorted(older.union(one.article_id for one in copies))))

    def _same_content(self, content_hash: str) -> str | None:
        found = self._shelf.original(content_hash) or self._contents.get(content_hash)
        while found in self._heirs:
            found = self._heirs[found]
        return found

    def _copies_of(self, new: Telling) -> list[Telling]:
        """The originals that tell the same, most alike first."""
        near = closest((self._shelf.similar, self._coming), new.words, self._heirs)
        scores = likenesses(new.words, [one.words for one in near])
        scored = sorted((-score, one) for score, one in zip(scores, near, strict=True) if score)
        return [one for _, one in scored]

    def _version_of(self, new: Telling) -> Telling | None:
        """The original of the same source that is another version of the story."""
        if new.source is None:
            return None
        known = of_source((self._shelf.similar, self._coming), new.source, self._heirs)
        scored = sorted((-_version_likeness(new, one), one) for one in known)
        return scored[0][1] if scored and scored[0][0] else None


def _version_likeness(new: Telling, old: Telling) -> float:
    if not new.is_of_file:
        return version_likeness(new.words, old.words)
    if new.told_at and old.told_at and new.told_at[:10] != old.told_at[:10]:
        return likeness(new.words, old.words)
    return version_likeness(new.words, old.words, by_name=True, by_day=bool(new.told_at and old.told_at))


def _is_fuller(one: Telling, other: Telling) -> bool:
    return len(one.words) > FULLER * len(other.words)


def _is_older(new: Telling, old: Telling) -> bool:
    """Whether both say when they were told, and the new one earlier; a day is compared with days."""
    if not (new.told_at and old.told_at):
        return False
    length = min(len(new.told_at), len(old.told_at))
    return new.told_at[:length] < old.told_at[:length]
