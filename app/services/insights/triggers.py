"""How often one person may set the pipeline off by hand."""

from limits import RateLimitItemPerHour

from app.models import User
from app.services import call_rate

MOST_AN_HOUR = 5


class TooOften(Exception):
    """`seconds`: when the next may come."""

    def __init__(self, seconds: int):
        words = (
            f"You have set off {MOST_AN_HOUR} runs within an hour, and more are not begun by hand."
        )
        super().__init__(f"{words} Go on in {seconds:,} s.")
        self.seconds = seconds


def count(user: User) -> None:
    """Count one more, whether a run comes of it or not. Raises TooOften. Without Redis nobody counts."""
    item = RateLimitItemPerHour(MOST_AN_HOUR)
    rate = call_rate.counted("triggers", item, str(user.id))
    if rate is not None and rate.is_exceeded:
        raise TooOften(rate.wait)
