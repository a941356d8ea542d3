"""A product problem that many customers write about: the tickets that say the same, under one name."""

import secrets
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import UtcDateTime, now
from app.extensions import Model

_LETTERS = "23456789bcdfghjkmnpqrstvwxyz"  # no vowels: no words come out
LONGEST_LABEL = 200
LONGEST_KEY = 12


def new_key() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(8))


class Issue(Model):
    """It keeps its id and key for as long as it is there. One that was merged stays, so that its links lead on."""

    __tablename__ = "issues"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(
        String(LONGEST_KEY), unique=True, default=new_key
    )  # in addresses
    label: Mapped[str] = mapped_column(String(LONGEST_LABEL))
    renamed_by_person: Mapped[bool] = mapped_column(default=False)
    # The trends decide what follows, and look by these at what has changed. `state` is an IssueState.
    state: Mapped[str] = mapped_column(String(16), default="new", index=True)
    state_since: Mapped[datetime | None] = mapped_column(UtcDateTime)
    quiet_since: Mapped[datetime | None] = mapped_column(
        UtcDateTime
    )  # its last ticket when it was resolved
    severity: Mapped[str | None] = mapped_column(String(16))  # None until trends have looked
    change_percent: Mapped[int | None]  # of a day, against what is usual; None: too few to say
    change_confidence: Mapped[str] = mapped_column(String(8), default="none")  # a Confidence
    judged_hour: Mapped[int | None]  # up to which its tickets were known; as in IssueTrend
    counted_as: Mapped[str | None] = mapped_column(String(80))  # of the tickets, when last counted
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    merged_into_id: Mapped[int | None] = mapped_column(
        ForeignKey("issues.id", ondelete="SET NULL"), index=True
    )
    phrases: Mapped[list[str]] = mapped_column(JSON, default=list)
    quoted_ticket_ids: Mapped[list[int]] = mapped_column(
        JSON, default=list
    )  # central, but not alike
    # Other issues that might be the same, the likest first: {"issue_id", "similarity"}. Nobody merges them but people.
    alike: Mapped[list[dict[str, float]]] = mapped_column(JSON, default=list)
    ticket_count: Mapped[int] = mapped_column(default=0, index=True)
    requester_count: Mapped[int] = mapped_column(default=0)
    organization_count: Mapped[int] = mapped_column(default=0)
    named_at_count: Mapped[int] = mapped_column(default=0)  # tickets when it was last described
    first_seen: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of its tickets' creation
    last_seen: Mapped[datetime | None] = mapped_column(UtcDateTime, index=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=now)

    @property
    def is_shown(self) -> bool:
        return self.dismissed_at is None and self.merged_into_id is None
