"""What becomes of a story before any model reads it."""

import datetime as dt
import sqlite3
from dataclasses import replace

from pipeline.article import Refusal, Story
from pipeline.intake import Candidate, Intake, Settled, article_id
from pipeline.similar import SCHEMA, Similar

GIVEN = dt.date(2026, 1, 2)
STORY = Story("folder/a.txt", "तारा टेक ने पुणे में नया कार्यालय खोला है। कंपनी के पास सौ लोग काम करते हैं।")


class Shelf:
    """A shelf that holds what it is given."""

    def __init__(self, ids: set[str] | None = None, originals: dict[str, str] | None = None) -> None:
        self.ids, self.originals = ids or set(), originals or {}
        database = sqlite3.connect(":memory:")
        database.executescript(SCHEMA)
        self.similar = Similar(database)

    def has(self, article_id: str) -> bool:
        return article_id in self.ids

    def original(self, content_hash: str) -> str | None:
        return self.originals.get(content_hash)


def admit(story: Story, shelf: Shelf | None = None) -> Candidate | Settled | Refusal:
    return Intake(shelf or Shelf(), GIVEN).admit(story)


def test_the_id_of_an_article_does_not_depend_on_the_folder_it_lies_in() -> None:
    assert article_id(STORY) == article_id(replace(STORY, source_uri="elsewhere/b/a.txt"))


def test_the_id_depends_on_file_name_text_and_own_date() -> None:
    others = [
        replace(STORY, source_uri="folder/b.txt"),
        replace(STORY, source_text=STORY.source_text + " और।"),
        replace(STORY, published_date=dt.date(2025, 1, 1)),
    ]
    assert len({article_id(one) for one in [STORY, *others]}) == 4


def test_the_id_of_a_page_depends_on_its_url_and_not_on_its_file() -> None:
    page = replace(STORY, url="https://khabar.example/a")
    assert article_id(page) == article_id(replace(page, source_uri="saved-again.html"))


def test_the_id_is_the_same_on_every_machine() -> None:
    assert article_id(Story("a.txt", "नमस्ते")) == "6e49b265c68d61ff"


def test_a_story_without_a_date_takes_the_given_one() -> None:
    new = admit(STORY)
    assert isinstance(new, Candidate)
    assert (new.published_date, new.date_source) == (GIVEN, "given")


def test_a_storys_own_date_wins() -> None:
    own = dt.date(2025, 12, 25)
    new = admit(replace(STORY, published_date=own, date_source="header"))
    assert isinstance(new, Candidate)
    assert (new.published_date, new.date_source) == (own, "header")


def test_a_stored_article_is_unchanged_whatever_day_is_given() -> None:
    known = article_id(STORY)
    assert Intake(Shelf({known}), dt.date(1999, 1, 1)).admit(STORY) == Settled(
        known, "unchanged", STORY.source_uri
    )


def test_the_same_story_twice_in_a_run_is_one_article() -> None:
    intake = Intake(Shelf(), GIVEN)
    assert isinstance(intake.admit(STORY), Candidate)
    assert intake.admit(STORY) == Settled(article_id(STORY), "duplicate", STORY.source_uri)


def test_the_same_text_from_another_source_points_to_the_first() -> None:
    intake = Intake(Shelf(), GIVEN)
    first = intake.admit(STORY)
    copy = intake.admit(replace(STORY, source_uri="b.txt", source_text=STORY.source_text.replace(" ", "  ")))
    assert isinstance(first, Candidate) and isinstance(copy, Candidate)
    assert (first.duplicate_of, copy.duplicate_of) == (None, first.article_id)


def test_a_copy_of_a_stored_article_points_to_it() -> None:
    first = admit(STORY)
    assert isinstance(first, Candidate)
    copy = admit(replace(STORY, source_uri="b.txt"), Shelf(originals={first.content_hash: "a1"}))
    assert isinstance(copy, Candidate) and copy.duplicate_of == "a1"


def test_no_text_and_foreign_text_are_refused() -> None:
    empty = admit(Story("a.txt", " \u200b\n"))
    tamil = admit(Story("b.txt", "இந்த நிறுவனம் புதிய அலுவலகத்தைத் திறந்துள்ளது. இது ஒரு பெரிய செய்தி."))
    assert isinstance(empty, Refusal) and empty.reason == "empty"
    assert isinstance(tamil, Refusal) and tamil.reason == "language"


def test_another_language_is_kept_where_it_is_asked_for() -> None:
    text = "महाराष्ट्रात आज जोरदार पाऊस झाला आणि अनेक ठिकाणी पाणी साचले होते. शाळांना सुट्टी देण्यात आली आहे."
    story = Story("a.txt", text)
    refused = Intake(Shelf(), GIVEN).admit(story)
    assert isinstance(refused, Refusal)
    assert refused.reason == "language"
    kept = Intake(Shelf(), GIVEN, ("hi", "en", "mr")).admit(story)
    assert isinstance(kept, Candidate)
    assert kept.language.code == "mr"
