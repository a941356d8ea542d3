"""Budgets on a clock that tests set."""

import pytest
import redis as redis_library

from app.zendesk import turnstile
from app.zendesk.rate_limit import Answer, Kind
from tests.zendesk.account import ANY, Account, World, ask, budget_by_hand
from tests.zendesk.rate_limit.told import HEADERS


@pytest.fixture
def connection(redis_url):
    return redis_library.Redis.from_url(redis_url)


@pytest.fixture
def make(connection):
    """A budget, its clock, Zendesk's side, and a world in which they meet."""

    def make(limit=100, phase=0.0, **options):
        budget, clock = budget_by_hand(connection, **options)
        return budget, World(clock), Account(clock, limit, phase)

    return make


@pytest.fixture
def taught(make):
    """A budget that has seen one answer: 100 calls a minute."""

    def taught(remaining="99", **options):
        budget, world, _ = make(**options)
        permit = ask(budget, "first", Kind.PAGE, ANY)
        budget.answered(Answer(permit, HEADERS | {"x-rate-limit-remaining": remaining}))
        return budget, world.clock

    return taught


@pytest.fixture
def roomy(taught, monkeypatch):
    """A budget of ten thousand calls a minute, and its clock. However busy this machine is, calls are quick."""
    monkeypatch.setattr(turnstile, "QUICK_SECONDS", 60.0)
    monkeypatch.setattr(turnstile, "FRESH_SECONDS", 60.0)
    budget, clock = taught()
    permit = ask(budget, "first", Kind.PAGE, ANY)
    headers = {"x-rate-limit": "10000", "x-rate-limit-remaining": "9998", "ratelimit-reset": "60"}
    budget.answered(Answer(permit, headers))
    return budget, clock
