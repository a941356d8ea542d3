"""What analysing would cost, before it begins."""

import json
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import case, func, select

from app.config import claude_prices
from app.extensions import db
from app.models import AnalysisSpending, MirroredTicket
from app.services.insights.analysers.claude.prompt import (
    ANSWER_TOKENS,
    AROUND_TOKENS,
    INSTRUCTIONS,
    LONGEST_TEXT,
    SCHEMA,
    TICKETS_A_CALL,
)
from app.services.insights.analysers.claude.purse import MICRO, caps, spent, this_month

_LETTERS_OF_TOKEN = 3.5  # of European languages; it is fewer in others
_USUAL_ANSWER = 150  # tokens of a ticket
_AROUND_TICKET = 40  # tokens: its id, its tags and what marks them


@dataclass(frozen=True)
class Estimate:
    """`dollars` is about what it will cost, `most_dollars` what it cannot exceed by much. Both None without a price."""

    model: str
    tickets: int
    calls: int
    input_tokens: int
    output_tokens: int
    dollars: float | None
    most_dollars: float | None
    prices_as_of: str
    run_cap: float
    left_of_month: float


def estimate() -> Estimate:
    """For all tickets that are not analysed yet."""
    tickets, letters, spent_of_month = _counted()
    calls = -(-tickets // TICKETS_A_CALL)
    around = len(INSTRUCTIONS) + len(json.dumps(SCHEMA))
    sent = round((calls * around + letters) / _LETTERS_OF_TOKEN) + tickets * _AROUND_TICKET
    answered = tickets * _USUAL_ANSWER
    model = current_app.config["CLAUDE_MODEL"]
    prices = claude_prices(current_app.config["CLAUDE_PRICES"])
    price = prices.of(model)
    dollars = most = None
    if price:
        longest = tickets * ANSWER_TOKENS + calls * AROUND_TOKENS
        dollars = (sent * price.sent + answered * price.answered) / MICRO
        most = (1.5 * sent * price.sent + longest * price.answered) / MICRO
    of_run, of_month = caps()
    left = max(0, of_month - spent_of_month) / MICRO
    return Estimate(
        *(model, tickets, calls, sent, answered, dollars, most),
        *(prices.as_of, of_run / MICRO, left),
    )


def _counted() -> tuple[int, int, int]:
    """Tickets, the letters of them that would be sent, and what this month has cost."""
    length = func.length(MirroredTicket.subject) + func.length(MirroredTicket.description)
    sent = case((length > LONGEST_TEXT, LONGEST_TEXT), else_=length)
    waiting = MirroredTicket.analysed_at.is_(None), ~MirroredTicket.deleted
    database = db.session.connection()
    counted = select(func.count(), func.coalesce(func.sum(sent), 0)).where(*waiting)
    tickets, letters = database.execute(counted).one()
    return tickets, int(letters), spent(database, AnalysisSpending.month == this_month())
