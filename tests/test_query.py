"""SQL over the tables."""

from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.query import NoStore, QueryError, connect, select
from pipeline.store import Notes, opened
from pipeline.tables import SCHEMAS
from tests.stories import DAY, article, batch


@pytest.fixture
def root(tmp_path: Path) -> Path:
    with opened(tmp_path) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(article(1), article(3)), Notes())
        store.end(run.run_id, "completed")
    return tmp_path


def test_each_table_is_a_view_with_the_columns_of_the_contract(root: Path) -> None:
    connection = connect(root)
    for name, schema in SCHEMAS.items():
        described = connection.execute(f"SELECT * FROM {name} LIMIT 0").description
        assert [column[0] for column in described or []] == schema.names


def test_sums_of_crores_stay_exact(root: Path) -> None:
    assert select(root, "SELECT sum(inr_crore_max) FROM amounts").fetchall() == [(Decimal(4),)]


def test_the_day_is_a_date(root: Path) -> None:
    assert select(root, "SELECT DISTINCT published_date FROM mentions").fetchall() == [(DAY,)]


def test_tables_join_by_article(root: Path) -> None:
    sql = "SELECT m.text, a.text FROM mentions m JOIN amounts a USING (article_id) ORDER BY a.text"
    assert select(root, sql).fetchall() == [("तारा टेक", "1 करोड़ रुपये"), ("तारा टेक", "3 करोड़ रुपये")]


def test_a_store_without_a_batch_can_be_queried(tmp_path: Path) -> None:
    with opened(tmp_path):
        pass
    assert select(tmp_path, "SELECT count(*) FROM articles").fetchall() == [(0,)]


def test_wrong_sql_is_one_error_that_names_it(root: Path) -> None:
    with pytest.raises(QueryError, match="nowhere"):
        select(root, "SELECT * FROM nowhere")


def test_a_folder_without_tables_says_how_to_make_them(tmp_path: Path) -> None:
    with pytest.raises(NoStore, match="khabar run"):
        connect(tmp_path)


@pytest.mark.parametrize("name", ["it's", "o[1]x", "a*b?"])
def test_no_sign_in_the_path_means_anything(tmp_path: Path, name: str) -> None:
    root = tmp_path / name
    with opened(root) as store:
        run = store.begin("{}", "m1")
        store.publish(run.run_id, batch(article(1)), Notes())
        store.end(run.run_id, "completed")
    assert select(root, "SELECT count(*) FROM articles").fetchall() == [(1,)]
