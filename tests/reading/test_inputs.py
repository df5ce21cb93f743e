"""Files, folders, globs and standard input: what is read, in which order, under which name."""

import bz2
import gzip
import io
import os
import sys
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest

from pipeline.article import Refusal, Story
from pipeline.reading import InputNotFound, read

TEXT = "मुंबई की कंपनी ने 5 करोड़ रुपये जुटाए।"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("b.txt", "a/z.txt", "a/b/c.txt", "a.txt", ".hidden.txt", ".git/x.txt", "sub/.gitkeep"):
        path = tmp_path / "news" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f" date 2025-12-25 {TEXT} {name}", "utf-8")
    return tmp_path / "news"


def uris(*inputs: object) -> list[str]:
    return [found.source_uri for found in read([str(each) for each in inputs])]


def test_a_folder_is_read_in_the_order_of_its_whole_paths_without_hidden_files(folder):
    assert uris(folder) == ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]
    assert uris(folder) == sorted(uris(folder))


def test_a_file_is_named_by_its_name_alone(folder):
    assert uris(folder / "a" / "z.txt") == ["z.txt"]


def test_a_glob_is_named_from_its_first_wildcard_on(folder):
    assert uris(f"{folder}/*.txt") == ["a.txt", "b.txt"]
    assert uris(f"{folder}/a/*/c.txt") == ["b/c.txt"]
    assert uris(f"{folder}/**/*.txt") == ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]
    assert uris(f"{folder}/?") == ["a/b/c.txt", "a/z.txt"]


def test_two_stars_read_every_file_once_under_one_name(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert uris("**") == uris(f"{folder}/**") == uris(folder)


def test_a_pipe_that_a_glob_matches_is_refused_and_not_waited_for(folder):
    os.mkfifo(folder / "pipe")
    (refusal,) = read([f"{folder}/pi*"])
    assert (refusal.source_uri, refusal.reason) == ("pipe", "unreadable")


def test_a_store_below_a_folder_is_what_was_made_and_not_what_is_read(folder):
    (folder / "processed" / "_ledger").mkdir(parents=True)
    (folder / "processed" / "articles.txt").write_text(TEXT, "utf-8")
    expected = ["a.txt", "a/b/c.txt", "a/z.txt", "b.txt"]
    assert uris(folder) == sorted(uris(f"{folder}/*")) == sorted(uris(f"{folder}/**/*")) == expected
    assert uris(f"{folder}/p*/*.txt") == []


def test_a_glob_reads_hidden_files_only_when_it_says_so(folder):
    assert uris(f"{folder}/.h*.txt") == [".hidden.txt"]


def test_a_relative_glob_is_named_the_same_as_an_absolute_one(folder, monkeypatch):
    monkeypatch.chdir(folder)
    assert uris("a/*.txt") == uris(f"{folder}/a/*.txt") == ["z.txt"]
    assert uris("*.txt") == ["a.txt", "b.txt"]


def test_a_file_whose_name_looks_like_a_pattern_is_that_file(tmp_path):
    (tmp_path / "x[1].txt").write_text(TEXT, "utf-8")
    assert uris(tmp_path / "x[1].txt") == ["x[1].txt"]


def test_several_inputs_are_read_in_the_order_given(folder):
    assert uris(folder / "b.txt", folder / "a.txt") == ["b.txt", "a.txt"]


@pytest.mark.parametrize("packed", [False, True])
def test_standard_input_is_named_by_a_hyphen(monkeypatch, packed):
    content = TEXT.encode()
    stream = io.BytesIO(gzip.compress(content) if packed else content)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=stream))
    assert list(read(["-"])) == [Story("-", TEXT)]
    assert not stream.closed


def test_a_pipe_that_cannot_be_rewound_is_read_whole():
    out, into = os.pipe()
    os.write(into, b'{"text": "' + TEXT.encode() + b'"}\n')
    os.close(into)
    assert [found.source_text for found in read([f"/dev/fd/{out}"])] == [TEXT]
    os.close(out)


def test_a_pipe_is_read_also_where_what_comes_through_it_is_packed():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("a.txt", TEXT)
    for content in (gzip.compress(TEXT.encode()), bz2.compress(TEXT.encode()), sink.getvalue()):
        out, into = os.pipe()
        os.write(into, content)
        os.close(into)
        assert [found.source_text for found in read([f"/dev/fd/{out}"])] == [TEXT]
        os.close(out)


@pytest.mark.parametrize("name", ["no-such-file.txt", "no-such-*.txt", "no/such/folder/**/x", "a**b*", ""])
def test_an_input_that_names_nothing_is_said_at_once(name):
    with pytest.raises(InputNotFound, match=r"^[^\n]+$"):
        read([name])


def test_an_empty_folder_holds_nothing(tmp_path):
    assert uris(tmp_path) == []


def test_a_file_that_cannot_be_opened_is_refused_and_the_rest_is_read(folder):
    (folder / "a" / "gone.txt").symlink_to(folder / "nowhere")
    os.mkfifo(folder / "a" / "pipe")
    found = {each.source_uri: each for each in read([str(folder)])}
    assert found["a/gone.txt"].reason == found["a/pipe"].reason == "unreadable"
    assert sum(isinstance(each, Story) for each in found.values()) == 4


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_refused(folder):
    (folder / "b.txt").chmod(0)
    (folder / "a" / "b").chmod(0)
    reasons = {each.source_uri: each.reason for each in read([str(folder)]) if isinstance(each, Refusal)}
    (folder / "a" / "b").chmod(0o700)
    assert reasons == {"a/b": "unreadable", "b.txt": "unreadable"}


def test_a_file_name_in_no_encoding_gets_a_name_that_can_be_stored(tmp_path):
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")).write_text(TEXT, "utf-8")
    (uri,) = uris(tmp_path)
    assert uri.encode("utf-8") == rb"\xff.txt"


def test_reading_is_lazy(folder):
    stories = read([str(folder)])
    assert next(stories).source_uri == "a.txt"
    (folder / "b.txt").write_text("बदल गया।", "utf-8")
    assert list(stories)[-1].source_text == "बदल गया।"
