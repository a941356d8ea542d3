"""When something is due, and how that is told."""

from datetime import UTC, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.services.insights import cron
from app.services.insights.cron import BadCron

BERLIN = ZoneInfo("Europe/Berlin")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("0 2 * * *", "cron[hour='2', minute='0']"),
        ("0 * * * *", "cron[minute='0']"),
        ("0 9 * * 1", "cron[day_of_week='mon', hour='9', minute='0']"),
        ("0 3 1 * *", "cron[day='1', hour='3', minute='0']"),
        ("*/5 * * * *", "cron[minute='*/5']"),
        ("15 6 * 1-6 MON-FRI", "cron[month='1-6', day_of_week='mon-fri', hour='6', minute='15']"),
        ("0 0 * * 0,6", "cron[day_of_week='sun,sat', hour='0', minute='0']"),
        ("0 0 * * 1#2", "cron[day_of_week='mon#2', hour='0', minute='0']"),
        ("* * * * *", "cron[minute='*']"),
    ],
)
def test_a_trigger_is_told_without_what_is_any(text, told):
    assert cron.trigger(text) == told


@pytest.mark.parametrize(
    ("since", "due"),
    [
        # There is no 02:30 on that day: at 02:00 it is 03:00.
        ("2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
        # There are two: the first counts.
        ("2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
    ],
)
def test_half_past_two_comes_once_on_the_days_when_clocks_are_changed(since, due):
    first = cron.following("30 2 * * *", BERLIN, utc(since))
    second = cron.following("30 2 * * *", BERLIN, first)

    assert [first, second] == [utc(one) for one in due]


@pytest.mark.parametrize(
    ("day", "hours"), [("2026-03-28T23:00", 23), ("2026-10-24T22:00", 25), ("2026-06-01T22:00", 24)]
)
def test_every_hour_is_every_hour_of_real_time_on_those_days_too(day, hours):
    start = utc(day)
    end = cron.following("0 0 * * *", BERLIN, start)

    due = cron.between("0 * * * *", BERLIN, start, end)

    assert len(due) == hours
    assert {(after - before).seconds for before, after in pairwise(due)} == {3600}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "This has 0."),
        ("0 2 * *", "This has 4."),
        ("* * * * * *", "This has 6."),
        ("61 * * * *", "The minute cannot be read."),
        ("0 25 * * *", "The hour cannot be read."),
        ("0 0 * * someday", "The day of week cannot be read."),
        ("0 0 32 2 *", "The day of month cannot be read."),
        ("0 0 1 13 *", "The month cannot be read."),
        ("0 0 * 2 MON#0", "The day of week cannot be read."),
    ],
)
def test_what_cannot_be_read_is_said(text, words):
    with pytest.raises(BadCron, match=words):
        cron.checked(text, UTC, utc("2026-11-23T12:00"))


@pytest.mark.parametrize("text", ["0 0 31 4,6 *", "0 0 30 2 *"])
def test_a_day_that_never_comes_is_refused(text):
    with pytest.raises(BadCron, match="would never run"):
        cron.checked(text, UTC, utc("2026-11-23T12:00"))


def test_a_day_that_comes_every_four_years_is_not():
    assert cron.checked("0 0  29 2 *", UTC, utc("2026-11-23T12:00")) == "0 0 29 2 *"
