"""The soak in short: writers killed at random while plain readers look on (`make soak` is the long form)."""

from benchmarks.soak.__main__ import report
from benchmarks.soak.readers import Known, Reading, wrongs
from benchmarks.soak.rounds import soak
from tests.stories import folder_in_memory

KILLS = 15


def test_killed_at_random_moments_the_tables_are_those_of_a_store_left_in_peace() -> None:
    """Runs, two at once, reprocessing and compacting are killed; no reader sees a wrong count at any moment."""
    with folder_in_memory() as folder:
        outcome = soak(folder, KILLS, seed=7, say=lambda text: None)
    assert outcome.wrong == [], report(outcome)
    assert [account.wrong for account in outcome.accounts] == [[], [], []], report(outcome)
    assert outcome.kills.total() >= KILLS
    assert all(account.readings for account in outcome.accounts), report(outcome)


STORED = Known({"a1": None, "a2": "a1", "a3": None}, coming=set())
RIGHT = Reading(
    STORED,
    [("a1", None, "खबर 5"), ("a2", "a1", "खबर 5"), ("a3", None, "खबर 7")],
    [("m1", "a1"), ("m3", "a3")],
    [("s1", "a1", "5"), ("s3", "a3", "7")],
    STORED,
)


def told(reading: Reading, seen: set[str] | None = None) -> list[str]:
    return list(wrongs(reading, seen or set()))


def test_a_right_reading_has_nothing_wrong() -> None:
    assert told(RIGHT, {"a1", "a2"}) == []


def test_a_row_that_stands_twice_is_wrong() -> None:
    assert told(RIGHT._replace(articles=[*RIGHT.articles, RIGHT.articles[2]])) == [
        "articles: a3 stands 2 times"
    ]


def test_an_article_that_is_stored_and_not_seen_is_wrong_unless_it_is_on_its_way() -> None:
    missing = RIGHT._replace(
        articles=RIGHT.articles[:2], mentions=[("m1", "a1")], amounts=[("s1", "a1", "5")]
    )
    assert told(missing) == ["a3 is stored and not seen"]
    assert told(missing._replace(before=STORED._replace(coming={"a3"}))) == []
    assert told(missing._replace(before=STORED._replace(coming={"a3"})), {"a3"}) == [
        "a3 was seen and is gone"
    ]


def test_what_the_ledger_does_not_know_is_wrong() -> None:
    unknown = Known({"a1": None, "a2": "a1"}, set())
    assert told(RIGHT._replace(before=unknown, after=unknown)) == [
        "a3 is seen and not stored",
        "there is a mention or sum of a3, which is not stored",
    ]


def test_an_article_without_its_mention_or_sum_is_wrong_unless_another_is_taking_its_place() -> None:
    bare = RIGHT._replace(mentions=[("m1", "a1")], amounts=[("s1", "a1", "5"), ("s3", "a3", "8")])
    assert told(bare) == ["a3 has 0 mentions, not 1", "a3 has the sums [Decimal('8')], not [Decimal('7')]"]
    assert told(bare._replace(after=STORED._replace(articles={**STORED.articles, "a3": "a1"}))) == []


def test_a_duplicate_that_is_counted_is_wrong() -> None:
    assert told(RIGHT._replace(mentions=[*RIGHT.mentions, ("m2", "a2")])) == ["a2 has 1 mentions, not 0"]
