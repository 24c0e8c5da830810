"""CSV that a spreadsheet opens as text: a byte order mark, and nothing that it would take for a formula."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from itertools import batched
from typing import Any

from django.http import StreamingHttpResponse

from spaces.values.formulas import quoted

TOGETHER = 100  # lines in one piece of the answer: each is compressed and sent by itself


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
    for some in batched(rows, TOGETHER):
        yield "".join(writer.writerow([_cell(value) for value in row]) for row in some)


def _cell(value: object) -> object:
    return quoted(value) if isinstance(value, str) else value
