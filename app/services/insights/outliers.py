"""Tickets that are in no issue. Asked by pages too, and so without scikit-learn."""

from typing import Any

from sqlalchemy import Select, exists, func, select

from app.extensions import db
from app.models import IssueTicket, MirroredTicket


def unplaced() -> Select[*tuple[Any, ...]]:
    """The ids of those that nobody has placed: they are like no other yet, or new."""
    has_place = exists().where(IssueTicket.ticket_id == MirroredTicket.id)
    return select(MirroredTicket.id).where(MirroredTicket.deleted.is_(False), ~has_place)


def count_unplaced() -> int:
    return db.session.scalar(select(func.count()).select_from(unplaced().subquery())) or 0


def count() -> int:
    """All of them, with those of which a person said that they belong to no issue."""
    put_there = select(func.count()).where(IssueTicket.issue_id.is_(None))
    return count_unplaced() + (db.session.scalar(put_there) or 0)
