"""Excel workbooks: every sheet with a column of text, a row a story, as any other table."""

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.article import Story
from pipeline.reading import REASONS, read, read_bytes

TEXT = "इन्फोसिस ने 1,200 करोड़ रुपये का मुनाफा कमाया।"
OTHER = "विप्रो का मुनाफा घटकर 800 करोड़ रुपये रहा।"


def workbook(**sheets: list[list[object]]) -> bytes:
    book, sink = openpyxl.Workbook(), io.BytesIO()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
    book.save(sink)
    return sink.getvalue()


def rewritten(content: bytes, part: str, old: bytes, new: bytes) -> bytes:
    sink = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as before,
        zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as after,
    ):
        for name in before.namelist():
            inside = before.read(name)
            after.writestr(name, inside.replace(old, new) if name == part else inside)
    return sink.getvalue()


def found(content: bytes, name: str = "t.xlsx") -> list[object]:
    return list(read_bytes(content, name))


def test_a_row_of_a_workbook_is_the_story_of_its_cells():
    content = workbook(
        Sheet=[
            ["क्रमांक", "शीर्षक", "समाचार", "दिनांक", "लेखक", "स्रोत"],
            [1, "इन्फोसिस आगे", TEXT, dt.datetime(2025, 12, 25), "रवि कुमार", "नमूना समाचार"],
            [2, None, OTHER, dt.datetime(2025, 12, 25, 10, 30), None, None],
            [3, None, OTHER, "२५ दिसंबर २०२५", None, None],
        ]
    )
    first, second, third = found(content)
    assert first == Story(
        source_uri="t.xlsx#1",
        source_text=f"इन्फोसिस आगे\n\n{TEXT}",
        publisher="नमूना समाचार",
        title="इन्फोसिस आगे",
        byline=("रवि कुमार",),
        published_date=dt.date(2025, 12, 25),
        date_source="metadata",
    )
    assert second.published_at == dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC)
    assert third.published_date == dt.date(2025, 12, 25)


def test_every_sheet_with_a_column_of_text_is_read_and_one_without_is_refused():
    content = workbook(
        हिंदी=[["text"], [TEXT]], English=[["id", "Body"], [1, OTHER]], Notes=[["price"], [5]], Empty=[]
    )
    assert [each.source_uri for each in found(content)] == [
        "t.xlsx#हिंदी!1",
        "t.xlsx#English!1",
        "t.xlsx#Notes",
    ]
    assert found(content)[2].reason == "no_text_column"


def test_lines_above_the_header_and_empty_rows_are_passed_over():
    rows = [["साप्ताहिक रिपोर्ट"], [], ["id", "text"], [1, TEXT], [None, None], [2, OTHER]]
    assert [(each.source_uri, each.source_text) for each in found(workbook(Sheet=rows))] == [
        ("t.xlsx#1", TEXT),
        ("t.xlsx#2", OTHER),
    ]


def test_a_row_without_text_or_with_a_number_in_its_place_is_refused_alone():
    rows = [["id", "text"], [1, None], [2, 5], [3, TEXT]]
    assert [getattr(each, "reason", None) for each in found(workbook(Sheet=rows))] == [
        "empty",
        "broken_row",
        None,
    ]


def test_the_text_column_can_be_named(tmp_path):
    (tmp_path / "t.xlsx").write_bytes(workbook(Sheet=[["Kahani", "text"], [TEXT, "x y"]]))
    (story,) = read([str(tmp_path)], text_column="Kahani")
    assert story.source_text == TEXT


@pytest.mark.parametrize("name", ["t.zip", "t.txt", "t"])
def test_a_workbook_is_known_by_what_it_holds(name):
    assert found(workbook(Sheet=[["text"], [TEXT]]), name)[0].source_text == TEXT


def test_a_workbook_in_an_archive_is_no_archive_in_it():
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        archive.writestr("t.xlsx", workbook(Sheet=[["text"], [TEXT]]))
    (story,) = found(sink.getvalue(), "a.zip")
    assert story.source_uri == "a.zip/t.xlsx#1"


def test_an_empty_workbook_is_empty_and_an_old_one_is_refused_clearly():
    assert [each.reason for each in found(workbook(Sheet=[]))] == ["empty"]
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "Root Entry\0Workbook\0".encode("utf-16-le")
    (refusal,) = found(old, "t.xls")
    assert refusal.reason == "unsupported_format"
    assert ".xlsx" in refusal.detail
    locked = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1016 + "EncryptedPackage".encode("utf-16-le")
    assert found(locked)[0].reason == "encrypted"


SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'r="2"', b'r="999999999999"'),
        (b'r="A2"', b'r="ZZZ2"'),
        (b"<sheetData>", b"<sheetData>" + b"<row r='1'>" * 5_000),
        (b"<dimension ", b"<dimension ref='A1:XFD1048576' "),
        (b"</sheetData>", b""),
    ],
    ids=["a row far below", "a cell far right", "rows within rows", "a large claim", "cut off"],
)
def test_a_sheet_that_claims_what_it_has_not_ends_soon(old, new):
    content = rewritten(workbook(Sheet=[["text"], [TEXT]]), SHEET, old, new)
    for each in found(content):
        assert isinstance(each, Story) or each.reason in REASONS


def test_an_entity_bomb_in_a_sheet_is_harmless():
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    for part in (SHEET, "xl/sharedStrings.xml", "xl/workbook.xml"):
        content = workbook(Sheet=[["text"], [TEXT]])
        name = {"xl/workbook.xml": b"<workbook", SHEET: b"<worksheet", "xl/sharedStrings.xml": b"<sst"}[part]
        doctype = f'<!DOCTYPE x [<!ENTITY l0 "हा">{laughs}]>'.encode()
        content = rewritten(content, part, name, doctype + name)
        content = rewritten(content, part, TEXT.encode(), b"&l12;")
        for each in found(content):
            assert isinstance(each, Story) or each.reason in REASONS


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_a_damaged_workbook_ends_as_stories_or_refusals(data):
    plain = rewritten(workbook(Sheet=[["text", "date"], [TEXT, dt.datetime(2025, 12, 25)]]), "", b"", b"")
    with zipfile.ZipFile(io.BytesIO(plain)) as archive:
        part = data.draw(st.sampled_from([name for name in archive.namelist() if name.startswith("xl/")]))
        inside = archive.read(part)
    at = data.draw(st.integers(0, len(inside) - 1))
    damaged = inside[:at] + data.draw(st.binary(max_size=5)) + inside[at + data.draw(st.integers(0, 5)) :]
    results = found(rewritten(plain, part, inside, damaged))
    assert results
    for each in results:
        assert isinstance(each, Story) or each.reason in REASONS
