"""What became of a ticket, as the engine judges it."""

from dataclasses import dataclass, field
from typing import Any

from app.models import Outcome
from app.services.reasons import Reason


@dataclass(frozen=True)
class Verdict:
    """What became of a ticket. PLANNED means: not done, and to be sent again.

    `plan` is what its row then has of the change, by column, if it was planned anew.
    """

    outcome: Outcome
    reason: Reason | None = None
    detail: str | None = None
    plan: dict[str, Any] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def because(cls, reason: Reason, detail: str | None = None) -> "Verdict":
        return cls(reason.outcome, reason, detail)


CHANGED = Verdict(Outcome.CHANGED)
AGAIN = Verdict(Outcome.PLANNED)
Verdicts = dict[int, Verdict]  # by ticket
