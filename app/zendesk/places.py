"""One job's places for Zendesk jobs, out of those that all jobs share."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from redis import RedisError

from app.zendesk.errors import NotNow
from app.zendesk.rate_limit import Budget, Why


@dataclass
class SharedPlaces:
    budget: Budget
    who: str
    most: Callable[[], int]  # it can change while the job runs
    pause: float  # seconds after which a job that got none asks again

    def take(self, token: str) -> str:
        """A place for a batch; why not, if there is none now. Raises NotNow where Redis is gone."""
        try:
            hold = self.budget.take_slot(self.who, token, self.most(), self.pause)
        except RedisError:
            raise NotNow(Why.REDIS, 5.0) from None
        return hold.why if hold else ""

    def keep(self, tokens: Iterable[str]) -> None:
        with suppress(RedisError):  # without Redis nobody else takes one either
            self.budget.keep_slots(self.who, tokens)

    def free(self, token: str) -> None:
        with suppress(RedisError):  # its lease ends by itself
            self.budget.free_slot(token)
