"""What the analysis of tickets costs, which analyser does it, and which tickets it fails on."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from app.extensions import db
from app.models import AnalysisSpending, MirroredTicket, TicketAnalysis
from app.services import settings
from app.services.insights.analysers.analyser import Trouble
from app.services.insights.analysers.claude.estimate import Estimate, estimate
from app.services.insights.analysers.claude.purse import MICRO, caps, spent, this_month

_WORDS = {
    Trouble.UNEXPECTED: "Something went wrong on our side",
    Trouble.MISSING: "The answer said nothing of the ticket",
    Trouble.INVALID: "The answer was out of bounds",
    Trouble.MALFORMED: "The answer could not be read",
    Trouble.TRUNCATED: "The answer was too long",
    Trouble.DECLINED: "Claude would not answer",
    Trouble.REJECTED: "Anthropic would not take the call",
    Trouble.BUSY: "Anthropic was overloaded",
    Trouble.UNREACHABLE: "Anthropic could not be reached",
}


@dataclass(frozen=True)
class Failing:
    """Tickets that failed for the same reason. `given_up` are not tried again until they change."""

    code: str
    tickets: int
    given_up: int

    @property
    def words(self) -> str:
        return _WORDS.get(Trouble(self.code), self.code) if self.code in set(Trouble) else self.code


@dataclass(frozen=True)
class AnalysisReport:
    """`estimate` is of the tickets that wait, where Claude is to analyse them. Dollars are of this month, in UTC."""

    by_claude: bool
    spent_dollars: float
    month_cap: float
    failing: Sequence[Failing]
    estimate: Estimate | None


def look() -> AnalysisReport:
    by_claude = bool(settings.value("analyse_with_claude"))
    of_month = spent(db.session.connection(), AnalysisSpending.month == this_month())
    _, month_cap = caps()
    told = estimate() if by_claude else None
    return AnalysisReport(by_claude, of_month / MICRO, month_cap / MICRO, _failing(), told)


def _failing() -> list[Failing]:
    code, tickets = TicketAnalysis.error_code, func.count()
    given_up = func.count().filter(TicketAnalysis.next_try_at.is_(None))
    found = (
        select(code, tickets, given_up)
        .join(MirroredTicket, MirroredTicket.id == TicketAnalysis.ticket_id)
        .where(code.is_not(None), MirroredTicket.analysed_at.is_(None), ~MirroredTicket.deleted)
        .group_by(code)
        .order_by(tickets.desc(), code)
    )
    return [Failing(*row) for row in db.session.execute(found)]
