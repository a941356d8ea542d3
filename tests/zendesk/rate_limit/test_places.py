"""Places for Zendesk's own jobs."""

from app.zendesk.errors import TooManyJobs
from app.zendesk.rate_limit import Answer, Kind, Why
from app.zendesk.turnstile import Turn
from tests.zendesk.account import ANY, ask
from tests.zendesk.rate_limit.told import HEADERS, take


def test_only_so_many_zendesk_jobs_are_in_flight_whoever_sends_them(make):
    budget, _, _ = make()

    told = take(budget, "a", "1", "2", "3") + take(budget, "b", "4", "5")

    assert told[:4] == [None] * 4
    assert told[4].why is Why.JOBS


def test_a_place_given_back_goes_to_who_has_fewer(make):
    budget, _, _ = make()
    take(budget, "large", "1", "2", "3", "4")
    assert take(budget, "small", "5")[0].why is Why.JOBS

    budget.free_slot("1")

    assert take(budget, "large", "6")[0].why is Why.JOBS
    assert take(budget, "small", "5") == [None]


def test_places_of_a_process_that_died_come_free(make):
    budget, world, _ = make()
    take(budget, "dead", "1", "2", "3", "4")

    world.run(121)

    assert take(budget, "b", "5") == [None]


def test_places_that_ran_out_do_not_count_as_ours_beside_those_of_others(taught):
    budget, clock = taught()
    take(budget, "dead", "1", "2", "3", "4", "5", most=10)
    clock.set(clock.now + 121)
    permit = ask(budget, "a", Kind.PAGE, ANY)

    header = "total=30; remaining=3; resets=60"
    budget.answered(Answer(permit, HEADERS | {"zendesk-ratelimit-inflight-jobs": header}))

    told = take(budget, "a", "6", "7", "8", "9", most=10)
    assert [hold is None for hold in told] == [True, True, True, False]


def test_places_that_are_renewed_outlive_their_lease_and_a_lost_redis(make, connection):
    budget, world, _ = make()
    take(budget, "a", "1", "2", "3", "4")
    world.run(100)
    connection.flushall()
    world.clock.set(world.clock.now)

    budget.keep_slots("a", ["1", "2", "3", "4"])

    world.run(100)
    assert take(budget, "b", "5")[0].why is Why.JOBS


def test_others_zendesk_jobs_leave_fewer_places(taught):
    budget, _ = taught()
    take(budget, "a", "1", most=10)
    permit = ask(budget, "a", Kind.PAGE, ANY)

    header = "total=30; remaining=3; resets=60"  # 27 are taken, one of them by us
    budget.answered(Answer(permit, HEADERS | {"zendesk-ratelimit-inflight-jobs": header}))

    told = take(budget, "a", "2", "3", "4", "5", most=10)
    assert told[:3] == [None] * 3
    assert told[3].why is Why.JOBS


def test_what_others_have_with_zendesk_is_forgotten_after_a_minute(taught):
    budget, clock = taught()
    header = {"zendesk-ratelimit-inflight-jobs": "total=30; remaining=0; resets=60"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, ANY), HEADERS | header))
    first = take(budget, "a", "1", "2", most=10)

    clock.set(clock.now + 61)

    assert [hold is None for hold in first] == [True, False]
    assert take(budget, "a", "2", "3", most=10) == [None, None]


def test_when_zendesk_takes_no_more_jobs_nobody_gets_a_place(taught):
    budget, clock = taught()
    turn = Turn(budget, "a", Kind.JOB)

    turn.answered(turn.enter(ANY), HEADERS, TooManyJobs(429, "full", retry_after=10))

    assert take(budget, "b", "1")[0].why is Why.ASKED
    clock.set(clock.now + 11)
    assert take(budget, "b", "1") == [None]
