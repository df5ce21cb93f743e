"""Results as people and programs want to see them: JSON, CSV, tables for a terminal, a coloured page."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import math
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING

from pipeline.article import Amount, Mention
from pipeline.tables import digits, record

if TYPE_CHECKING:
    from pipeline.analysis import Analysis  # who shows rows alone need not wait for it

Row = Sequence[object]
COLOURS = {"PERSON": "#cfe8ff", "COMPANY": "#d9f2d0", "ORG": "#ffe9c7", "LOC": "#eadcf7", "AMOUNT": "#ffd6d6"}


def as_json(analysis: Analysis) -> str:
    """The analysis as one JSON object; decimals and dates are strings."""
    parts = {
        "article": record(analysis.article),
        "mentions": [record(row) for row in analysis.mentions],
        "amounts": [record(row) for row in analysis.amounts],
        "entities": [record(row) for row in analysis.entities],
        "facts": [record(row) for row in analysis.facts],
    }
    return json.dumps(parts, ensure_ascii=False, indent=2)


def as_table(analysis: Analysis) -> str:
    """The analysis as two tables for a terminal: names, each once, and amounts."""
    article = analysis.article
    head = f"{article.title or article.source_uri}  ({article.published_date}, {article.language})"
    counted: dict[tuple[str, str], int] = {}
    for mention in analysis.mentions:
        counted[mention.type, mention.text] = counted.get((mention.type, mention.text), 0) + 1
    names = [(kind, text, times) for (kind, text), times in sorted(counted.items())]
    sums = [
        (
            row.text,
            row.currency,
            span(row.amount_min, row.amount_max),
            span(_rounded(row.inr_crore_min), _rounded(row.inr_crore_max)),
            *(row.modifier, row.per, row.kind),
        )
        for row in analysis.amounts
    ]
    return "\n".join(
        [
            head,
            rows_table(["type", "name", "times"], names),
            rows_table(["amount", "currency", "value", "₹ crore", "modifier", "per", "kind"], sums),
        ]
    )


def as_html(analysis: Analysis) -> str:
    """The article as a page of its own, names and amounts marked in colour with what is known of them."""
    title = escape(analysis.article.title or analysis.article.source_uri)
    legend = " ".join(f'<mark style="background:{colour}">{kind}</mark>' for kind, colour in COLOURS.items())
    return (
        f'<!doctype html>\n<html lang="{escape(analysis.article.language)}">\n<head><meta charset="utf-8">'
        f"<title>{title}</title>\n<style>{_STYLE}</style></head>\n"
        f"<body>\n<p>{legend}</p>\n<article>{''.join(_marked(analysis))}</article>\n</body>\n</html>"
    )


_STYLE = (
    "body{font:1.1rem/1.8 'Noto Sans Devanagari','Noto Sans',sans-serif;max-width:46rem;margin:2rem auto;"
    "padding:0 1rem}article{white-space:pre-wrap}mark{padding:.1em .2em;border-radius:.25em}"
)


def _marked(analysis: Analysis) -> Iterator[str]:
    text, position = analysis.article.text, 0
    spans: list[Mention | Amount] = [*analysis.mentions, *analysis.amounts]
    for row in sorted(spans, key=lambda span: (span.start, -span.end)):
        if row.start < position:
            continue  # a name inside a sum, or the reverse: the outer one is marked
        yield escape(text[position : row.start])
        style, note = f"background:{_colour(row)}", escape(_note(row))
        yield f'<mark style="{style}" title="{note}">{escape(row.text)}</mark>'
        position = row.end
    yield escape(text[position:])


def _colour(row: Mention | Amount) -> str:
    return COLOURS["AMOUNT" if isinstance(row, Amount) else row.type]


def _note(row: Mention | Amount) -> str:
    if isinstance(row, Mention):
        return f"{row.type} {row.score:.2f}"
    worth = span(_rounded(row.inr_crore_min), _rounded(row.inr_crore_max))
    known = [
        row.currency,
        f"₹ {worth} crore" if worth else "",
        row.modifier,
        row.per and f"per {row.per}",
        row.kind,
    ]
    return ", ".join(word for word in known if word)


def span(low: Decimal | None, high: Decimal | None) -> str:
    """A sum or a range of sums in plain digits, without needless zeros; empty when unknown."""
    if low is None or high is None:
        return ""
    return digits(low) if low == high else f"{digits(low)}–{digits(high)}"


def _rounded(crores: Decimal | None) -> Decimal | None:
    """Crores as a person reads them; the exact ones are in the JSON and the tables."""
    return crores if crores is None or abs(crores) < 1 else round(crores, 2)


def rows_json(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Rows as a JSON array of objects; decimals and dates are strings, repeated columns numbered."""
    names = _distinct(columns)
    listed = [dict(zip(names, map(plain, row), strict=True)) for row in rows]
    return json.dumps(listed, ensure_ascii=False, indent=2, allow_nan=False)


def rows_csv(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Rows as CSV with a header line, without a line end after the last; lists and the like are JSON."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([_csv_cell(value) for value in row] for row in rows)
    return out.getvalue().removesuffix("\n")


def rows_table(columns: Sequence[str], rows: Sequence[Row]) -> str:
    """Rows as a table for a terminal."""
    from rich.console import Console
    from rich.table import Table

    shown = Table(*columns)
    for row in rows:
        shown.add_row(*(_cell(value) for value in row))
    width = shutil.get_terminal_size(fallback=(160, 24)).columns
    console = Console(file=io.StringIO(), width=max(width, 60), markup=False, highlight=False)
    console.print(shown)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip("\n")


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case Decimal():
            return digits(value)
        case _:
            return str(plain(value))


def _csv_cell(value: object) -> object:
    cell = plain(value)
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, (list, dict)) else cell


def _distinct(columns: Sequence[str]) -> list[str]:
    """The names, a number behind each that stood before: text, text_2."""
    seen: Counter[str] = Counter()
    names = []
    for name in columns:
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return names


def plain(value: object) -> object:
    """A value that JSON knows; no number where there is none."""
    match value:
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else None
        case Decimal():
            return format(value, "f")
        case dt.date() | dt.time():
            return value.isoformat()
        case list() | tuple():
            return [plain(one) for one in value]
        case dict():
            return {str(plain(key)): plain(one) for key, one in value.items()}
        case _:
            return str(value)
