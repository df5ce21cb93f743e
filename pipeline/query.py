"""SQL over the tables of a store, by DuckDB."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pyarrow as pa
from pyarrow import dataset

from pipeline.home import Root
from pipeline.places import Place, Remote, placed
from pipeline.tables import PARTITION, PARTITIONED, SCHEMAS, TableName

_MOVED = duckdb.IOException, duckdb.Error
"""What DuckDB raises when a file was replaced between its looks at it; the next listing is right."""


class QueryError(Exception):
    """The SQL cannot be run; the message is DuckDB's own."""


class NoStore(Exception):
    """There are no tables at the place that was named."""


def connect(root: Root) -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB with a view of each table at `root`; NoStore when there is none."""
    place = placed(root)
    if not any(place.exists(name) for name in SCHEMAS):
        raise NoStore(f"no tables at {root}; `khabar run` makes them")
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for name in SCHEMAS:
        _add_view(connection, place, name)
    return connection


def select(root: Root, sql: str) -> duckdb.DuckDBPyConnection:
    """The connection after running `sql` over the tables at `root`, its rows yet to be fetched."""
    if not sql.strip():
        connect(root).close()  # NoStore comes before what is wrong with the SQL
        raise QueryError("there is no SQL")
    try:
        return asked(root, sql)
    except duckdb.Error as error:
        raise QueryError(str(error).strip()) from error


def asked(root: Root, sql: str, values: object = None) -> duckdb.DuckDBPyConnection:
    """As `select`, with values for the SQL's parameters and DuckDB's own errors.

    When a file that was listed is gone, as compaction replaces many by one, the tables are listed again.
    """
    try:
        return connect(root).execute(sql, values)
    except duckdb.Error as error:
        if type(error) not in _MOVED:
            raise
    return connect(root).execute(sql, values)


def _add_view(connection: duckdb.DuckDBPyConnection, place: Place, name: TableName) -> None:
    columns = ", ".join(f'"{column}"' for column in SCHEMAS[name].names)
    source = _files(place.folder / name, name) if place.folder else None
    if source is None:
        source = f"source_of_{name}"
        connection.register(source, _objects(place, name))
    connection.execute(f"CREATE VIEW {name} AS SELECT {columns} FROM {source}")


def _files(folder: Path, name: TableName) -> str | None:
    """The files of a table on this machine, as DuckDB reads them; None when there are none."""
    if next(folder.glob("**/*.parquet"), None) is None:
        return None
    hive = f"hive_partitioning = true, hive_types = {{'{PARTITION}': DATE}}, "
    options = (hive if name in PARTITIONED else "") + "union_by_name = true"
    return f"read_parquet('{_literal(folder)}/**/*.parquet', {options})"


def _objects(place: Place, name: TableName) -> dataset.Dataset | pa.Table:
    """The objects of a table elsewhere: DuckDB hands columns and conditions on to the data set."""
    listed = [path for path in place.files(name) if path.endswith(".parquet")]
    if not listed or not isinstance(place, Remote):
        return SCHEMAS[name].empty_table()
    by_day = dataset.partitioning(pa.schema([(PARTITION, pa.date32())]), flavor="hive")
    return dataset.dataset(
        [place.path(f"{name}/{path}") for path in sorted(listed)],
        schema=SCHEMAS[name],
        filesystem=place.filesystem,
        format="parquet",
        partitioning=by_day if name in PARTITIONED else None,
        partition_base_dir=place.path(name),
    )


def _literal(path: Path) -> str:
    """A path inside a quoted glob, its own characters meaning nothing but themselves."""
    return re.sub(r"[*?\[]", r"[\g<0>]", str(path)).replace("'", "''")
