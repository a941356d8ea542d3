"""The limits that a budget learns, of the account and of single endpoints."""

import pytest

from app.zendesk.endpoints import Endpoint
from app.zendesk.rate_limit import Answer, Kind, Permit, Why
from tests.zendesk.account import ANY, ask
from tests.zendesk.rate_limit.told import HEADERS, let_through


def test_before_the_first_answer_one_call_goes_ahead(make):
    budget, _, _ = make()

    first = ask(budget, "a", Kind.JOB, ANY)
    second = ask(budget, "b", Kind.JOB, ANY)

    assert isinstance(first, Permit)
    assert second.why is Why.LEARNING
    assert second.seconds < 1


def test_a_process_that_died_with_the_first_call_holds_nobody_up_for_ever(make):
    budget, world, _ = make()
    ask(budget, "dead", Kind.JOB, ANY)

    world.run(31)

    assert isinstance(ask(budget, "b", Kind.JOB, ANY), Permit)


def test_an_account_that_tells_no_limit_gets_the_smallest_usual_one(make):
    budget, _, _ = make()
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), {}))

    number, _ = let_through(budget)

    assert number == 199


@pytest.mark.parametrize(
    "headers",
    [
        {"x-rate-limit": "10", "x-rate-limit-remaining": "9"},
        {"Rate-Limit": "10", "Rate-Limit-Remaining": "9", "Rate-Limit-Reset": "30"},
        {"RateLimit-Limit": "10", "RateLimit-Remaining": "9", "RateLimit-Reset": "30"},
    ],
)
def test_reads_every_spelling_of_the_account_limit(make, headers):
    from requests.structures import CaseInsensitiveDict

    budget, _, _ = make()
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), CaseInsensitiveDict(headers)))

    number, wait = let_through(budget)

    assert number == 9
    assert wait.why is Why.MINUTE


@pytest.mark.parametrize(
    "header", ["zendesk-ratelimit-tickets-update", "Zendesk-Rate-Limit-Tickets-Update"]
)
def test_learns_an_endpoint_limit_and_keeps_it_to_that_endpoint(taught, header):
    budget, _ = taught()
    update = Endpoint("tickets-update", 100)
    permit = ask(budget, "a", Kind.PAGE, update)
    budget.answered(Answer(permit, HEADERS | {header: "total=20; remaining=19; resets=50"}))

    number, wait = let_through(budget, endpoint=update)

    assert number == 19
    assert wait.why is Why.ENDPOINT
    assert isinstance(ask(budget, "a", Kind.PAGE, ANY), Permit)


def test_a_published_endpoint_limit_holds_before_any_header_tells_it(taught):
    budget, _ = taught()

    number, wait = let_through(budget, endpoint=Endpoint("views-count:7", 5))

    assert number == 5
    assert 0 < wait.seconds <= 60


def test_a_job_leaves_people_their_part_of_a_limit_that_they_share(taught):
    budget, clock = taught()
    shared = Endpoint("tickets-update", 10, shared_with_people=True)

    for _ in range(7):
        assert isinstance(ask(budget, "job", Kind.JOB, shared), Permit)
        clock.set(clock.now + 1.0)

    assert ask(budget, "job", Kind.JOB, shared).why is Why.ENDPOINT
    assert isinstance(ask(budget, "page", Kind.PAGE, shared), Permit)


def test_a_header_of_another_name_does_not_widen_a_published_limit(taught):
    budget, _ = taught()
    export = Endpoint("search-export", 3)
    wider = HEADERS | {"zendesk-ratelimit-search-index": "total=2500; remaining=2499; resets=50"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, export), wider))

    number, wait = let_through(budget, endpoint=export)

    assert (number, wait.why) == (2, Why.ENDPOINT)
