"""The budget: never more than the limit, the reserve kept, pages first, jobs alike, and each wait with its reason."""

import time

import pytest
import redis as redis_library
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.zendesk import turnstile
from app.zendesk.endpoints import Endpoint
from app.zendesk.errors import NotNow, RateLimited, TooManyJobs, Unavailable
from app.zendesk.rate_limit import Answer, Hold, Kind, Permit, Why
from app.zendesk.turnstile import Turn
from tests.zendesk.account import ANY, Account, Process, World, ask, budget_by_hand

HEADERS = {
    "x-rate-limit": "100",
    "x-rate-limit-remaining": "99",
    "ratelimit-reset": "60",
}


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


def start(world, *processes):
    for place, process in enumerate(processes):
        world.after(place * 0.01, process.ask)


@pytest.fixture
def taught(make):
    """A budget that has seen one answer: 100 calls a minute."""

    def taught(remaining="99", **options):
        budget, world, _ = make(**options)
        permit = ask(budget, "first", Kind.PAGE, ANY)
        budget.answered(Answer(permit, HEADERS | {"x-rate-limit-remaining": remaining}))
        return budget, world.clock

    return taught


def let_through(budget, who="job", kind=Kind.PAGE, endpoint=ANY, most=300):
    """Calls in a row until the first that has to wait: how many, and that wait."""
    for number in range(most):
        told = ask(budget, who, kind, endpoint)
        if isinstance(told, Hold):
            return number, told
    raise AssertionError("it is never enough")


# Whatever the processes do


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    limit=st.integers(1, 40),
    reserve=st.sampled_from([0.0, 0.3, 0.5]),
    phase=st.floats(0, 60),
    delays=st.lists(st.floats(0.0, 12.0), min_size=1, max_size=5),
    pauses=st.lists(st.floats(0.0, 20.0), min_size=1, max_size=5),
    pages=st.integers(0, 2),
    late=st.booleans(),
)
def test_no_minute_of_zendesks_ever_sees_more_than_the_limit(
    connection, limit, reserve, phase, delays, pauses, pages, late
):
    connection.flushall()
    budget, clock = budget_by_hand(connection, reserve=reserve)
    world, account = World(clock), Account(clock, limit, phase)
    jobs = [
        Process(world, account, budget, f"job{n}", delays, pause=p, late=late)
        for n, p in enumerate(pauses)
    ]
    some = [Process(world, account, budget, "page", delays, Kind.PAGE, 1.0) for _ in range(pages)]
    start(world, *jobs, *some)

    world.run(200)

    assert account.refused == 0
    assert account.most() <= limit
    if not pages:
        assert account.most() <= max(1, limit - int(limit * reserve) + 1)


@settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    flushes=st.lists(st.floats(5, 170), min_size=1, max_size=4),
    delays=st.lists(st.floats(0.0, 0.5), min_size=1, max_size=3),
)
def test_an_emptied_redis_costs_no_more_than_the_reserve(connection, flushes, delays):
    connection.flushall()
    budget, clock = budget_by_hand(connection)
    world, account = World(clock), Account(clock, 60)
    start(world, *(Process(world, account, budget, f"job{n}", delays) for n in range(4)))
    for when in flushes:
        world.after(when, lambda: (connection.flushall(), clock.set(clock.now)))

    world.run(200)

    assert account.refused == 0


# The full permitted speed


@pytest.mark.parametrize(("others", "late"), [(0, False), (30, True), (90, False), (90, True)])
def test_uses_what_the_limit_the_reserve_and_others_leave(make, others, late):
    budget, world, account = make(limit=700)
    jobs = [Process(world, account, budget, f"job{n}", [0.1], late=late) for n in range(4)]

    def somebody_else():
        account.receive("others")
        world.after(60 / others, somebody_else)

    start(world, *jobs)
    if others:
        somebody_else()
    world.run(60 * 4)

    permitted = 700 * 0.7 - others
    whole = [account.arrivals[window].get("us", 0) for window in range(1, 4)]
    assert sum(whole) / 3 >= 0.97 * permitted
    assert max(whole) + others <= 700 * 0.7 * 1.01
    assert account.refused == 0


def test_shares_evenly_among_jobs_however_many_hands_each_has(make):
    budget, world, account = make(limit=200)
    small = Process(world, account, budget, "small", [0.05])
    many = [Process(world, account, budget, "large", [0.05]) for _ in range(6)]
    start(world, *many, small)

    world.run(300)

    sent = small.sent, sum(process.sent for process in many)
    assert min(sent) / max(sent) > 0.9


def test_a_new_job_does_not_wait_for_one_that_has_long_been_running(make):
    budget, world, account = make(limit=200)
    start(world, *(Process(world, account, budget, "large", [0.05]) for _ in range(4)))
    world.run(90)
    small = Process(world, account, budget, "small", [0.05])

    world.after(0, small.ask)
    world.run(10)

    assert small.sent >= 8  # half of the 140 a minute that are permitted, less the start


def test_an_idle_job_saves_up_no_turns(make):
    budget, world, account = make(limit=200)
    idle = Process(world, account, budget, "idle", [0.05])
    busy = Process(world, account, budget, "busy", [0.05])
    ask(budget, "idle", Kind.JOB, ANY)
    world.after(0, busy.ask)
    world.run(120)
    before = busy.sent

    world.after(0, idle.ask)
    world.run(60)

    assert busy.sent - before > 0.4 * 140


def test_a_page_goes_before_jobs_out_of_the_reserve(make):
    budget, world, account = make(limit=100)
    start(world, *(Process(world, account, budget, f"job{n}", [0.05]) for n in range(3)))

    world.run(59)
    page = ask(budget, "page", Kind.PAGE, ANY)

    assert isinstance(ask(budget, "job0", Kind.JOB, ANY), Hold)
    assert isinstance(page, Permit)


# What it learns


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


def test_a_job_that_went_away_holds_up_nobody(taught):
    budget, clock = taught()
    let_through(budget, "stays", Kind.JOB)
    wait = ask(budget, "gone", Kind.JOB, ANY)  # would be in turn, but never comes back

    clock.set(clock.now + wait.seconds + 1.0)

    assert isinstance(ask(budget, "stays", Kind.JOB, ANY), Permit)


# Being told to wait


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


def test_a_header_of_another_name_does_not_widen_a_published_limit(taught):
    budget, _ = taught()
    export = Endpoint("search-export", 3)
    wider = HEADERS | {"zendesk-ratelimit-search-index": "total=2500; remaining=2499; resets=50"}
    budget.answered(Answer(ask(budget, "a", Kind.PAGE, export), wider))

    number, wait = let_through(budget, endpoint=export)

    assert (number, wait.why) == (2, Why.ENDPOINT)


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


# Places for Zendesk's own jobs


def take(budget, who, *tokens, most=4):
    return [budget.take_slot(who, token, most, 1.5) for token in tokens]


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


# Waiting, and being seen to wait


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


def others_in(budget):
    return next(one["others"] for one in budget.report()["buckets"] if one["name"] == "account")


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


def ours_in(budget):
    return next(one["ours"] for one in budget.report()["buckets"] if one["name"] == "account")


def test_without_redis_a_page_is_answered_and_a_job_waits(connection):
    gone = redis_library.Redis.from_url("redis://127.0.0.1:1", retry=None)
    budget, _ = budget_by_hand(connection)
    budget._script = gone.register_script("return 1")  # noqa: SLF001 - Redis went away

    page = Turn(budget, "page", Kind.PAGE)
    page.answered(page.enter(ANY), HEADERS, None)
    with pytest.raises(NotNow) as raised:
        Turn(budget, "job", Kind.JOB).enter(ANY)

    assert raised.value.why == Why.REDIS


def test_the_report_tells_who_uses_what_and_who_waits_for_what(taught):
    budget, _ = taught(remaining="60")  # others sent 39
    take(budget, "a", "1", "2")
    number, _ = let_through(budget, "b", Kind.JOB)

    report = budget.report()

    account = next(one for one in report["buckets"] if one["name"] == "account")
    assert (account["limit"], account["ours"], account["others"]) == (100, number + 1, 39)
    assert report["slots"] == [{"who": "a", "slots": 2}]
    assert [(wait["who"], wait["reason"]) for wait in report["waits"]] == [("b", "share")]
    assert sum(slot["ours"] for slot in report["chart"]) == number + 1
    assert sum(slot["others"] for slot in report["chart"]) == 39
