"""What a search finds as CSV and JSON: all of it, streamed, so that memory does not grow with the account."""

from collections.abc import Iterator
from typing import Any

from app.models import CopiedMacro, UseKind, User
from app.services import downloads
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
    pieces = ([_joined(row) for row in rows] for rows in _pieces(user, wanted))
    return downloads.as_csv(COLUMNS, pieces)


def as_json(user: User, wanted: Search) -> Iterator[str]:
    """One JSON array of objects."""
    return downloads.as_json(_pieces(user, wanted))


def _pieces(user: User, wanted: Search) -> Iterator[list[dict[str, Any]]]:
    for piece in search.pieces(user, wanted, _PIECE):
        yield [_row(macro) for macro in piece]


def _joined(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "allowed": ", ".join(row["allowed"]),
        "does": "; ".join(row["does"]),
        "tags": " ".join(row["tags"]),
    }


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
