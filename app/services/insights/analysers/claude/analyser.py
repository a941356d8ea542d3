"""The analyser that asks Claude."""

from collections.abc import Sequence

from flask import current_app

from app.config import claude_prices
from app.services.insights.analysers.analyser import Answers
from app.services.insights.analysers.claude.purse import Purse
from app.services.insights.ticket_text import TicketText

NO_KEY = (
    "Claude is chosen to analyse tickets, but ANTHROPIC_API_KEY is not set. Nothing was sent. The operator sets it, or "
    "an admin switches the analysis by Claude off in the settings."
)
NO_LIBRARY = (
    "Claude is chosen to analyse tickets, but the package “anthropic” is not installed. Nothing was sent. The operator "
    "installs it, or an admin switches the analysis by Claude off in the settings."
)


class ClaudeAnalyser:
    def __init__(self, run_number: int) -> None:
        self._purse = Purse(run_number)
        self._model: str = current_app.config["CLAUDE_MODEL"]

    @property
    def name(self) -> str:
        return f"claude: {self._model}"[:40]

    def analyse(self, tickets: Sequence[TicketText], until: float) -> Answers:
        """Takes as long after `until` as one call may take."""
        price = claude_prices(current_app.config["CLAUDE_PRICES"]).of(self._model)
        if price is None:
            return Answers(stopped=_no_price(self._model))
        if not current_app.config["ANTHROPIC_API_KEY"]:
            return Answers(stopped=NO_KEY)
        try:  # the library takes a second to import, and is not installed everywhere
            from app.services.insights.analysers.claude.calling import caller
            from app.services.insights.analysers.claude.round import Round
        except ImportError:
            return Answers(stopped=NO_LIBRARY)
        asked = caller(
            current_app.config["ANTHROPIC_API_KEY"],
            current_app.config["ANTHROPIC_BASE_URL"],
            self._model,
            current_app.config["CLAUDE_SECONDS"],
        )
        return Round(asked, self._purse, price, tickets).answers(until)


def _no_price(model: str) -> str:
    return (
        f"CLAUDE_PRICES has no price for the model {model}, so that no cap could hold. Nothing was sent. The operator "
        "adds it, or sets CLAUDE_MODEL to one that has a price."
    )
