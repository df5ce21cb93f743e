"""Files that were read before, byte for byte: told of as repeats, in their place, and not read again."""

import json
import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.article import Refusal, Repeat, Story
from pipeline.intake import article_id
from pipeline.reading import memory as remembering
from pipeline.reading import read
from pipeline.reading.leads import Reading

TEXT = "मुंबई की कंपनी ने {} करोड़ रुपये जुटाए।"


class Memory:
    """What was noted, all of it stored."""

    def __init__(self) -> None:
        self.noted: dict[str, Sequence[str]] = {}

    def recall(self, keys: Sequence[str]) -> dict[str, Sequence[str]]:
        return {key: self.noted[key] for key in keys if key in self.noted}

    def identity(self, story: Story) -> str:
        return article_id(story)

    def note(self, key: str, article_ids: Sequence[str]) -> None:
        self.noted[key] = article_ids


@pytest.fixture
def memory() -> Memory:
    return Memory()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(5):
        (tmp_path / f"{number}.txt").write_text(TEXT.format(number), "utf-8")
    rows = [json.dumps({"text": TEXT.format(number)}) for number in range(20, 23)]
    (tmp_path / "rows.jsonl").write_text("\n".join(rows), "utf-8")
    return tmp_path


def found(folder: Path, memory: Memory, text_column: str | None = None) -> list[Reading]:
    return list(read([str(folder)], text_column=text_column, memory=memory))


def ids(readings: Sequence[Reading]) -> Iterator[str]:
    for one in readings:
        if isinstance(one, Story):
            yield article_id(one)
        elif isinstance(one, Repeat):
            yield from one.article_ids


def test_the_second_time_there_are_only_repeats_of_the_same_stories_in_their_order(
    folder: Path, memory: Memory
) -> None:
    first, second = found(folder, memory), found(folder, memory)
    assert first == list(read([str(folder)]))
    assert all(isinstance(one, Repeat) for one in second)
    assert list(ids(first)) == list(ids(second)) and len(first) == 8


def test_a_file_that_changed_is_read_among_the_others(folder: Path, memory: Memory) -> None:
    found(folder, memory)
    (folder / "2.txt").write_text(TEXT.format(99), "utf-8")
    again = found(folder, memory)
    assert [one.source_uri for one in again if isinstance(one, Story)] == ["2.txt"]
    assert [one.source_uri for one in again] == [*(f"{number}.txt" for number in range(5)), "rows.jsonl"]


def test_another_name_or_text_column_is_another_reading(folder: Path, memory: Memory) -> None:
    found(folder, memory)
    (folder / "0.txt").rename(folder / "0-moved.txt")
    assert [one.source_uri for one in found(folder, memory) if isinstance(one, Story)] == ["0-moved.txt"]
    assert all(isinstance(one, Story) for one in found(folder, memory, "text"))


def test_a_file_with_a_refusal_is_read_each_time(folder: Path, memory: Memory) -> None:
    for path in folder.iterdir():
        path.unlink()
    (folder / "broken.jsonl").write_text(json.dumps({"text": TEXT.format(1)}) + "\n{broken", "utf-8")
    (folder / "image.txt").write_bytes(b"\x89PNG")
    for _ in range(2):
        assert [type(one) for one in found(folder, memory)] == [Story, Refusal, Refusal]


def test_a_file_too_large_to_be_held_is_remembered_unless_it_changes_while_it_is_read(
    folder: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembering, "_SMALL", 10)
    readings = read([str(folder / "rows.jsonl")], memory=memory)
    first = next(readings)
    with (folder / "rows.jsonl").open("a", encoding="utf-8") as file:
        file.write("\n" + json.dumps({"text": TEXT.format(30)}))
    assert len(list(readings)) == 3 and isinstance(first, Story) and not memory.noted
    found(folder, memory)
    assert all(isinstance(one, Repeat) for one in found(folder, memory))


def test_a_reading_that_is_broken_off_is_not_remembered(folder: Path, memory: Memory) -> None:
    readings = read([str(folder / "rows.jsonl")], memory=memory)
    next(readings)
    readings.close()  # type: ignore[attr-defined]  # it is a generator
    assert not memory.noted


def test_a_pipe_is_read_once_and_not_remembered(tmp_path: Path, memory: Memory) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = threading.Thread(target=(tmp_path / "pipe").write_text, args=(TEXT.format(7), "utf-8"))
    writer.start()
    (story,) = read([str(tmp_path / "pipe")], memory=memory)
    writer.join(10)
    assert isinstance(story, Story) and not memory.noted


def test_a_file_that_cannot_be_opened_is_refused_as_ever(folder: Path, memory: Memory) -> None:
    (folder / "9.txt").symlink_to(folder / "nowhere")
    refused = [one for one in found(folder, memory) if isinstance(one, Refusal)]
    assert [(one.source_uri, one.reason) for one in refused] == [("9.txt", "unreadable")]


def test_many_stories_are_told_of_in_several_repeats(
    folder: Path, memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    found(folder, memory)
    monkeypatch.setattr(remembering, "_REPEATED", 2)
    assert [len(one.article_ids) for one in found(folder, memory)[-2:]] == [2, 1]  # type: ignore[union-attr]
