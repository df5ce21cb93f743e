"""SQL over the tables of a store, by DuckDB."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb

from pipeline.tables import PARTITION, PARTITIONED, SCHEMAS, TableName


class QueryError(Exception):
    """The SQL cannot be run; the message is DuckDB's own."""


class NoStore(Exception):
    """There are no tables at the place that was named."""


def connect(root: Path) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with a view of each table at `root`; NoStore when there is none."""
    if not any((root / name).is_dir() for name in SCHEMAS):
        raise NoStore(f"no tables at {root}; `khabar run` makes them")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in SCHEMAS:
        _add_view(connection, root, name)
    return connection


def select(root: Path, sql: str) -> duckdb.DuckDBPyConnection:
    """The connection after running `sql` over the tables at `root`, its rows yet to be fetched."""
    connection = connect(root)
    if not sql.strip():
        raise QueryError("there is no SQL")
    try:
        return connection.execute(sql)
    except duckdb.Error as error:
        raise QueryError(str(error).strip()) from error


def _add_view(connection: duckdb.DuckDBPyConnection, root: Path, name: TableName) -> None:
    schema = SCHEMAS[name]
    columns = ", ".join(f'"{column}"' for column in schema.names)
    if next((root / name).glob("**/*.parquet"), None) is None:
        connection.register(f"no_{name}", schema.empty_table())
        connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM no_{name}")
        return
    hive = f"hive_partitioning = true, hive_types = {{'{PARTITION}': DATE}}, "
    options = (hive if name in PARTITIONED else "") + "union_by_name = true"
    pattern = f"{_literal(root / name)}/**/*.parquet"
    connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM read_parquet('{pattern}', {options})")


def _literal(path: Path) -> str:
    """A path inside a quoted glob, its own characters meaning nothing but themselves."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path)).replace("'", "''")
