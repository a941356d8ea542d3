"""The turnstile: short waits, and answers that are told in time."""

import pytest
import redis as redis_library

from app.zendesk import turnstile
from app.zendesk.errors import NotNow, RateLimited
from app.zendesk.rate_limit import Kind, Why
from app.zendesk.turnstile import Turn
from tests.zendesk.account import ANY, ask, budget_by_hand
from tests.zendesk.rate_limit.told import HEADERS, others_in, ours_in


def test_a_short_wait_is_waited_for_and_a_long_one_raised(taught):
    budget, clock = taught()
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock.set(clock.now + seconds)

    turn = Turn(budget, "job", Kind.JOB, sleep=sleep)
    for _ in range(20):
        turn.enter(ANY)
    assert slept

    permit = turn.enter(ANY)
    turn.answered(permit, HEADERS, RateLimited(429, "enough", retry_after=30))
    with pytest.raises(NotNow) as raised:
        turn.enter(ANY)
    assert raised.value.why == Why.ASKED
    assert round(raised.value.seconds) == 30


def test_a_job_tells_an_answer_together_with_its_next_call(taught):
    budget, _ = taught()
    turn = Turn(budget, "job", Kind.JOB)

    turn.answered(turn.enter(ANY), HEADERS | {"x-rate-limit-remaining": "50"}, None)
    before = others_in(budget)
    turn.enter(ANY)

    assert (before, others_in(budget)) == (0, 48)


def test_an_answer_is_told_once(taught, monkeypatch):
    monkeypatch.setattr(turnstile, "AT_ONCE", 1)
    budget, clock = taught()
    turn = Turn(budget, "job", Kind.JOB)
    turn.answered(turn.enter(ANY), {}, None)
    turn.enter(ANY)

    clock.set(clock.now + 30)
    turn.enter(ANY)
    clock.set(clock.now + 31)

    assert (
        ours_in(budget) == 2
    )  # the two that were not answered: a minute has passed for the others


def test_a_job_tells_bad_news_at_once(taught):
    budget, _ = taught()
    turn = Turn(budget, "job", Kind.JOB)

    turn.answered(turn.enter(ANY), HEADERS, RateLimited(429, "enough", retry_after=30))

    assert ask(budget, "another", Kind.JOB, ANY).why is Why.ASKED


def test_a_page_tells_an_answer_at_once_since_it_may_be_its_last(taught):
    budget, _ = taught()
    turn = Turn(budget, "page", Kind.PAGE)

    turn.answered(turn.enter(ANY), HEADERS | {"x-rate-limit-remaining": "50"}, None)

    assert others_in(budget) == 48


def test_without_redis_a_page_is_answered_and_a_job_waits(connection):
    gone = redis_library.Redis.from_url("redis://127.0.0.1:1", retry=None)
    budget, _ = budget_by_hand(connection)
    budget._script = gone.register_script("return 1")  # noqa: SLF001 - Redis went away

    page = Turn(budget, "page", Kind.PAGE)
    page.answered(page.enter(ANY), HEADERS, None)
    with pytest.raises(NotNow) as raised:
        Turn(budget, "job", Kind.JOB).enter(ANY)

    assert raised.value.why == Why.REDIS
