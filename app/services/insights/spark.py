"""A line that shows in small how many tickets came from day to day, and the same in words."""

from dataclasses import dataclass

WIDTH, HEIGHT = 120, 28
_MARGIN = 2


@dataclass(frozen=True)
class Spark:
    """`numbers` are tickets a day, today's last."""

    numbers: list[int]

    @property
    def box(self) -> str:
        return f"0 0 {WIDTH} {HEIGHT}"

    @property
    def points(self) -> str:
        """As an SVG polyline has them. A day without tickets is at the bottom."""
        most, step = max([1, *self.numbers]), WIDTH / max(1, len(self.numbers) - 1)
        high = HEIGHT - 2 * _MARGIN
        return " ".join(
            f"{place * step:.1f},{_MARGIN + high * (1 - number / most):.1f}"
            for place, number in enumerate(self.numbers)
        )

    @property
    def words(self) -> str:
        """“In 30 days 412 tickets came, 57 of them in the last 7; at most 31 on a day.”"""
        total, days = sum(self.numbers), len(self.numbers)
        if not total:
            return f"In {days} days no ticket came."
        noun = "ticket" if total == 1 else "tickets"
        late, most = sum(self.numbers[-7:]), max(self.numbers)
        return f"In {days} days {total:,} {noun} came, {late:,} of them in the last 7; at most {most:,} on a day."
