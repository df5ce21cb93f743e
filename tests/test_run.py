"""One pass: every story accounted for, in order, cut into batches that a second run cuts alike."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from pipeline import run
from pipeline.article import Article, Refusal, Story
from pipeline.batch import Worked
from pipeline.intake import Candidate, Intake
from pipeline.reading.leads import Reading
from pipeline.run import carry, read_each
from pipeline.store import Store, opened
from pipeline.tables import Run, Tables
from pipeline.verify import problems
from tests.stories import article, batch, files

GIVEN = dt.date(2025, 12, 25)


def story(number: int) -> Story:
    return Story(f"{number}.txt", f"तारा टेक ने {number} करोड़ रुपये जुटाए। यह कंपनी पुणे में है और तेज़ी से बढ़ रही है।")


def rows_of(candidates: Sequence[Candidate]) -> Tables:
    """Rows as analysis would make them, without its cost."""
    return batch(*(row_of(one) for one in candidates if "unlucky" not in one.story.source_uri))


def row_of(one: Candidate) -> Article:
    return replace(
        article(0),
        article_id=one.article_id,
        source_uri=one.story.source_uri,
        url=one.story.url,
        published_at=one.story.published_at,
        published_date=one.published_date,
        date_source=one.date_source,
        source_text=one.story.source_text,
        text=one.normalised.text,
        content_hash=one.content_hash,
        duplicate_of=one.duplicate_of,
    )


def promised(candidates: Sequence[Candidate]) -> Future[Worked]:
    future: Future[Worked] = Future()
    unlucky = [one for one in candidates if "unlucky" in one.story.source_uri]
    refusals = tuple(Refusal(one.story.source_uri, "failed", "out of luck") for one in unlucky)
    future.set_result(Worked(rows_of(candidates), refusals))
    return future


def ran(
    root: Path,
    readings: Sequence[Story | Refusal] | Callable[[Store], Iterable[Reading]],
    batch_size: int = 3,
) -> Run:
    with opened(root) as store:
        run_id = store.begin("{}", "m1").run_id
        carry(
            store,
            run_id,
            readings(store) if callable(readings) else readings,
            given=GIVEN,
            batch_size=batch_size,
            submit=promised,
            ahead=2,
            progress=lambda read, published: None,
        )
        ended = store.end(run_id, "completed")
        assert list(problems(store)) == []
        return ended


def counts(run: Run) -> tuple[int, int, int, int, int]:
    return run.n_read, run.n_written, run.n_unchanged, run.n_duplicates, run.n_rejected


def test_every_story_ends_as_an_article_a_duplicate_or_a_reject(tmp_path: Path) -> None:
    copy = Story("copy.txt", story(1).source_text)
    readings = [story(1), copy, Refusal("x", "binary", "not text"), story(2), story(2)]
    assert counts(ran(tmp_path, readings)) == (5, 2, 0, 2, 1)


def test_reading_the_same_again_writes_nothing(tmp_path: Path) -> None:
    readings = [story(number) for number in range(7)]
    ran(tmp_path, readings)
    before = files(tmp_path)
    assert counts(ran(tmp_path, readings)) == (7, 0, 7, 0, 0)
    assert files(tmp_path) == before


def test_new_stories_among_known_ones_are_added(tmp_path: Path) -> None:
    ran(tmp_path, [story(1), story(3)])
    assert counts(ran(tmp_path, [story(1), story(2), story(3)])) == (3, 1, 2, 0, 0)
    assert len(pd.read_parquet(tmp_path / "articles")) == 3


def test_a_run_that_stops_anywhere_and_is_taken_up_again_gives_the_same_bytes(tmp_path: Path) -> None:
    readings: list[Story | Refusal] = [story(number) for number in range(10)]
    readings.insert(4, Refusal("x", "binary", "not text"))
    readings.insert(6, Story("copy.txt", story(2).source_text))
    ran(tmp_path / "calm", readings)
    for stop in range(len(readings)):
        root = tmp_path / str(stop)
        with pytest.raises(RuntimeError):
            ran(root, stopping(readings, stop))  # type: ignore[arg-type]  # any iterable will do
        ran(root, readings)
        assert files(root) == files(tmp_path / "calm"), f"stopped after {stop} readings"


def stopping(readings: Sequence[Story | Refusal], after: int) -> object:
    yield from readings[:after]
    raise RuntimeError("the source fell silent")


def test_an_input_that_names_nothing_is_refused_and_the_others_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(story(1).source_text)
    read = list(read_each([str(tmp_path / "none.txt"), str(tmp_path / "a.txt")]))
    assert isinstance(read[0], Refusal) and read[0].reason == "not_found"
    assert isinstance(read[1], Story)


def test_a_run_that_remembers_what_was_read_notes_what_one_that_reads_all_of_it_would(tmp_path: Path) -> None:
    folder = tmp_path / "news"
    for name, number in {"a/1.txt": 1, "b/1.txt": 1, "b/2.txt": 2, "b/3.txt": 1}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(story(number).source_text)
    rows = [json.dumps({"text": story(number).source_text}) for number in (2, 5, 5, 6)]
    (folder / "c.jsonl").write_text("\n".join(rows))
    (folder / "d.png").write_bytes(b"\x89PNG")
    found: dict[bool, list[object]] = {True: [], False: []}
    for remembers, root in ((True, tmp_path / "one"), (False, tmp_path / "other")):
        for inputs in ([str(folder)], [str(folder), str(folder / "b")]):
            run = ran(
                root,
                lambda store: read_each(inputs, memory=store.ledger.readings if remembers else None),  # noqa: B023
            )
            ingests = pd.read_parquet(root / "ingests").query("run_id == @run.run_id")
            found[remembers] += [counts(run), sorted(zip(ingests.article_id, ingests.outcome, strict=True))]
    assert found[True] == found[False]
    assert found[True][2] == (12, 0, 11, 0, 1)


LEAD = "तारा टेक ने {} करोड़ रुपये जुटाए।"
BODY = """ पुणे की इस कंपनी ने बताया कि पैसा दक्षिण के राज्यों में नए गोदाम खोलने पर लगेगा। निवेश की अगुवाई
नीम कैपिटल ने की और दो पुराने निवेशक भी साथ रहे। कंपनी की संस्थापक मीरा कुलकर्णी ने कहा कि बीते साल आमदनी
दोगुनी हुई और घाटा कम हुआ है। किसानों से सीधे फल और सब्जी खरीदने का काम छह साल पहले एक छोटे कमरे से शुरू
हुआ था। अब कंपनी में चार सौ लोग काम करते हैं और अगले साल दो सौ और रखे जाएंगे।"""
LATER = " सौदे की खबर के बाद कर्मचारियों ने दफ्तर में मिठाई बांटी और मीरा ने सबको बोनस देने की बात कही।"
NOON, EVENING = (dt.datetime(2025, 12, 25, hour, tzinfo=dt.UTC) for hour in (12, 18))


def page(crore: int, *, at: dt.datetime | None = None, more: str = "", name: str = "a") -> Story:
    text = LEAD.format(crore) + BODY + more
    return Story(f"{name}.html", text, url=f"https://{name}.example/1", published_at=at)


def counted(root: Path) -> list[int]:
    """The crores that the amounts say, a plain reader looking."""
    return sorted(int(crore) for crore in pd.read_parquet(root / "amounts")["inr_crore_min"])


def originals(root: Path) -> list[str]:
    rows = pd.read_parquet(root / "articles")
    return sorted(rows["source_uri"][rows["duplicate_of"].isna()])


def test_agency_copy_in_another_paper_is_stored_and_counts_once(tmp_path: Path) -> None:
    copy = Story("b.txt", "नीम कैपिटल का दांव\n\n" + page(12).source_text.replace("करोड़", "करोड"))
    assert counts(ran(tmp_path, [page(12), story(7), copy])) == (3, 2, 0, 1, 0)
    assert counted(tmp_path) == [7, 12] and originals(tmp_path) == ["7.txt", "a.html"]


def test_the_same_form_with_another_firm_and_another_sum_is_another_story(tmp_path: Path) -> None:
    other = Story("b.txt", page(340).source_text.replace("मीरा कुलकर्णी", "हरीश बत्रा").replace("पुणे", "इंदौर"))
    assert counts(ran(tmp_path, [page(12), other])) == (2, 2, 0, 0, 0)


@pytest.mark.parametrize("apart", [True, False], ids=["in two runs", "in one"])
def test_a_newer_version_of_a_page_counts_and_the_older_is_kept_as_its_duplicate(
    tmp_path: Path, apart: bool
) -> None:
    old, new = page(12, at=NOON), page(15, at=EVENING, more=LATER)
    for readings in ([old, story(7)], [new]) if apart else ([old, story(7), new],):
        last = ran(tmp_path, readings)
    assert counted(tmp_path) == [7, 15]
    rows = pd.read_parquet(tmp_path / "articles").set_index("source_text")
    assert rows["duplicate_of"][old.source_text] == rows["article_id"][new.source_text]
    assert last.n_duplicates == 0 and "replaced" in set(pd.read_parquet(tmp_path / "ingests")["outcome"])


def test_an_older_version_that_comes_later_does_not_count(tmp_path: Path) -> None:
    ran(tmp_path, [page(15, at=EVENING, more=LATER)])
    assert counts(ran(tmp_path, [page(12, at=NOON)])) == (1, 0, 0, 1, 0)
    assert counted(tmp_path) == [15]


def test_of_versions_that_do_not_say_when_they_were_told_the_last_read_counts(tmp_path: Path) -> None:
    for crore in (12, 15, 18):
        ran(tmp_path, [page(crore)])
    assert counted(tmp_path) == [18]


def test_reading_all_versions_again_changes_nothing(tmp_path: Path) -> None:
    versions = [page(12, at=NOON), page(15, at=EVENING), page(18, at=EVENING)]
    for one in versions:
        ran(tmp_path, [one])
    before = files(tmp_path)
    assert counts(ran(tmp_path, versions)) == (3, 0, 3, 0, 0)
    assert files(tmp_path) == before


def test_a_copy_of_the_older_version_becomes_a_copy_of_the_newer(tmp_path: Path) -> None:
    copy = Story("b.txt", page(12).source_text)
    ran(tmp_path, [page(12), copy])
    ran(tmp_path, [page(15)])
    ran(tmp_path, [Story("c.txt", copy.source_text)])
    assert counted(tmp_path) == [15] and originals(tmp_path) == ["a.html"]


def test_a_version_that_repeats_another_paper_leaves_its_older_version_uncounted(tmp_path: Path) -> None:
    elsewhere = Story("b.txt", page(15).source_text)
    ran(tmp_path, [page(12), elsewhere])
    assert counted(tmp_path) == [12, 15]
    ran(tmp_path, [page(15)])
    assert counted(tmp_path) == [15] and originals(tmp_path) == ["b.txt"]


def test_one_file_name_with_the_reports_of_two_days_is_two_stories(tmp_path: Path) -> None:
    days = [dt.date(2025, 12, day) for day in (24, 25)]
    reports = [
        Story("bazaar.txt", page(12 + day.day).source_text, published_date=day, date_source="header")
        for day in days
    ]
    assert counts(ran(tmp_path, reports)) == (2, 2, 0, 0, 0)


def test_a_file_that_was_mended_is_one_story(tmp_path: Path) -> None:
    mended = Story("1.txt", page(12).source_text + LATER)
    for text in (page(12).source_text, mended.source_text):
        ran(tmp_path, [Story("1.txt", text)])
    rows = pd.read_parquet(tmp_path / "articles")
    assert list(rows["source_text"][rows["duplicate_of"].isna()]) == [mended.source_text]


def test_a_telling_more_than_twice_as_long_takes_the_place_of_the_flash(tmp_path: Path) -> None:
    sentences = page(12).source_text.split("।")
    flash = Story("flash.txt", "।".join(sentences[:2]) + "।")
    ran(tmp_path, [flash])
    ran(tmp_path, [page(12, name="b", more=LATER + LATER.replace("मिठाई", "चाय"))])
    assert originals(tmp_path) == ["b.html"] and counted(tmp_path) == [12]


def test_the_summary_of_a_page_in_a_feed_does_not_take_the_place_of_the_page(tmp_path: Path) -> None:
    summary = replace(page(12), source_text="।".join(page(12).source_text.split("।")[:2]) + "।")
    for readings in ([page(12), summary], [summary, page(12)]):
        root = tmp_path / str(len(list(tmp_path.iterdir())))
        ran(root, readings)
        rows = pd.read_parquet(root / "articles")
        assert list(rows["source_text"][rows["duplicate_of"].isna()]) == [page(12).source_text]


@pytest.mark.parametrize("batch_size", [1, 2, 50])
def test_what_repeats_an_article_that_cannot_be_analysed_is_refused_with_it(
    tmp_path: Path, batch_size: int
) -> None:
    unlucky = Story("unlucky.txt", page(12).source_text)
    copies = [Story(f"{number}.txt", unlucky.source_text) for number in range(5)]
    assert counts(ran(tmp_path, [unlucky, *copies, story(1)], batch_size=batch_size)) == (7, 1, 0, 0, 6)


@pytest.mark.parametrize("batch_size", [1, 2, 50])
def test_an_article_that_cannot_be_analysed_and_is_read_again_is_refused_each_time(
    tmp_path: Path, batch_size: int
) -> None:
    unlucky = Story("unlucky.txt", page(12).source_text)
    readings = [unlucky, story(1), unlucky, story(2), story(1), unlucky]
    assert counts(ran(tmp_path, readings, batch_size=batch_size)) == (6, 2, 0, 1, 3)


def test_stories_that_need_no_analysis_do_not_pile_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run, "BATCH_NOTES", 4)
    refused = [Refusal(f"{number}.png", "binary", "a picture") for number in range(9)]
    readings = [story(1), *refused, story(2), *[story(1)] * 9, *refused]
    with opened(tmp_path) as store:
        found = run.batches(readings, Intake(store.ledger, GIVEN), "r1", 2, store.payloads)
        sizes = [(len(one.candidates), len(one.repeats), len(one.notes)) for one in found]
    ahead, cut, repeats, rest = [(0, 0, 4)] * 2, (2, 0, 1), [(0, 4, 0)] * 2, [(0, 1, 3), (0, 0, 4), (0, 0, 2)]
    assert sizes == [*ahead, cut, *repeats, *rest]


MIXED: list[Story | Refusal] = [
    story(1),
    page(12),
    Story("copy.txt", page(12).source_text + LATER),
    page(12, name="b"),
    page(15, at=NOON, more=LATER),
    story(2),
    Story("late.txt", page(12).source_text),
    page(18, at=EVENING),
    page(17, at=NOON),
    Story("last.txt", page(18).source_text),
]


@pytest.mark.parametrize("batch_size", [1, 2, 4, 50])
def test_what_is_a_duplicate_of_what_does_not_depend_on_batches(tmp_path: Path, batch_size: int) -> None:
    ran(tmp_path / "three", MIXED)
    ran(tmp_path / "other", MIXED, batch_size=batch_size)
    three, other = (
        pd.read_parquet(tmp_path / name / "articles").sort_values("article_id", ignore_index=True)
        for name in ("three", "other")
    )
    pd.testing.assert_frame_equal(three, other, check_categorical=False)


def test_versions_and_copies_survive_a_run_that_stops_anywhere(tmp_path: Path) -> None:
    ran(tmp_path / "calm", MIXED, batch_size=2)
    for stop in range(1, len(MIXED)):
        root = tmp_path / str(stop)
        with pytest.raises(RuntimeError):
            ran(root, stopping(MIXED, stop), batch_size=2)  # type: ignore[arg-type]  # as above
        ran(root, MIXED, batch_size=2)
        assert files(root) == files(tmp_path / "calm"), f"stopped after {stop} readings"
