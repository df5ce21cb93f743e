"""Reprocessing: the rows that a new version makes, in the place of those that another made."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline.article import Refusal, Story
from pipeline.batch import Worked
from pipeline.compaction import compact
from pipeline.intake import Candidate
from pipeline.period import ALWAYS, Period
from pipeline.reprocess import Versions, reprocess
from pipeline.run import Submit, carry
from pipeline.store import opened
from pipeline.tables import Run, table
from pipeline.verify import problems
from tests.stories import amount, article, batch, files, folder_in_memory
from tests.test_run import MIXED, counts, page, story

GIVEN = dt.date(2025, 12, 25)
OLD, NEW = Versions("1", "m1"), Versions("2", "m2")


@pytest.fixture
def tmp_path() -> Iterator[Path]:
    with folder_in_memory() as folder:
        yield folder


def by(versions: Versions, unlucky: str = "nothing") -> Submit:
    """Analysis by a version: the second finds that sums are prices and finds no names."""

    def submit(candidates: Sequence[Candidate]) -> Future[Worked]:
        lucky = [one for one in candidates if unlucky not in one.story.source_text]
        rows = [_row(one, versions) for one in lucky]
        tables = batch(*rows)
        if versions == NEW:
            originals = [one for one in rows if one.duplicate_of is None]
            prices = (replace(amount(one), kind="price") for one in originals)
            tables |= {"amounts": table("amounts", prices), "mentions": table("mentions", [])}
        refused = (
            Refusal(one.story.source_uri, "failed", "out of luck") for one in candidates if one not in lucky
        )
        future: Future[Worked] = Future()
        future.set_result(Worked(tables, tuple(refused)))
        return future

    return submit


def _row(one: Candidate, versions: Versions):  # type: ignore[no-untyped-def]  # an article
    told = one.story
    return replace(
        article(0),
        article_id=one.article_id,
        source_uri=told.source_uri,
        url=told.url,
        publisher=told.publisher,
        title=told.title,
        byline=told.byline,
        published_at=told.published_at,
        published_date=one.published_date,
        date_source=one.date_source,
        source_text=told.source_text,
        text=one.normalised.text,
        content_hash=one.content_hash,
        duplicate_of=one.duplicate_of,
        **versions._asdict(),
    )


def ran(root: Path, readings: Sequence[Story | Refusal], versions: Versions) -> Run:
    def work(store, run_id: str) -> None:  # type: ignore[no-untyped-def]
        carry(
            store,
            run_id,
            readings,
            given=GIVEN,
            batch_size=3,
            submit=by(versions),
            ahead=2,
            progress=lambda read, published: None,
        )

    return _run(root, work)


def again(
    root: Path, current: Versions | None = NEW, period: Period = ALWAYS, submit: Submit | None = None
) -> Run:
    def work(store, run_id: str) -> None:  # type: ignore[no-untyped-def]
        reprocess(
            store,
            run_id,
            current=current,
            period=period,
            batch_size=2,
            submit=submit or by(NEW),
            ahead=2,
            progress=lambda read, published: None,
        )

    return _run(root, work)


def _run(root: Path, work: Callable[..., None]) -> Run:
    with opened(root) as store:
        run_id = store.begin("{}", "m").run_id
        try:
            work(store, run_id)
        except BaseException:
            store.end(run_id, "failed")
            raise
        ended = store.end(run_id, "completed")
        assert list(problems(store)) == []
        return ended


TITLED = Story(
    "6.html",
    "तारा टेक\n\n" + page(6).source_text.replace("नीम", "आम").replace("मीरा", "तारा"),
    url="https://c.example/6",
    publisher="व्यापार",
    title="तारा टेक",
    byline=("रवि", "मीरा"),
    published_at=dt.datetime(2025, 12, 24, 20, tzinfo=dt.timezone(dt.timedelta(hours=5.5))),
    published_date=dt.date(2025, 12, 24),
    date_source="metadata",
)
STORIES = [*MIXED, TITLED]


def test_the_tables_become_those_of_a_run_of_the_new_version_byte_for_byte(tmp_path: Path) -> None:
    """Copies, newer versions, several days and articles without a date among them."""
    for name, versions in (("renewed", OLD), ("fresh", NEW)):
        ran(tmp_path / name, STORIES[:6], versions)
        ran(tmp_path / name, STORIES, versions)
    assert files(tmp_path / "renewed") != files(tmp_path / "fresh")
    done = again(tmp_path / "renewed")
    assert files(tmp_path / "renewed") == files(tmp_path / "fresh")
    stored = len(pd.read_parquet(tmp_path / "fresh" / "articles"))
    assert counts(done) == (stored, stored, 0, 0, 0)


def test_compacted_parts_are_renewed_like_others(tmp_path: Path) -> None:
    for name, versions in (("renewed", OLD), ("fresh", NEW)):
        ran(tmp_path / name, STORIES, versions)
        with opened(tmp_path / name) as store:
            compact(store)
    again(tmp_path / "renewed")
    assert files(tmp_path / "renewed") == files(tmp_path / "fresh")


def test_what_the_present_versions_made_is_left_alone_unless_all_is_asked_for(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), story(2)], NEW)
    before = files(tmp_path)
    assert counts(again(tmp_path)) == (0, 0, 0, 0, 0)
    assert counts(again(tmp_path, current=None)) == (2, 2, 0, 0, 0)
    assert files(tmp_path) == before


def test_only_articles_of_the_days_in_the_period_are_analysed_again(tmp_path: Path) -> None:
    days = [dt.date(2025, 12, day) for day in (23, 24, 25)]
    dated = [replace(story(day.day), published_date=day, date_source="header") for day in days]
    ran(tmp_path, dated, OLD)
    assert counts(again(tmp_path, period=Period(days[1], days[1]))) == (1, 1, 0, 0, 0)
    rows = pd.read_parquet(tmp_path / "articles").sort_values("published_date")
    assert list(rows["pipeline_version"]) == ["1", "2", "1"]


def test_the_articles_of_a_part_that_two_versions_made_are_told_apart(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), story(2), story(3)], OLD)
    again(tmp_path, submit=by(NEW, unlucky="2 करोड़"))
    seen: list[str] = []

    def submit(candidates: Sequence[Candidate]) -> Future[Worked]:
        seen.extend(one.story.source_uri for one in candidates)
        return by(NEW)(candidates)

    again(tmp_path, submit=submit)
    assert seen == ["2.txt"]
    assert set(pd.read_parquet(tmp_path / "articles")["pipeline_version"]) == {"2"}


def test_an_article_that_the_new_version_fails_on_keeps_its_rows_and_is_noted(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), story(2), story(3)], OLD)
    done = again(tmp_path, submit=by(NEW, unlucky="2 करोड़"))
    assert counts(done) == (3, 2, 0, 0, 1)
    rows = pd.read_parquet(tmp_path / "articles").set_index("source_uri")
    assert dict(rows["pipeline_version"]) == {"1.txt": "2", "2.txt": "1", "3.txt": "2"}
    kinds = pd.read_parquet(tmp_path / "amounts").set_index("article_id")["kind"]
    assert kinds[rows["article_id"]["1.txt"]] == "price" and pd.isna(kinds[rows["article_id"]["2.txt"]])
    assert list(pd.read_parquet(tmp_path / "rejects")["reason"]) == ["failed"]


def test_the_ingests_say_what_was_replaced_by_which_run(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), page(12), Story("copy.txt", page(12).source_text)], OLD)
    done = again(tmp_path)
    rows = pd.read_parquet(tmp_path / "ingests")
    assert list(rows["outcome"][rows["run_id"] == done.run_id]) == ["replaced"] * 3


def test_a_new_spelling_of_the_text_is_known_to_later_stories(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran(tmp_path, [story(1)], OLD)
    monkeypatch.setattr("pipeline.intake.fingerprint", lambda text: f"new {hash(text)}")
    again(tmp_path)
    assert counts(ran(tmp_path, [replace(story(1), source_uri="copy.txt")], NEW)) == (1, 0, 0, 1, 0)


def test_stopped_anywhere_and_done_again_the_bytes_are_those_of_an_undisturbed_run(tmp_path: Path) -> None:
    ran(tmp_path / "fresh", STORIES, NEW)
    for stop in range(1, 6):
        root = tmp_path / str(stop)
        ran(root, STORIES, OLD)
        with pytest.raises(RuntimeError):
            again(root, submit=failing_at(stop))
        assert len(pd.read_parquet(root / "articles")) == len(
            pd.read_parquet(tmp_path / "fresh" / "articles")
        )
        again(root)
        assert files(root) == files(tmp_path / "fresh"), f"stopped at batch {stop}"


def failing_at(stop: int) -> Submit:
    calls = 0

    def submit(candidates: Sequence[Candidate]) -> Future[Worked]:
        nonlocal calls
        calls += 1
        if calls == stop:
            raise RuntimeError("the power failed")
        return by(NEW)(candidates)

    return submit


def test_a_portion_is_whole_parts_and_a_batch_no_larger_than_asked(tmp_path: Path) -> None:
    ran(tmp_path, [story(number) for number in range(9)], OLD)
    sizes: list[int] = []

    def submit(candidates: Sequence[Candidate]) -> Future[Worked]:
        sizes.append(len(candidates))
        return by(NEW)(candidates)

    again(tmp_path, submit=submit)
    assert sizes == [2, 1] * 3
