"""What a search finds as CSV and JSON: all of it, streamed, so that memory does not grow with the account."""

import csv
import io
import json
from collections.abc import Iterator
from typing import Any

from app.models import CopiedMacro, UseKind, User
from app.services.cells import cell
from app.services.macro_library import search
from app.services.macro_library.search import Search

COLUMNS = (
    "id",
    "title",
    "category",
    "description",
    "active",
    "access",  # everybody, groups or person
    "allowed",  # the names of those groups, or of that person
    "does",  # its actions as somebody would say them
    "comment",  # all of it as people read it
    "tags",  # that it adds, removes, sets, or brings with a field
    "used_in_30_days",  # empty where Zendesk does not tell
    "changed_at",
    "actions",  # as Zendesk keeps them: [field, value]
)
_PIECE = 200


def as_csv(user: User, wanted: Search) -> Iterator[str]:
    """Lines of CSV, the header first. Actions are JSON; other lists are joined."""
    yield _line(COLUMNS)
    for row in _rows(user, wanted):
        joined = row | {
            "allowed": ", ".join(row["allowed"]),
            "does": "; ".join(row["does"]),
            "tags": " ".join(row["tags"]),
        }
        yield _line(cell(joined[column]) for column in COLUMNS)


def as_json(user: User, wanted: Search) -> Iterator[str]:
    """One JSON array of objects, in pieces."""
    start = "[\n"
    for row in _rows(user, wanted):
        yield start + json.dumps(row, ensure_ascii=False)
        start = ",\n"
    yield "[]\n" if start == "[\n" else "\n]\n"


def _rows(user: User, wanted: Search) -> Iterator[dict[str, Any]]:
    for piece in search.pieces(user, wanted, _PIECE):
        yield from (_row(macro) for macro in piece)


def _row(macro: CopiedMacro) -> dict[str, Any]:
    return {
        "id": macro.id,
        "title": macro.title,
        "category": macro.category,
        "description": macro.description,
        "active": macro.active,
        "access": macro.access,
        "allowed": macro.allowed,
        "does": macro.said,
        "comment": macro.comment,
        "tags": [use.value for use in macro.uses if use.kind == UseKind.TAG],
        "used_in_30_days": macro.usage_30d,
        "changed_at": macro.changed_at.isoformat() if macro.changed_at else None,
        "actions": macro.actions,
    }


def _line(cells: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
