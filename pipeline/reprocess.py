"""Stored articles analysed again where other versions made their rows, without reading any input.

Kept of an article: its id, source, title, byline, date, source text and what it is a duplicate of. Made
anew: its normalised text with hash, length and language, its names, sums and facts. Stories are not
compared again: where new rules would find another original, or none, the old finding stands, as it does
where they would refuse the language. With rules for text and copies that are as they were, the tables are
those that the new version makes of the same batches. An article that the new version fails on keeps its
rows and is noted as a reject.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from pipeline.article import Story
from pipeline.batch import Worked, joined
from pipeline.intake import Candidate, candidate
from pipeline.parts import day_of, read_articles, read_part
from pipeline.period import ALWAYS, Period
from pipeline.reports import Seconds, no_seconds, of_batch, stopwatch
from pipeline.revision import in_order, only, without
from pipeline.revision import joined as appended
from pipeline.run import Progress, Promise, Reported, Submit, in_turn, reject, unreported
from pipeline.store import Notes, Store
from pipeline.tables import Ingest, Tables


class Versions(NamedTuple):
    """The versions that made an article's rows, as `articles` has them."""

    pipeline_version: str
    model_version: str


@dataclass(slots=True)
class Portion:
    """Stored parts whose rows are made anew together, and the candidates that their articles make."""

    parts: dict[str, Tables] = field(default_factory=dict)
    candidates: list[Candidate] = field(default_factory=list)


def reprocess(
    store: Store,
    run_id: str,
    *,
    current: Versions | None,
    period: Period = ALWAYS,
    batch_size: int,
    submit: Submit,
    ahead: int,
    progress: Progress,
    reported: Reported = unreported,
) -> None:
    """Analyse the articles of the days in `period` whose versions are not `current` (None: all of them).

    Parts are made anew in their order, up to `ahead` portions of `batch_size` articles being with
    `submit`. A part changes at once or not at all, so that a killed run is finished by the next.
    """
    read_so_far = published = 0

    def begun(portion: Portion) -> list[Promise]:
        nonlocal read_so_far
        read_so_far += len(portion.candidates)
        progress(read_so_far, published)
        return [submit(batch) for batch in _batches(portion.candidates, batch_size)]

    found = portions(store, outdated(store, current, period), batch_size)
    for portion, promises in in_turn(found, begun, ahead):
        lap = stopwatch()
        worked = joined([promise.result() for promise in promises])
        seconds: Seconds = no_seconds() | {"wait": lap(), "analyse": worked.seconds}
        notes = _notes(worked, run_id, store)
        store.renew(run_id, {part: renewed(old, worked.tables) for part, old in portion.parts.items()}, notes)
        published += len(portion.candidates)
        progress(read_so_far, published)
        characters = sum(len(one.normalised.source) for one in portion.candidates)
        reported(of_batch({}, notes.ingests, notes.rejects, characters, seconds | {"publish": lap()}))


def outdated(store: Store, current: Versions | None, period: Period) -> Iterator[tuple[str, set[str]]]:
    """The parts of the days in `period` and their articles that other versions than `current` made."""
    for part in store.ledger.parts():
        if day_of(part) in period:
            rows = read_articles(store.place, part, ["article_id", *Versions._fields]).to_pydict()
            made_by = zip(rows["article_id"], rows["pipeline_version"], rows["model_version"], strict=True)
            if found := {one for one, *versions in made_by if tuple(versions) != current}:
                yield part, found


def portions(store: Store, parts: Iterable[tuple[str, set[str]]], batch_size: int) -> Iterator[Portion]:
    """Whole parts put together until they have `batch_size` articles to be made anew."""
    portion = Portion()
    for part, article_ids in parts:
        tables = read_part(store.place, part)
        portion.parts[part] = tables
        articles = only(tables, article_ids)["articles"]
        portion.candidates.extend(map(_candidate, articles.to_pylist()))
        if len(portion.candidates) >= batch_size:
            yield portion
            portion = Portion()
    if portion.parts:
        yield portion


def renewed(stored: Tables, fresh: Tables) -> Tables:
    """The rows of a part, those of articles in `fresh` from there; articles keep their places."""
    here = stored["articles"]["article_id"].to_pylist()
    done = set(fresh["articles"]["article_id"].to_pylist()).intersection(here)
    return in_order(appended(without(stored, done), only(fresh, done)), here)


def _candidate(row: Mapping[str, Any]) -> Candidate:
    """The candidate that an article was made of, with the rules of today."""
    given = row["date_source"] == "given"
    story = Story(
        source_uri=row["source_uri"],
        source_text=row["source_text"],
        url=row["url"],
        publisher=row["publisher"],
        title=row["title"],
        byline=tuple(row["byline"]),
        published_at=row["published_at"],
        published_date=None if given else row["published_date"],
        date_source=None if given else row["date_source"],
    )
    made = candidate(story, row["published_date"])
    return replace(made, article_id=row["article_id"], duplicate_of=row["duplicate_of"])


def _batches(candidates: Sequence[Candidate], size: int) -> Iterator[Sequence[Candidate]]:
    return (candidates[at : at + size] for at in range(0, len(candidates), size))


def _notes(worked: Worked, run_id: str, store: Store) -> Notes:
    now = dt.datetime.now(dt.UTC)
    done = worked.tables["articles"]["article_id"].to_pylist()
    return Notes(
        [Ingest(one, run_id, now, "replaced") for one in done],
        [reject(one, run_id, store.payloads) for one in worked.refusals],
    )
