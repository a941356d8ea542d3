"""Several permits at once, for calls that follow quickly."""

import pytest

from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import NotNow, RateLimited
from app.zendesk.rate_limit import Kind
from app.zendesk.turnstile import Turn
from tests.zendesk.account import ANY
from tests.zendesk.rate_limit.told import HEADERS, let_through, ours_in


def test_calls_that_follow_quickly_get_several_permits_at_once(roomy):
    budget, _ = roomy
    turn = Turn(budget, "job", Kind.JOB)

    permits = [turn.enter(ANY) for _ in range(4)]

    assert len({permit.call for permit in permits}) == 4
    assert ours_in(budget) == 2 + 1 + 5  # two before it, one, and then five at once


def test_permits_that_are_not_used_are_given_back_with_the_next_question(roomy):
    budget, _ = roomy
    turn = Turn(budget, "job", Kind.JOB)
    turn.enter(ANY), turn.enter(ANY)  # four are left over

    turn.enter(Endpoint("GET else"))

    assert ours_in(budget) == 2 + 1 + 1 + 5  # five new ones, since calls still follow quickly


def test_after_a_refusal_permits_of_before_are_worth_nothing(roomy):
    budget, _ = roomy
    turn = Turn(budget, "job", Kind.JOB)
    turn.enter(ANY)
    permit = turn.enter(ANY)

    turn.answered(permit, HEADERS, RateLimited(429, "enough", retry_after=30))

    with pytest.raises(NotNow):
        turn.enter(ANY)


def test_nobody_gets_several_while_another_waits(roomy):
    budget, clock = roomy
    let_through(budget, "waiting", Kind.JOB, most=1000)
    clock.set(clock.now + 0.1)

    told = budget.ask("quick", Kind.JOB, ANY, wanted=5)

    assert len(told) == 1


def test_who_leaves_tells_what_is_untold_and_gives_back_what_is_spare(roomy):
    budget, clock = roomy
    turn = Turn(budget, "job", Kind.JOB)
    turn.enter(ANY)
    permit = turn.enter(ANY)  # with four to spare
    turn.answered(permit, {}, None)

    turn.leave()

    assert ours_in(budget) == 2 + 2
    assert sum(slot["ours"] for slot in budget.report()["chart"]) == 2 + 2
    clock.set(clock.now + 60.1)
    assert ours_in(budget) == 1  # the one that nobody answered
