"""Rows loaded into a temporary table, from which one statement writes them all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection


@contextmanager
def staged(rows: Iterable[Sequence[Any]], *, like: str, columns: Sequence[str]) -> Iterator[str]:
    """The name of a temporary table with `columns` of the table `like` and these rows; inside a transaction.

    PostgreSQL loads rows by COPY, three times as fast as by statements.
    """
    name, names = f"staged_{like}", ", ".join(columns)
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} AS SELECT {names} FROM {like} LIMIT 0")  # noqa: S608 our own names
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f"INSERT INTO {name} VALUES ({marks})", list(rows))  # noqa: S608 our own names
        yield name
        cursor.execute(f"DROP TABLE {name}")
