"""A backfill stores the stories of a range of days, and gives a row to each of the others."""

import datetime as dt
from collections.abc import Iterable, Iterator
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from flows.ingest import ingest_directly
from flows.parameters import RunParameters
from pipeline.period import ALWAYS, Period
from pipeline.reading import NotAnArticle, read
from pipeline.reading.web import Fetched

DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2026, 12, 31))
BOUNDS = st.none() | DAYS
TEXT = "पुणे की तारा टेक लिमिटेड ने करीब {} करोड़ रुपये जुटाए. यह कंपनी तेज़ी से बढ़ रही है."


@given(BOUNDS, BOUNDS, DAYS)
def test_both_bounds_belong_to_a_period_and_none_is_without_end(
    since: dt.date | None, until: dt.date | None, day: dt.date
) -> None:
    inside = (since or dt.date.min) <= day <= (until or dt.date.max)
    assert (day in Period(since, until)) is inside
    assert day in ALWAYS


@given(BOUNDS, BOUNDS, DAYS)
def test_what_is_surely_older_is_in_no_zone_of_the_period(
    since: dt.date | None, until: dt.date | None, listed: dt.date
) -> None:
    period = Period(since, until)
    if period.begins_after(listed):
        assert listed not in period and listed + dt.timedelta(days=1) not in period


def backfilled(raw: Path, out: Path, **options: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The articles and the rejects after a run."""
    ingest_directly(RunParameters.model_validate({"inputs": [str(raw)], "out": out, **options}))
    return pd.read_parquet(out / "articles"), pd.read_parquet(out / "rejects")


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    """Four stories of four days, and one without a date."""
    folder = tmp_path / "raw"
    folder.mkdir()
    for day in (21, 22, 23, 24):
        (folder / f"{day}.txt").write_text(f" date 2025-12-{day} {TEXT.format(day)}", encoding="utf-8")
    (folder / "undated.txt").write_text(TEXT.format(5), encoding="utf-8")
    return folder


def test_only_stories_of_the_range_are_stored_and_the_others_are_rejected_with_their_day(
    raw: Path, tmp_path: Path
) -> None:
    days = {"since": "2025-12-22", "until": "2025-12-23"}
    articles, rejects = backfilled(raw, tmp_path / "out", **days, date="2026-01-01")
    assert sorted(articles["source_uri"]) == ["22.txt", "23.txt"]
    assert dict(zip(rejects["source_uri"], rejects["reason"], strict=True)) == {
        "21.txt": "outside_dates",
        "24.txt": "outside_dates",
        "undated.txt": "outside_dates",
    }
    assert "2026-01-01" in rejects.set_index("source_uri")["detail"]["undated.txt"]


def test_a_story_without_a_date_has_that_of_the_run(raw: Path, tmp_path: Path) -> None:
    days = {"since": "2025-12-24", "until": "2025-12-24"}
    articles, _ = backfilled(raw, tmp_path / "out", **days, date="2025-12-24")
    assert sorted(articles["source_uri"]) == ["24.txt", "undated.txt"]


def test_ranges_that_follow_each_other_store_what_one_run_over_all_stores(raw: Path, tmp_path: Path) -> None:
    backfilled(raw, tmp_path / "parts", until="2025-12-22", date="2025-12-21")
    parts, _ = backfilled(raw, tmp_path / "parts", since="2025-12-23", date="2025-12-21")
    whole, rejects = backfilled(raw, tmp_path / "whole", date="2025-12-21")
    assert rejects.empty
    assert set(parts["article_id"]) == set(whole["article_id"])


def test_what_was_passed_over_is_not_tried_again_unless_it_is_named(raw: Path, tmp_path: Path) -> None:
    backfilled(raw, tmp_path / "out", since="2025-12-23")
    ran = ingest_directly(RunParameters(out=tmp_path / "out", inputs=[], retry_rejects=True))
    assert ran.n_read == 0


def test_a_range_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValidationError, match="since 2025-12-24 is after until 2025-12-21"):
        RunParameters(since=dt.date(2025, 12, 24), until=dt.date(2025, 12, 21))


class Site:
    """A site with a sitemap of news; it notes which pages it is asked for."""

    def __init__(self, **days: str) -> None:
        self.days, self.asked = days, list[str]()

    def fetch(self, url: str, *, stamp: str | None = None) -> Fetched:
        named = "".join(
            f"<url><loc>https://example.com/{page}</loc><n:news><n:publication_date>{day}</n:publication_date></n:news></url>"
            for page, day in self.days.items()
        )
        spaces = "xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'"
        content = f"<?xml version='1.0' encoding='UTF-8'?><urlset {spaces}>{named}</urlset>".encode()
        return Fetched(url, url, dt.datetime(2025, 12, 30, tzinfo=dt.UTC), content, None, None, True)

    def fetch_all(
        self, pages: Iterable[tuple[str, str | None]]
    ) -> Iterator[tuple[str, Fetched | NotAnArticle]]:
        for url, _ in pages:
            self.asked.append(url.rpartition("/")[2])
            yield url, NotAnArticle("http_error", "The server answered 404.")


def test_a_page_that_is_listed_from_before_the_range_is_not_fetched_and_has_its_row() -> None:
    site = Site(old="2025-11-30", near="2025-12-20", inside="2025-12-22", later="2025-12-28")
    period = Period(dt.date(2025, 12, 21), dt.date(2025, 12, 23))
    found = list(read(["https://example.com/map.xml"], web=site, period=period))
    assert site.asked == ["near", "inside", "later"]  # of these the listing alone cannot tell
    assert next((one.source_uri.rpartition("/")[2], one.reason) for one in found) == ("old", "outside_dates")
    assert len(found) == 4
