"""What a job can be waiting for, and how a person is told."""

from dataclasses import dataclass
from typing import Self

SENTENCES = {
    "rate_limit": "Zendesk's minute limit is used up. The job goes on by itself when the next minute begins.",
    "zendesk": "Zendesk cannot be reached or is in trouble. The job tries again by itself; nothing is lost.",
    "sign_in": (
        "Zendesk does not accept the connection's credentials. The job goes on by itself once an admin has "
        "mended them; nothing is lost."
    ),
    "other_job": "Another job is changing some of the same tickets. This one goes on when it is done with them.",
    "redis": (
        "Redis, which passes work to the workers, cannot be reached. The job starts by itself when Redis is "
        "back; nothing is lost."
    ),
    "internal": (
        "Something went wrong on our side. The job tries again by itself; nothing is lost. If it happens "
        "again, tell your admin."
    ),
    "worker": "No worker is running. The job starts by itself as soon as one does; nothing is lost.",
}


@dataclass(frozen=True)
class Wait:
    """How long a job is to be left alone: seconds, or None for until somebody asks."""

    seconds: float | None
    reason: str | None = None
    setbacks: int = 0

    @classmethod
    def none(cls) -> Self:
        return cls(None)

    @classmethod
    def at_once(cls) -> Self:
        return cls(0.0)
