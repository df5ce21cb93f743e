"""JSON, CSV, TSV and Parquet: a story or a refusal for every row."""

import csv
import datetime as dt
import gzip
import io
import json

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.article import Refusal, Story
from pipeline.reading import NotAnArticle, read, read_article, read_bytes
from pipeline.reading.streams import LARGEST_ARTICLE

TEXT = "इन्फोसिस ने 1,200 करोड़ रुपये का मुनाफा कमाया।"
OTHER = "विप्रो का मुनाफा घटकर 800 करोड़ रुपये रहा।"


def jsonl(*rows: object) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def parquet(**columns: object) -> bytes:
    sink = io.BytesIO()
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def delimited(*rows: list[str], mark: str = ",") -> bytes:
    sink = io.StringIO()
    csv.writer(sink, delimiter=mark).writerows(rows)
    return sink.getvalue().encode()


def workbook(*rows: list[object]) -> bytes:
    book, sink = openpyxl.Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(sink)
    return sink.getvalue()


def reasons(content: bytes, name: str = "t") -> list[str | None]:
    return [each.reason if isinstance(each, Refusal) else None for each in read_bytes(content, name)]


ROW = {
    "id": 7,
    "headline": "इन्फोसिस का मुनाफा बढ़ा",
    "content": TEXT,
    "published_at": "2025-12-24T20:00:00Z",
    "link": "https://example.com/a",
    "author": "रवि कुमार, Asha Rao",
    "source": "नमूना समाचार",
}
STORY = Story(
    source_uri="t#1",
    source_text=f"इन्फोसिस का मुनाफा बढ़ा\n\n{TEXT}",
    url="https://example.com/a",
    publisher="नमूना समाचार",
    title="इन्फोसिस का मुनाफा बढ़ा",
    byline=("रवि कुमार", "Asha Rao"),
    published_at=dt.datetime(2025, 12, 24, 20, tzinfo=dt.UTC),
    published_date=dt.date(2025, 12, 25),
    date_source="metadata",
)


@pytest.mark.parametrize(
    "content",
    [
        jsonl(ROW),
        json.dumps(ROW).encode(),
        json.dumps([ROW], indent=2, ensure_ascii=False).encode(),
        json.dumps(ROW, indent=4).encode("utf-8-sig"),
        delimited([*map(str, ROW)], [*map(str, ROW.values())]),
        delimited([*map(str, ROW)], [*map(str, ROW.values())], mark="\t"),
        delimited([*map(str, ROW)], [*map(str, ROW.values())], mark=";"),
        delimited([*map(str, ROW)], [*map(str, ROW.values())]).decode().encode("utf-16"),
        parquet(**{name: [value] for name, value in ROW.items()}),
        workbook([*ROW], [*ROW.values()]),
    ],
    ids=["jsonl", "object", "array", "indented", "csv", "tsv", "semicolons", "utf16", "parquet", "xlsx"],
)
@pytest.mark.parametrize("packed", [False, True], ids=["plain", "gzip"])
def test_a_row_is_the_same_story_in_every_format_whatever_its_name(content, packed):
    content = gzip.compress(content) if packed else content
    assert list(read_bytes(content, "t")) == [STORY]
    assert read_article(content, "t") == STORY


def test_rows_are_numbered_from_one_and_bad_ones_do_not_end_the_table():
    content = (
        jsonl({"text": TEXT})
        + b'{"text": "cut off\n[1]\n{"text": 5}\n{"text": null}\n{"body": " "}\n{"id": 1}\n\xff\n'
        + jsonl({"text": OTHER})
    )
    found = list(read_bytes(content, "t.jsonl"))
    assert [each.source_uri for each in found] == [f"t.jsonl#{number}" for number in range(1, 10)]
    expected = ["broken_row", "broken_row", "broken_row", "empty", "empty", "no_text_column", "bad_encoding"]
    assert reasons(content, "t.jsonl") == [None, *expected, None]


def test_a_row_of_csv_that_does_not_fit_its_header_is_refused():
    content = f'text,url\n{OTHER},u\nएक, दो, तीन\nअकेला\n"{OTHER}",u\n"कटा "हुआ" पाठ",u\n{OTHER},u,,\n'.encode()
    found = list(read_bytes(content, "t.csv"))
    assert reasons(content) == [None, "broken_row", "broken_row", None, "broken_row", None]
    assert found[3].source_uri == "t.csv#4"


def test_fields_of_csv_hold_lines_quotes_and_delimiters():
    text = 'पहला "पैरा", यहां।\n\nदूसरा; पैरा।'
    content = delimited(["id", "text"], ["1", text], ["2", OTHER])
    assert [story.source_text for story in read_bytes(content, "x")] == [text, OTHER]


def test_a_csv_of_one_column_is_known_by_its_name():
    content = f"text\n{TEXT}\n{OTHER}\n".encode()
    assert [story.source_uri for story in read_bytes(content, "t.csv")] == ["t.csv#1", "t.csv#2"]
    assert [story.source_uri for story in read_bytes(content, "t.txt")] == ["t.txt"]


def test_a_table_without_a_column_of_text_is_refused():
    assert reasons(b"id,price\n1,2\n", "t.csv") == ["no_text_column"]
    assert reasons(parquet(price=[1, 2])) == ["no_text_column"]
    assert reasons(b'{"price": 1}\n{"price": 2}\n') == ["no_text_column", "no_text_column"]


def test_the_text_column_can_be_named(tmp_path):
    for name, content in (
        ("a.csv", delimited(["id", "Kahani"], ["1", TEXT])),
        ("b.jsonl", jsonl({"Kahani": TEXT, "text": "x"})),
        ("c.parquet", parquet(Kahani=[TEXT])),
        ("d.csv", delimited(["id", "text"], ["1", TEXT])),
    ):
        (tmp_path / name).write_bytes(content)
    found = list(read([str(tmp_path)], text_column="Kahani"))
    assert [each.source_text for each in found[:3]] == [TEXT] * 3
    assert found[3].reason == "no_text_column"


def test_hindi_column_names_are_known():
    story = read_article(jsonl({"शीर्षक": "इन्फोसिस आगे", "लेख": TEXT, "तारीख": "25 दिसंबर 2025"}), "t")
    assert (story.title, story.published_date) == ("इन्फोसिस आगे", dt.date(2025, 12, 25))


def test_the_text_of_a_row_may_be_in_record_form():
    story = read_article(jsonl({"text": f" date 2025-12-25 {TEXT}", "date": "2020-01-01T10:00:00Z"}), "t")
    assert (story.source_text, story.published_date, story.date_source) == (
        TEXT,
        dt.date(2025, 12, 25),
        "header",
    )
    assert story.published_at is None


def test_a_title_that_the_text_begins_with_is_not_put_before_it_again():
    text = f"इन्फोसिस  का मुनाफा बढ़ा\n\n{TEXT}"
    assert read_article(jsonl(ROW | {"content": text}), "t").source_text == text


def test_a_text_of_paragraphs_or_of_html_is_read_as_text():
    assert read_article(jsonl({"text": [TEXT, OTHER]}), "t").source_text == f"{TEXT}\n\n{OTHER}"
    html = f"<p>{TEXT}</p><p>{OTHER}&nbsp;</p><script>x()</script>"
    assert read_article(jsonl({"text": html}), "t").source_text == f"{TEXT}\n\n{OTHER}"


def test_authors_and_publishers_may_be_objects_or_lists():
    row = {"text": TEXT, "authors": [{"name": "रवि कुमार"}, "Asha Rao"], "publisher": {"name": "नमूना"}}
    story = read_article(jsonl(row), "t")
    assert (story.byline, story.publisher) == (("रवि कुमार", "Asha Rao"), "नमूना")


def test_half_a_surrogate_pair_never_leaves_a_row():
    story = read_article(b'{"text": "\\ud83d \\ud83d\\ude00 said the firm."}', "t")
    assert story.source_text == "\ufffd \U0001f600 said the firm."


def test_parquet_reads_time_stamps_lists_dictionaries_and_binary_strings():
    at = dt.datetime(2025, 12, 25, 5, tzinfo=dt.UTC)
    content = parquet(
        text=pa.array([TEXT.encode()]),
        published=pa.array([at], pa.timestamp("us", "UTC")),
        authors=[["रवि", "आशा"]],
        source=pa.array(["नमूना"]).dictionary_encode(),
    )
    story = read_article(content, "t")
    assert (story.source_text, story.published_at, story.byline, story.publisher) == (
        TEXT,
        at,
        ("रवि", "आशा"),
        "नमूना",
    )


def test_damaged_parquet_is_refused():
    content = parquet(text=[TEXT] * 10)
    assert reasons(content[:-20]) == reasons(b"PAR1" * 9) == ["unreadable"]
    assert reasons(parquet(text=pa.array([TEXT.encode(), b"\xff\xfe\xfa", None]))) == [
        None,
        "bad_encoding",
        "empty",
    ]


def test_rows_before_the_damage_of_a_cut_archive_are_kept():
    content = gzip.compress(jsonl(*({"text": f"{TEXT} {number}"} for number in range(3_000))))
    found = list(read_bytes(content[: len(content) // 2], "t.jsonl.gz"))
    assert isinstance(found[0], Story)
    assert found[0].source_uri == "t.jsonl.gz#1"
    assert [each.reason for each in found if isinstance(each, Refusal)][-1] == "unreadable"


def test_html_within_a_table_does_not_make_it_a_page():
    content = delimited(["id", "text"], ["1", f"<div><p>{TEXT}</p><p>{OTHER}</p></div>"])
    assert read_article(content, "-").source_text == f"{TEXT}\n\n{OTHER}"


def test_an_endless_line_is_refused_and_the_next_is_read():
    content = b'{"text": "' + b"a" * (LARGEST_ARTICLE + 99) + b'"}\n' + jsonl({"text": OTHER})
    assert reasons(content) == ["too_large", None]
    assert reasons(b"id,text\n1," + b"a" * (LARGEST_ARTICLE + 99) + f"\n2,{OTHER}\n".encode())[-1] is None


def test_a_header_in_no_encoding_is_refused_in_words_that_can_be_stored():
    (refusal,) = read_bytes(b"id,\xff\n1,2\n", "t.csv")
    assert refusal.detail.encode()


def test_a_large_table_is_read_row_by_row(tmp_path):
    path = tmp_path / "big.jsonl"
    path.write_bytes(jsonl({"text": TEXT}) * 5_000)
    stories = read([str(path)])
    assert [next(stories).source_uri for _ in range(3)] == ["big.jsonl#1", "big.jsonl#2", "big.jsonl#3"]


def test_one_article_is_wanted_and_a_table_of_several_is_refused():
    with pytest.raises(NotAnArticle) as caught:
        read_article(jsonl({"text": TEXT}, {"text": OTHER}), "t")
    assert caught.value.reason == "many_articles"
    with pytest.raises(NotAnArticle) as caught:
        read_article(b"[]", "t")
    assert caught.value.reason == "empty"


def test_prose_with_commas_or_brackets_is_no_table():
    for text in (
        f"सोना, चांदी, text, शेयर\n\n{TEXT}",
        f"[नई दिल्ली] {TEXT}",
        f"{{नई दिल्ली}} {TEXT}",
        f"text\n{TEXT}",
    ):
        assert read_article(text.encode(), "t").source_text == text


def texts(content: bytes, name: str = "t") -> list[str]:
    return [getattr(each, "source_text", each.source_uri) for each in read_bytes(content, name)]


@pytest.mark.parametrize(
    "text",
    [
        "News, Delhi\nAlpha Motors bought Beta, which makes steel.\nIt paid Rs 500 crore, sources said.",
        "News | Business\nAlpha buys Beta | Rs 500 crore deal\nShares rise | 5% by noon",
        f"समाचार, दिल्ली\n{OTHER}, सूत्रों ने कहा।\n{OTHER}, कंपनी ने कहा।",
        "Story, Mumbai\n\nAlpha bought Beta, a firm.\n\nIt paid well.\nMore, later.",
    ],
)
@pytest.mark.parametrize("name", ["t.txt", "-"])
def test_a_dateline_above_prose_with_commas_is_no_header(text, name):
    assert texts(text.encode(), name) == [text]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (f"title,text,\nA,{OTHER},\nA,{OTHER}\n", "t.csv"),
        (f"title\ttext\t\nA\t{OTHER}\t\nA\t{OTHER}\t\n", "t.tsv"),
        (f"sep=;\ntitle;text\nA;{OTHER}\nA;{OTHER}\n", "t.csv"),
        (f"sep=;\r\ntitle;text\r\nA;{OTHER}\r\nA;{OTHER}\r\n", "t"),
        (f"# made by hand\n\n# in 2025\ntitle,text\nA,{OTHER}\nA,{OTHER}\n", "t.csv"),
        (f'title,"{"a very long name of a column " * 3}",text\nA,x,{OTHER}\nA,x,{OTHER}\n', "t.csv"),
        (f",title,text\n0,A,{OTHER}\n1,A,{OTHER}\n", "t"),
        (f"mood,text\nA,{OTHER}\nA,{OTHER}\n", "t"),
    ],
    ids=[
        "trailing comma",
        "trailing tab",
        "sep",
        "sep unnamed",
        "remarks",
        "long name",
        "index",
        "rows that fit",
    ],
)
def test_headers_as_programs_write_them_are_headers(content, name):
    found = [text.removeprefix("A\n\n") for text in texts(content.encode(), name)]
    assert found == [OTHER, OTHER]


def test_a_file_that_says_it_is_a_table_is_refused_rather_than_read_as_text():
    assert reasons(f"price;a note on it\n1;{OTHER}\n".encode(), "t.csv") == ["no_text_column"]


def test_a_quote_in_a_table_with_tabs_is_a_sign_of_its_text():
    rows = [f'"{TEXT}', f'"ठीक है" {TEXT}', f'{TEXT}"', TEXT]
    content = "title\ttext\n" + "".join(f"A\t{row}\n" for row in rows)
    assert texts(content.encode(), "t.tsv") == [f"A\n\n{row}" for row in rows]


def test_quotes_that_enclose_the_fields_of_a_table_with_tabs_are_none_of_its_text():
    rows = [["id", "text"], ["1", f"{TEXT}\n\n{OTHER}"], ["2", f'"{TEXT}" कहा'], ["3", f"{TEXT}\t{OTHER}"]]
    assert texts(delimited(*rows, mark="\t"), "t.tsv") == [row[1] for row in rows[1:]]


def test_the_refusal_of_a_row_names_the_lines_that_an_open_quote_has_swallowed():
    content = (
        f'title,text\nA,{TEXT.replace(",", "")}\nB,"{OTHER}\nC,{OTHER}\nD,"{OTHER}"\nE,{OTHER}\n'.encode()
    )
    found = list(read_bytes(content, "t.csv"))
    assert [getattr(each, "reason", None) for each in found] == [None, "broken_row", None]
    assert "lines 3 to 5 of the file" in found[1].detail


def test_a_table_in_an_old_encoding_is_read_and_a_line_in_none_is_refused():
    line = "B,The café said it paid Rs 5 crore – “fine”\n"
    content = (
        f"title,text\n{line * 2_000}".encode("cp1252") + b"C,he said \x81 so\n" + f"D,{OTHER}\n".encode()
    )
    found = list(read_bytes(content, "t.csv"))
    assert (
        found[0].source_text == found[1_999].source_text == "B\n\nThe café said it paid Rs 5 crore – “fine”"
    )
    assert found[2_000].reason == "bad_encoding"
    assert found[2_001].source_text == f"D\n\n{OTHER}"


def test_a_broken_sign_in_a_table_of_two_bytes_a_sign_refuses_its_row():
    content = f"title,text\nA,{OTHER}\n".encode("utf-16") + "B,यह".encode("utf-16-le") + b"\x00\xd8"
    content += f"\nC,{OTHER}\n".encode("utf-16-le")
    assert reasons(content, "t.csv") == [None, "bad_encoding", None]


def test_an_object_over_several_lines_is_one_row_whatever_its_lines_look_like():
    content = f'{{\n "text": "{TEXT}",\n "authors": [\n  {{"name": "Asha Rao"}}\n ]\n}}'.encode()
    for name in ("t", "t.json", "t.jsonl"):
        (story,) = read_bytes(content, name)
        assert (story.source_text, story.byline) == (TEXT, ("Asha Rao",))


@pytest.mark.parametrize(
    "dates",
    [
        pa.array([2 * 10**9, 20_000], pa.date32()),
        pa.array([9 * 10**18, 1_728_000_000 * 10**6], pa.timestamp("us")),
        pa.array([1_728_000_000_000] * 2, pa.timestamp("ms", "Mars/Base")),
    ],
    ids=["day", "instant", "zone"],
)
def test_a_date_that_python_cannot_hold_costs_a_row_of_parquet_its_date_alone(dates):
    found = list(read_bytes(parquet(text=[TEXT, OTHER], date=dates), "t"))
    assert [story.source_text for story in found] == [TEXT, OTHER]
    assert found[0].published_date is None


def test_a_table_without_rows_is_refused_as_empty():
    for content, name in (
        (b"title,text\n", "t.csv"),
        (b"text\r\n\r\n", "t.csv"),
        (b"[]", "t.json"),
        (parquet(text=pa.array([], pa.string())), "t"),
    ):
        assert reasons(content, name) == ["empty"]


@pytest.mark.parametrize(
    ("text", "title", "date"),
    [
        ("समाचार", "शीर्षक", "दिनांक"),
        ("खबर", "हेडलाइन", "तारीख"),
        ("ख़बर", "सुर्खी", "प्रकाशन तिथि"),
        ("ख़बर".replace("ख़", "\u0959"), "समाचार का शीर्षक", "तिथि"),
        ("articleBody", "headline", "datePublished"),
        ("Article Text", "News Title", "Published At"),
        ("content", "title", "publishedAt"),
        ("News_Content", "HEADLINE", "Publish-Date"),
    ],
)
@pytest.mark.parametrize("kind", ["csv", "tsv", "jsonl", "parquet", "xlsx"])
def test_obvious_columns_are_known_in_both_languages_and_every_table(text, title, date, kind):
    cells = {text: TEXT, title: "इन्फोसिस आगे", date: "25 दिसंबर 2025"}
    content = {
        "csv": lambda: delimited([*cells], [*cells.values()]),
        "tsv": lambda: delimited([*cells], [*cells.values()], mark="\t"),
        "jsonl": lambda: jsonl(cells),
        "parquet": lambda: parquet(**{name: [value] for name, value in cells.items()}),
        "xlsx": lambda: workbook([*cells], [*cells.values()]),
    }[kind]()
    story = read_article(content, f"t.{kind}")
    assert story.source_text == f"इन्फोसिस आगे\n\n{TEXT}"
    assert (story.title, story.published_date) == ("इन्फोसिस आगे", dt.date(2025, 12, 25))
