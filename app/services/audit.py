"""The audit log: everything that changes something is noted, in the same transaction."""

from typing import Any

from app.extensions import db
from app.models import AuditEvent, User


def record(
    user: User | None, action: str, target: str = "", address: str = "", **detail: Any
) -> None:
    """Note that the user (None: the program itself) did this. The caller commits."""
    db.session.add(
        AuditEvent(
            user_id=user.id if user else None,
            actor=user.email if user else "system",
            action=action,
            target=target,
            detail=detail,
            address=address,
        )
    )
