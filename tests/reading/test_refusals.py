"""Whatever is read comes out as a story or as a refusal with a known code; nothing raises."""

import gzip
import io
import zipfile

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.article import Refusal, Story
from pipeline.reading import REASONS, NotAnArticle, read, read_article, read_bytes
from pipeline.reading.streams import LARGEST_ARTICLE

TEXT = "रिलायंस ने 75,000 करोड़ रुपये का निवेश किया।"


def archive() -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as file:
        file.writestr("a.txt", TEXT)
    return sink.getvalue()


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b" \r\n\t\xef\xbb\xbf", "empty"),
        ("\ufeff \u200b\n".encode(), "empty"),
        (b" date 2025-12-25 \n", "empty"),
        (gzip.compress(b""), "empty"),
        (b"12345 + 67,890 = ?\n", "not_text"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "binary"),
        (archive()[:-5], "unreadable"),
        (bytes(range(256)) * 4, "binary"),
        (b"\x01\x02\x03\x04" * 50, "binary"),
        (gzip.compress(gzip.compress(TEXT.encode())), "binary"),
        (b"\xff\xfe\xfd" + TEXT.encode(), "bad_encoding"),
        (b"<rss version='2.0'><channel/></rss>", "empty"),
        (b"<?xml version='1.0'?>\n<feed xmlns='x'></feed>", "empty"),
        (b"<urlset xmlns='x'></urlset>", "empty"),
        (b"<?xml version='1.0'?><note>x</note>", "unsupported_format"),
        (b"WARC/1.0\r\nWARC-Type: warcinfo\r\n", "empty"),
        (gzip.compress(TEXT.encode())[:-9], "unreadable"),
        (gzip.compress(TEXT.encode())[:5], "unreadable"),
        (b"\x1f\x8b\x08" + b"x" * 40, "unreadable"),
        (TEXT.encode() * (LARGEST_ARTICLE // len(TEXT.encode()) + 1), "too_large"),
        (gzip.compress(b"a" * (LARGEST_ARTICLE + 1)), "too_large"),
        (b'{"text": "' + b"a" * (LARGEST_ARTICLE + 1) + b'"}', "too_large"),
        (b'{"text": ', "broken_row"),
        (b"<html><body></body></html>", "no_article"),
        (TEXT.encode("utf-16-le") + b"a", "bad_encoding"),
        (b"title,text\n", "empty"),
        (b"[]", "empty"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value[:12]),
)
def test_each_kind_of_fault_has_its_code(content, reason):
    (refusal,) = read_bytes(content, "x")
    assert isinstance(refusal, Refusal)
    assert refusal.reason == reason
    assert refusal.source_uri.startswith("x")
    assert refusal.detail.endswith(".")
    assert "\n" not in refusal.detail
    with pytest.raises(NotAnArticle):
        read_article(content, "x")


def test_a_packed_article_is_read_and_keeps_its_name():
    assert list(read_bytes(gzip.compress(TEXT.encode()), "a/b.txt.gz")) == [Story("a/b.txt.gz", TEXT)]


def test_a_name_does_not_make_a_format():
    for name in ("a.html", "a.gz", "a.parquet", "a.json", "a.jsonl", "a.csv", "a.pdf"):
        assert read_article(TEXT.replace(",", "").encode(), name).source_text == TEXT.replace(",", "")


def test_whatever_a_reader_raises_refuses_one_file_and_not_the_rest(tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise RuntimeError("a fault of a library")

    (tmp_path / "a.jsonl").write_text('{"text": "x y"}\n', "utf-8")
    (tmp_path / "b.txt").write_text(TEXT, "utf-8")
    monkeypatch.setattr("pipeline.reading.json_rows.read_row", fail)
    refusal, story = read([str(tmp_path)])
    assert (refusal.source_uri, refusal.reason) == ("a.jsonl", "unreadable")
    assert "a fault of a library" in refusal.detail
    assert story.source_text == TEXT


@pytest.mark.parametrize("kind", ["utf-16-le", "utf-16"])
@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_a_damaged_file_of_two_bytes_a_sign_never_raises(kind, data):
    content = bytearray(TEXT.encode(kind))
    at = data.draw(st.integers(0, len(content) - 1))
    content[at : at + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    assert len(list(read_bytes(bytes(content), "x"))) == 1


PIECES = st.sampled_from(
    [b"<html>", b"<p>", b"</p>", b"<script type='application/ld+json'>", b'{"@type": "NewsArticle", "headline": ', b"{", b"}", b"[", b'"text"',
     b": ", b",", b"\n", b'"', b"text,url\n", b"PAR1", b"\x1f\x8b\x08", b"\xff\xfe", b"\0", b"date 2025-12-25 ", TEXT.encode(), b"<br>", b"<a href=x>",
     b"<meta charset=", b"utf-16", b"<table><tr><td>", b"</script>", b"&#xD800;", b"<!--", b"\xe0\xa4"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(
    st.binary(max_size=200) | st.lists(PIECES | st.binary(max_size=9), max_size=25).map(b"".join),
    st.booleans(),
)
@example(b'{"text": ' + b"[" * 100_000, False)
@example(b"<div>" * 5_000 + TEXT.encode(), False)
@example(b'<html><script type="application/ld+json">' + b"[" * 100_000, False)
@example(b'{"text": ' + b"9" * 5_000 + b"}", False)
def test_no_bytes_raise_and_what_comes_out_can_be_stored(content, packed):
    for found in read_bytes(gzip.compress(content) if packed else content, "x"):
        if isinstance(found, Refusal):
            assert found.reason in REASONS
            found.detail.encode()
        else:
            found.source_text.encode()
            assert found.source_text.strip()
            assert (found.published_date is None) == (found.date_source is None)
