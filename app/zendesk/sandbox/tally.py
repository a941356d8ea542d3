"""Counts of what was asked and answered, for checks."""

from collections import Counter
from typing import Any

from .answers import Answer
from .asking import Request


class Tally:
    """By route, by status, and by the User-Agent that the callers give."""

    def __init__(self) -> None:
        self.requests: Counter[str] = Counter()
        self.answers: Counter[int] = Counter()
        self._by_agent: Counter[str] = Counter()
        self._refused_by_agent: Counter[str] = Counter()

    def asked(self, request: Request, route: str) -> None:
        self.requests[route] += 1
        self._by_agent[request.user_agent] += 1

    def answered(self, request: Request, answer: Answer) -> None:
        self.answers[answer.status] += 1
        if answer.status == 429:
            self._refused_by_agent[request.user_agent] += 1

    def to_json(self) -> dict[str, Any]:
        return {
            "requests": self.requests.total(),
            "requests_by_route": dict(self.requests),
            "requests_by_agent": dict(self._by_agent),
            "answers": dict(self.answers),
            "answered_429": self.answers[429],
            "answered_429_by_agent": dict(self._refused_by_agent),
        }
