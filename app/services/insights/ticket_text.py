"""What analysers and clustering read of a ticket."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, repr=False)
class TicketText:
    """Its texts are whatever somebody wrote; they are left out of its `repr`, which may land in a log."""

    ticket_id: int
    subject: str
    description: str
    tags: tuple[str, ...]
    created_at: datetime

    def __repr__(self) -> str:
        return f"<TicketText {self.ticket_id}>"
