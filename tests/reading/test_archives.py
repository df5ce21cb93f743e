"""Zip archives and packed files: every member is a source of its own; bombs and locks are refused."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Refusal, Story
from pipeline.reading import REASONS, read, read_bytes
from pipeline.reading.streams import LARGEST_ARTICLE

TEXT = "मुंबई की कंपनी ने 5 करोड़ रुपये जुटाए।"


def zipped(members: dict[str, bytes | str], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return sink.getvalue()


def uris(content: bytes, name: str = "a.zip") -> list[str]:
    return [each.source_uri for each in read_bytes(content, name)]


@pytest.mark.parametrize(
    "method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]
)
def test_the_members_of_an_archive_are_read_each_as_what_it_is(method):
    members = {
        "b/rows.jsonl": f'{{"text": "{TEXT}"}}\n' * 2,
        "a.txt": TEXT,
        "c.csv": f"title,text\nx,{TEXT}\n",
        "d.txt.gz": gzip.compress(TEXT.encode()),
    }
    found = list(read_bytes(zipped(members, method), "a.zip"))
    assert [each.source_uri for each in found] == ["a.zip/a.txt", "a.zip/b/rows.jsonl#1", "a.zip/b/rows.jsonl#2", "a.zip/c.csv#1", "a.zip/d.txt.gz"]  # fmt: skip
    assert all(isinstance(each, Story) and TEXT in each.source_text for each in found)


def test_folders_and_hidden_members_are_no_input():
    members = {"x/": "", "x/.hidden": TEXT, ".git/a": TEXT, "__MACOSX/x/a.txt": TEXT, "x/a.txt": TEXT}
    assert uris(zipped(members)) == ["a.zip/x/a.txt"]
    assert [each.reason for each in read_bytes(zipped({"x/": ""}), "a.zip")] == ["empty"]


def test_a_hindi_name_is_kept_whether_or_not_the_archive_says_how_it_is_written():
    content = zipped({"खबर.txt": TEXT})
    assert uris(content) == ["a.zip/खबर.txt"]
    plain = bytearray(content)
    flags = [at + 6 for at in range(len(plain)) if plain[at : at + 4] == b"PK\x03\x04"]
    flags += [at + 8 for at in range(len(plain)) if plain[at : at + 4] == b"PK\x01\x02"]
    for at in flags:
        plain[at + 1] &= ~0x08  # the bit that says UTF-8
    assert uris(bytes(plain)) == ["a.zip/खबर.txt"]


def test_an_archive_within_an_archive_is_refused_and_the_rest_is_read():
    content = zipped({"a.zip": zipped({"b.txt": TEXT}), "b.txt": TEXT, "c.zip.gz": gzip.compress(zipped({}))})
    first, story, last = read_bytes(content, "x.zip")
    assert (first.source_uri, first.reason) == ("x.zip/a.zip", "nested_archive")
    assert story.source_text == TEXT
    assert last.reason == "nested_archive"


def test_a_member_that_only_a_password_opens_is_refused_alone():
    content = bytearray(zipped({"a.txt": TEXT, "b.txt": TEXT}, zipfile.ZIP_STORED))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    refusal, story = read_bytes(bytes(content), "a.zip")
    assert (refusal.source_uri, refusal.reason) == ("a.zip/a.txt", "encrypted")
    assert story.source_text == TEXT


def test_a_damaged_member_is_refused_alone():
    content = zipped({"a.txt": TEXT, "b.txt": TEXT}, zipfile.ZIP_STORED)
    damaged = content.replace(TEXT.encode(), b"x" + TEXT.encode()[1:], 1)
    refusal, story = read_bytes(damaged, "a.zip")
    assert (refusal.source_uri, refusal.reason) == ("a.zip/a.txt", "unreadable")
    assert isinstance(story, Story)


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2])
def test_bombs_are_refused_without_being_unpacked(method):
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        with archive.open("bomb.csv", "w", force_zip64=True) as member:
            for _ in range(120):
                member.write(b"a" * (1 << 20))
        archive.writestr("large.txt", b"a" * (LARGEST_ARTICLE + 1))
        archive.writestr("news.txt", TEXT)
    bomb, large, story = read_bytes(sink.getvalue(), "a.zip")
    assert (bomb.reason, large.reason) == ("too_large", "too_large")
    assert "120 MB" in bomb.detail
    assert isinstance(story, Story)


@pytest.mark.parametrize(
    "members",
    [
        {"[Content_Types].xml": "<x/>", "word/document.xml": "<x/>"},
        {"mimetype": "application/epub+zip", "META-INF/container.xml": "<x/>"},
        {"META-INF/MANIFEST.MF": "x", "a.class": "x"},
    ],
    ids=["docx", "epub", "jar"],
)
def test_documents_and_programs_that_are_zip_archives_inside_are_refused_as_one(members):
    (refusal,) = read_bytes(zipped(members), "a.txt")
    assert refusal.reason == "binary"


@pytest.mark.parametrize("cut", [4, 30, -10])
def test_an_archive_that_is_cut_off_is_refused(cut):
    (refusal,) = read_bytes(zipped({"a.txt": TEXT})[:cut], "a.zip")
    assert refusal.reason == "unreadable"


def test_an_archive_from_a_pipe_or_packed_again_is_read(tmp_path: Path):
    content = zipped({"a.txt": TEXT})
    assert uris(gzip.compress(content), "a.zip.gz") == ["a.zip.gz/a.txt"]
    (tmp_path / "a.zip").write_bytes(content)
    assert [each.source_uri for each in read([str(tmp_path)])] == ["a.zip/a.txt"]


@pytest.mark.parametrize(
    ("pack", "end"), [(bz2.compress, "bz2"), (lzma.compress, "xz"), (gzip.compress, "gz")]
)
def test_a_packed_file_is_read_whole_and_in_parts_and_told_when_cut_off(pack, end):
    packed = pack(TEXT.encode())
    assert list(read_bytes(packed, f"a.txt.{end}")) == [Story(f"a.txt.{end}", TEXT)]
    twice = f'{{"text": "{TEXT}"}}\n'.encode()
    assert uris(pack(twice) + pack(twice), "t") == ["t#1", "t#2"]
    assert uris(pack(f"text\n{TEXT}\n".encode()), f"t.csv.{end}") == [f"t.csv.{end}#1"]
    (refusal,) = read_bytes(packed[:-9], "x")
    assert refusal.reason == "unreadable"


@pytest.mark.parametrize("pack", [bz2.compress, lzma.compress])
def test_a_bomb_packed_in_another_way_stops_at_the_largest_article(pack):
    (refusal,) = read_bytes(pack(b"a" * (LARGEST_ARTICLE + 1)), "x")
    assert refusal.reason == "too_large"


def test_thousands_of_empty_packed_streams_are_no_harm():
    (story,) = read_bytes(bz2.compress(TEXT.encode()) + bz2.compress(b"") * 20_000, "x")
    assert story.source_text == TEXT


def test_a_packed_stream_that_wants_too_much_memory_is_refused():
    packed = bytearray(lzma.compress(TEXT.encode(), filters=[{"id": lzma.FILTER_LZMA2, "preset": 0}]))
    header = slice(12, 12 + (packed[12] + 1) * 4)  # of the block, with a checksum at its end
    packed[16] = 38  # a dictionary of 2 GB
    packed[header.stop - 4 : header.stop] = zlib.crc32(packed[12 : header.stop - 4]).to_bytes(4, "little")
    (refusal,) = read_bytes(bytes(packed), "x")
    assert refusal.reason == "unreadable"
    assert "emory" in refusal.detail


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_whatever_stands_in_an_archive_ends_as_stories_or_refusals(data):
    content = bytearray(zipped({"a.txt": TEXT, "b.csv": f"title,text\nx,{TEXT}\n"}))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(4, len(content) - 1))
        content[at : at + data.draw(st.integers(0, 4))] = data.draw(st.binary(max_size=4))
    results = list(read_bytes(bytes(content), "x"))
    assert results
    for each in results:
        assert isinstance(each, Story) or each.reason in REASONS
        assert not isinstance(each, Refusal) or each.detail.endswith(".")
