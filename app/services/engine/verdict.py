"""What became of a ticket, as the engine judges it."""

from dataclasses import dataclass

from app.models import Outcome
from app.services.reasons import Reason


@dataclass(frozen=True)
class Verdict:
    """What became of a ticket. PLANNED means: not done, and to be sent again."""

    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None

    @classmethod
    def because(cls, reason: Reason, detail: str | None = None) -> "Verdict":
        return cls(reason.outcome, reason, detail)


CHANGED = Verdict(Outcome.CHANGED)
AGAIN = Verdict(Outcome.PLANNED)
