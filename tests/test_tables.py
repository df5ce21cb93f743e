"""The contract's tables in code."""

import datetime as dt
import json
from dataclasses import fields, replace
from decimal import Decimal

import pytest

from pipeline.article import Amount, Article, Entity, Fact, Mention
from pipeline.tables import SCHEMAS, Ingest, Reject, Run, TableName, record, table
from tests.stories import amount, article

ROWS: dict[TableName, type] = {
    "articles": Article,
    "mentions": Mention,
    "amounts": Amount,
    "entities": Entity,
    "facts": Fact,
    "rejects": Reject,
    "runs": Run,
    "ingests": Ingest,
}


@pytest.mark.parametrize("name", SCHEMAS)
def test_rows_have_the_columns_of_their_table_in_order(name: TableName) -> None:
    assert [field.name for field in fields(ROWS[name])] == SCHEMAS[name].names


def test_money_survives_to_the_last_digit() -> None:
    one = amount(article(7))
    paisa = Decimal("70000000.0001")

    row = replace(one, amount_min=paisa, inr_crore_min=paisa / 10_000_000)
    stored = table("amounts", [row]).to_pylist()[0]
    assert stored["amount_min"] == paisa
    assert stored["inr_crore_min"] == Decimal("7.00000000001")


def test_a_record_is_json_with_decimals_and_dates_as_strings() -> None:
    shown = json.loads(json.dumps(record(amount(article(7)))))
    assert shown["amount_min"] == "70000000"
    assert shown["inr_crore_min"] == "7"
    assert shown["published_date"] == "2025-12-25"
    assert shown["modifier"] is None


def test_an_instant_is_stored_in_utc() -> None:
    ist = dt.timezone(dt.timedelta(hours=5, minutes=30))

    row = replace(article(1), published_at=dt.datetime(2025, 12, 25, 3, 0, tzinfo=ist))
    assert table("articles", [row]).to_pylist()[0]["published_at"] == dt.datetime(
        2025, 12, 24, 21, 30, tzinfo=dt.UTC
    )
