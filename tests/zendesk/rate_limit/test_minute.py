"""Zendesk's minute: never more than the limit, and all that the reserve and others leave."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.zendesk.rate_limit import Kind
from tests.zendesk.account import Account, Process, World, budget_by_hand
from tests.zendesk.rate_limit.told import start


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


@pytest.mark.long
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


@pytest.mark.parametrize(
    ("others", "late"),
    [
        (30, True),
        (90, False),
        pytest.param(0, False, marks=pytest.mark.long),
        pytest.param(90, True, marks=pytest.mark.long),
    ],
)
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
