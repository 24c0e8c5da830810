"""CSV that a spreadsheet opens as text: a byte order mark, and nothing that it would take for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.http import StreamingHttpResponse

from spaces.values.formulas import quoted


class Echo:
    """Gives each line back at once: nothing is gathered."""

    def write(self, line: str) -> str:
        return line


def csv_of(names: Sequence[str], rows: Iterable[Sequence[Any]], filename: str) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        _lines(names, rows),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{filename}"'},
    )


def _lines(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    writer = csv.writer(Echo())
    yield "\ufeff"
    yield writer.writerow(names)
    for row in rows:
        yield writer.writerow([quoted(value) if isinstance(value, str) else value for value in row])
