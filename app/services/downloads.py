"""Rows as CSV, JSON and lines of JSON, piece by piece, so that memory does not grow with their number."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app.services.cells import cell

Row = dict[str, Any]
Pieces = Iterable[list[Row]]


def as_csv(columns: Sequence[str], pieces: Pieces) -> Iterator[str]:
    """Lines of CSV, the header first. What is an object or a list is JSON."""
    yield _lines([columns])
    for rows in pieces:
        yield _lines([cell(row[column]) for column in columns] for row in rows)


def as_json(pieces: Pieces) -> Iterator[str]:
    """One array of objects."""
    start = "[\n"
    for rows in pieces:
        yield start + ",\n".join(map(_dumped, rows))
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def as_ndjson(pieces: Pieces) -> Iterator[str]:
    """An object on each line."""
    for rows in pieces:
        yield "".join(f"{_dumped(row)}\n" for row in rows)


def _lines(rows: Iterable[Iterable[Any]]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerows(rows)
    return buffer.getvalue()


def _dumped(row: Row) -> str:
    return json.dumps(row, ensure_ascii=False)
