"""The index of stored originals: found by what they share, whatever the order and wherever they are."""

import datetime as dt
import sqlite3

from pipeline.similar import COMMON, SCHEMA, Similar, Telling, closest, of_source, source_of, told_at
from pipeline.text.outline import outline

STORY = "सूरत की मिल ने नवसारी में कारखाना लगाने का फैसला किया है और इसके लिए जमीन भी ले ली है, काम अगले साल शुरू होगा"
OTHER = "रांची में सिपाही भर्ती का परिणाम आ गया है और सफल युवाओं का प्रशिक्षण छह केंद्रों पर जनवरी से शुरू किया जाएगा"


def telling(name: str, text: str = STORY, source: int | None = None) -> Telling:
    return Telling(name, source, None, outline(text))


def index(*tellings: Telling) -> Similar:
    database = sqlite3.connect(":memory:")
    database.executescript(SCHEMA)
    made = Similar(database)
    made.add(tellings)
    return made


def found(*indexes: Similar, without: tuple[str, ...] = ()) -> list[str]:
    return [one.article_id for one in closest(indexes, outline(STORY), without)]


def test_a_story_is_found_by_a_part_of_it_and_another_is_not() -> None:
    cut = telling("cut", " ".join(STORY.split()[:15]))
    assert found(index(cut, telling("other", OTHER))) == ["cut"]


def test_it_does_not_matter_how_stories_are_spread_over_indexes_or_in_which_order() -> None:
    one, two = telling("a"), telling("b")
    assert (
        found(index(one, two))
        == found(index(two), index(one))
        == found(index(two, one), index())
        == ["a", "b"]
    )


def test_a_story_that_is_removed_or_left_out_is_not_found() -> None:
    both = index(telling("a"), telling("b"))
    assert found(both, without=("a",)) == ["b"]
    both.remove(["a", "never there"])
    assert found(both) == ["b"]


def test_a_form_that_many_share_says_nothing_and_those_left_out_do_not_add_to_them() -> None:
    many = [telling(f"{number:03}") for number in range(COMMON + 1)]
    assert found(index(*many)) == []
    assert len(found(index(*many[:9]), index(*many[9:]), without=("000",))) == COMMON


def test_stories_of_a_source_are_found_whatever_they_say() -> None:
    stored = index(
        telling("a", source=1), telling("b", OTHER, source=1), telling("c", source=2), telling("d")
    )
    assert [one.article_id for one in of_source([stored], 1)] == ["a", "b"]
    assert [one.article_id for one in of_source([stored], 1, without=["a"])] == ["b"]


def test_an_address_and_a_file_of_its_name_are_two_sources_and_standard_input_is_none() -> None:
    assert source_of("https://a.example/1", "a.html") == source_of("https://a.example/1", "b.html")
    assert source_of("a.html", "x") != source_of(None, "a.html")
    assert source_of(None, "-") is None and source_of(None, "-#3") is None
    assert telling("a", source=source_of(None, "a.html")).is_of_file
    assert not telling("a", source=source_of("a.html", "a.html")).is_of_file


def test_instants_are_told_in_one_zone_and_days_as_days() -> None:
    india = dt.timezone(dt.timedelta(hours=5, minutes=30))
    assert told_at(dt.datetime(2025, 12, 25, 3, tzinfo=india), None) == "2025-12-24T21:30:00.000000+00:00"
    assert told_at(None, dt.date(2025, 12, 25)) == "2025-12-25"
    assert told_at(None, None) is None
