"""The audit log: everything that changes something is noted, in the same transaction."""

from typing import Any

from flask import g

from app.extensions import db
from app.models import ApiToken, AuditEvent, User


def name_token(token: ApiToken) -> None:
    """From here on, whatever its owner is noted for in this request was done by a program that has sent this token."""
    g.access_token = (token.user_id, token.name)


def record(
    user: User | None, action: str, target: str = "", address: str = "", **detail: Any
) -> None:
    """Note that the user (None: the program itself) did this. The caller commits."""
    owner_id, name = g.get("access_token", (None, ""))
    if user and user.id == owner_id:  # an approval also starts what somebody else has asked for
        detail["access_token"] = name
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
