"""Which calls count against the minute, ours and those of others."""

import time

import pytest

from app.zendesk.endpoints import Endpoint
from app.zendesk.rate_limit import Answer, Kind, Permit, Why
from tests.zendesk.account import ANY, ask
from tests.zendesk.rate_limit.told import HEADERS, let_through, others_in


def test_what_others_used_is_not_ours_to_use(taught):
    budget, _ = taught(remaining="40")  # of 100, and we sent one: others sent 59

    number, wait = let_through(budget)

    assert number == 40
    assert wait.why is Why.MINUTE


def test_a_call_that_never_reached_zendesk_does_not_count(taught):
    budget, _ = taught()
    for _ in range(200):
        budget.not_sent(ask(budget, "a", Kind.PAGE, ANY))

    assert isinstance(ask(budget, "a", Kind.PAGE, ANY), Permit)


def test_a_call_counts_until_a_minute_after_its_answer_since_it_may_have_arrived_late(taught):
    budget, clock = taught()
    slow = [ask(budget, "a", Kind.PAGE, ANY) for _ in range(99)]

    clock.set(clock.now + 61)
    still_under_way = let_through(budget, "b")[0]
    for permit in slow:
        budget.answered(Answer(permit, {}))
    clock.set(clock.now + 59)
    just_answered = let_through(budget, "b")[0]

    assert still_under_way == 1  # in place of the first call, which was answered a minute ago
    assert just_answered == 0
    clock.set(clock.now + 2)
    assert isinstance(ask(budget, "b", Kind.PAGE, ANY), Permit)


def test_only_our_calls_of_this_window_explain_what_is_used(taught):
    budget, clock = taught()
    for _ in range(30):
        budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), {}))
    clock.set(clock.now + 55)

    # The window began two seconds ago: of the 26 calls in it one is ours.
    headers = HEADERS | {"x-rate-limit-remaining": "74", "ratelimit-reset": "58"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), headers))

    assert others_in(budget) == 25


def test_the_end_of_the_window_is_known_better_with_each_answer(taught):
    budget, clock = taught()
    clock.set(clock.now + 0.5)

    headers = HEADERS | {"ratelimit-reset": "59"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), headers))

    account = next(one for one in budget.report()["buckets"] if one["name"] == "account")
    assert account["window_ends"] == pytest.approx(59, abs=0.01)


def test_a_call_that_was_not_sent_does_not_count_at_its_endpoint_either(taught):
    budget, _ = taught()
    narrow = Endpoint("views-count:7", 5)

    for _ in range(9):
        budget.not_sent(ask(budget, "a", Kind.PAGE, narrow))

    assert let_through(budget, endpoint=narrow)[0] == 5


def test_an_answer_that_is_told_late_does_not_turn_the_budget_back(taught):
    budget, clock = taught()
    late = ask(budget, "slow", Kind.PAGE, ANY)
    clock.set(clock.now + 61)
    newer = HEADERS | {"x-rate-limit-remaining": "40"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), newer))
    known = others_in(budget)

    old = HEADERS | {"x-rate-limit-remaining": "98", "ratelimit-reset": "59"}
    came_at = time.monotonic() - 60.5
    budget.answered(Answer(late, old, came_at=came_at))

    assert known == others_in(budget) > 50


def test_others_are_believed_again_when_zendesk_corrects_itself(taught):
    budget, clock = taught()
    wrong = HEADERS | {"x-rate-limit-remaining": "0"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), wrong))
    clock.set(clock.now + 1)
    before = others_in(budget)

    right = HEADERS | {"x-rate-limit-remaining": "95", "ratelimit-reset": "59"}
    budget.answered(Answer(Permit("77", ANY), right))

    assert (before, others_in(budget)) == (98, 2)
