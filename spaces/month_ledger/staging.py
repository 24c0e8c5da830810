"""Many rows at once: in statements of a hundred, or in a temporary table from which one statement writes them all."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

from django.db import connection

AT_ONCE = 100  # rows of a statement; SQLite bounds the number of its parameters


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


def insert(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Write rows. `bulk_create` takes five times as long to make the statement."""
    marks = f"({', '.join(['%s'] * len(columns))})"
    with connection.cursor() as cursor:
        for part in batched(rows, AT_ONCE, strict=False):
            values = ", ".join([marks] * len(part))
            cursor.execute(
                f'INSERT INTO "{table}" ({", ".join(columns)}) VALUES {values}',  # noqa: S608 our own names
                [value for row in part for value in row],
            )
