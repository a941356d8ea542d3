"""Being told to wait: who is held, and for how long."""

import pytest

from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import RateLimited, Unavailable
from app.zendesk.rate_limit import Answer, Kind, Permit, Why
from tests.zendesk.account import ANY, ask
from tests.zendesk.rate_limit.told import HEADERS


def test_obeys_retry_after_for_the_account(taught):
    budget, clock = taught()
    permit = ask(budget, "a", Kind.PAGE, ANY)
    used_up = HEADERS | {"x-rate-limit-remaining": "0"}

    budget.answered(Answer(permit, used_up, RateLimited(429, "enough", retry_after=17)))

    told = ask(budget, "b", Kind.PAGE, Endpoint("GET else"))
    assert (told.why, round(told.seconds)) == (Why.ASKED, 17)
    clock.set(clock.now + 61)
    assert isinstance(ask(budget, "b", Kind.PAGE, ANY), Permit)


@pytest.mark.parametrize(
    ("refusal", "why"),
    [
        (RateLimited(429, "enough", retry_after=10, name="Named"), Why.ASKED),
        (Unavailable(503, "down", retry_after=10), Why.TROUBLE),
    ],
)
def test_a_refusal_with_calls_left_holds_that_endpoint_alone(taught, refusal, why):
    budget, _ = taught()
    narrow = Endpoint("GET narrow")
    permit = ask(budget, "a", Kind.PAGE, narrow)

    budget.answered(Answer(permit, HEADERS, refusal))

    assert ask(budget, "a", Kind.PAGE, narrow).why is why
    assert isinstance(ask(budget, "a", Kind.PAGE, ANY), Permit)


def test_a_500_holds_nobody_unless_it_names_a_time(taught):
    budget, _ = taught()
    refusal = Unavailable(500, "oops", retry_after=10)

    budget.answered(Answer(Permit("1", ANY), HEADERS, refusal))
    unnamed = ask(budget, "a", Kind.PAGE, ANY)
    budget.answered(Answer(Permit("1", ANY), HEADERS | {"Retry-After": "10"}, refusal))

    assert isinstance(unnamed, Permit)
    assert ask(budget, "a", Kind.PAGE, ANY).why is Why.TROUBLE


def test_a_ticket_that_was_changed_too_often_holds_no_other(taught):
    budget, _ = taught()
    update = Endpoint("tickets-update", 100)
    worn = HEADERS | {"zendesk-ratelimit-per-ticket-updates": "total=30; remaining=0; resets=500"}
    refusal = RateLimited(429, "enough", retry_after=500, name="APIRateLimitExceeded")

    budget.answered(Answer(Permit("1", update), worn, refusal))

    assert isinstance(ask(budget, "a", Kind.PAGE, update), Permit)


def test_the_plain_words_of_a_refusal_mean_the_account_whatever_is_said_to_be_left(taught):
    budget, _ = taught()

    budget.answered(Answer(Permit("1", ANY), HEADERS, RateLimited(429, "enough", retry_after=10)))

    assert ask(budget, "a", Kind.PAGE, Endpoint("GET else")).why is Why.ASKED


def test_a_shorter_hold_never_ends_a_longer_one(taught):
    budget, _ = taught()
    for seconds in (30, 5):
        permit = Permit("1", ANY)
        budget.answered(Answer(permit, {}, RateLimited(429, "enough", retry_after=seconds)))

    assert round(ask(budget, "a", Kind.PAGE, ANY).seconds) == 30
