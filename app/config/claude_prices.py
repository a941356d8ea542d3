"""What Claude's models cost, as CLAUDE_PRICES has it: a date, and for each model dollars for a million tokens."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from app.config.error import ConfigError

# As Anthropic published them. Whoever is asked for other prices sets CLAUDE_PRICES.
KNOWN_PRICES = (
    "2026-03-21 claude-haiku-4-5=1/5 claude-sonnet-4-5=3/15 claude-sonnet-4-6=3/15"
    " claude-opus-4-5=5/25 claude-opus-4-6=5/25"
)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PRICE = re.compile(r"([\w.:@-]{1,64})=(\d{1,4}(?:\.\d{1,4})?)/(\d{1,4}(?:\.\d{1,4})?)")


@dataclass(frozen=True)
class Price:
    """Dollars for a million tokens that are sent, and that are answered: millionths of a dollar for each token."""

    sent: float
    answered: float


@dataclass(frozen=True)
class Prices:
    as_of: str  # 2026-03-21
    by_model: Mapping[str, Price]

    def of(self, model: str) -> Price | None:
        """Of a model, or of the one that it is a dated version of. None for one that nobody has priced."""
        return self.by_model.get(model) or self.by_model.get(re.sub(r"-\d{8}$", "", model))


def claude_prices(text: str) -> Prices:
    """Raises ConfigError."""
    date, *entries = text.split() or [""]
    found = [_PRICE.fullmatch(entry) for entry in entries]
    if not _DATE.fullmatch(date) or not entries or not all(found):
        raise ConfigError(
            "CLAUDE_PRICES must be a date and dollars for a million tokens sent and answered, such as "
            "“2026-03-21 claude-haiku-4-5=1/5”."
        )
    by_model = {one[1]: Price(float(one[2]), float(one[3])) for one in found if one}
    return Prices(date, by_model)
