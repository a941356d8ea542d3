"""Shares: jobs alike, pages first, and nothing for who is not there."""

from app.zendesk.rate_limit import Hold, Kind, Permit
from tests.zendesk.account import ANY, Process, ask
from tests.zendesk.rate_limit.told import let_through, start


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


def test_a_job_that_went_away_holds_up_nobody(taught):
    budget, clock = taught()
    let_through(budget, "stays", Kind.JOB)
    wait = ask(budget, "gone", Kind.JOB, ANY)  # would be in turn, but never comes back

    clock.set(clock.now + wait.seconds + 1.0)

    assert isinstance(ask(budget, "stays", Kind.JOB, ANY), Permit)
