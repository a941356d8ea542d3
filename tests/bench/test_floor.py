"""The least time that Zendesk's limits allow, by hand."""

import pytest

from bench.floor import Floor, Terms


def floor(tickets, **more):
    return Floor(Terms(), tickets, tickets, **more)


def test_a_large_job_waits_for_zendesks_own_jobs():
    large = floor(50_000)

    assert large.planning == pytest.approx(500 / 490 * 60)
    assert large.writing == pytest.approx(500 / 10 * 11)
    assert large.seconds == pytest.approx(61.2 + 550, abs=0.1)


def test_batches_side_by_side_take_as_long_as_one():
    assert floor(100).zendesk == floor(500).zendesk == floor(1000).zendesk == pytest.approx(11)


def test_a_short_last_batch_takes_its_own_time():
    assert floor(30).zendesk == pytest.approx(1 + 3)
    assert floor(1030).zendesk == pytest.approx(11 + 4)


def test_a_full_batch_in_the_last_round_takes_longer_than_a_short_one():
    assert floor(1130).zendesk == pytest.approx(11 + 11)


def test_reading_each_ticket_takes_longer_than_zendesks_jobs():
    macro = floor(5000, reads=5000)

    assert macro.writing == macro.calls == pytest.approx((5000 + 50 + 5) / 490 * 60)


def test_a_smaller_reserve_lowers_it():
    assert Floor(Terms(reserve=0.0), 5000, 5000).planning == pytest.approx(50 / 700 * 60)


def test_nothing_to_write_takes_no_time():
    assert Floor(Terms(), 500, 0).writing == 0


def test_the_formula_is_told_with_its_figures():
    told = floor(50_000).formula

    assert "500 pages ÷ 490/min = 61.2 s" in told
    assert "(500 updates + 50 polls) ÷ 490/min = 67.3 s" in told
    assert "500 Zendesk jobs of 11 s, 10 at a time = 550.0 s" in told
