"""How much one slice may do before it gives way."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from app.models import Job, JobStatus


def _never() -> bool:
    return False


@dataclass(frozen=True)
class Pace:
    """At most so many seconds, only jobs of at most so many tickets, and not once the process is to stop."""

    seconds: float = 20.0
    most_tickets: int | None = None
    is_stopping: Callable[[], bool] = _never
    _started: float = field(default_factory=time.monotonic)

    def may_go_on(self) -> bool:
        return time.monotonic() - self._started < self.seconds and not self.is_stopping()

    def suits(self, job: Job) -> bool:
        """A job that is too large still gets its first page, so that there is something to see."""
        first_page = job.state is JobStatus.PLANNING and not job.total_items
        return self.most_tickets is None or first_page or job.expected_items <= self.most_tickets
