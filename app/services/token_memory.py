"""What a process remembers of access tokens, so that most calls need no database."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from flask import current_app

from app.database import now

# So long a process goes by what it remembers: when an admin connects as somebody else, no change carries the
# former name for longer.
TRUSTED_FOR = timedelta(seconds=5)


@dataclass
class Memory:
    """What this process knows of one connection's token, so that most calls need no database."""

    token: str = field(default="", repr=False)
    good_until: datetime | None = None  # None with a token: no end is known
    refused: str = field(default="", repr=False)
    looked_at: datetime | None = None  # when the row was last read

    @property
    def is_good(self) -> bool:
        recent = self.looked_at is not None and now() < self.looked_at + TRUSTED_FOR
        fresh = self.good_until is None or now() < self.good_until
        return recent and fresh and self.token not in ("", self.refused)


def memory_of(key: tuple[str, ...]) -> Memory:
    """One for each process and connection."""
    kept: dict[tuple[str, ...], Memory] = current_app.extensions.setdefault("zendesk_tokens", {})
    return kept.setdefault(key, Memory())
