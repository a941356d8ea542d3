"""How an issue's tickets came from day to day, for a chart and as a table."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple

from app.database import now


class Week(NamedTuple):
    first: date
    tickets: int


@dataclass(frozen=True)
class Trend:
    """`numbers` are tickets a day; the last one is of `today`, in UTC."""

    numbers: list[int]
    today: date

    @classmethod
    def until_now(cls, numbers: list[int]) -> "Trend":
        return cls(numbers, now().date())

    @property
    def first(self) -> date:
        return self.today - timedelta(days=len(self.numbers) - 1)

    @property
    def chart(self) -> dict[str, Any]:
        """As the script of the chart has it: seconds since the epoch, and tickets."""
        begin = int(datetime.combine(self.first, time(), UTC).timestamp())
        return {
            "at": [begin + 86_400 * day for day in range(len(self.numbers))],
            "tickets": self.numbers,
        }

    @property
    def weeks(self) -> list[Week]:
        """Seven days each, the latest first; the one at the front may have fewer."""
        ends = range(len(self.numbers), 0, -7)
        parts = [(max(0, end - 7), end) for end in ends]
        return [
            Week(self.first + timedelta(days=begin), sum(self.numbers[begin:end]))
            for begin, end in parts
        ]
