"""How an issue is said to develop, by when its tickets were written."""

from datetime import UTC, datetime, timedelta

import pytest

from app.database import writing
from app.extensions import db
from app.models import FOLLOWING, Issue, IssueState, Schedule
from app.services.insights import development
from app.services.insights.baseline import Change, Confidence
from app.services.insights.development import Pulse
from tests.services.insights.trends_desk import (
    DAY,
    HOUR,
    NOON,
    WEEK,
    every,
    look,
    new_issue,
    state,
    states,
    write,
)

pytestmark = pytest.mark.usefixtures("in_app")
STEADY = every(6 * HOUR, NOON - 10 * WEEK, NOON)  # four a day


def test_an_issue_is_new_in_its_first_week_and_then_goes_on():
    issue = new_issue()
    write(issue, *every(12 * HOUR, NOON, NOON + 8 * DAY))

    look(NOON + 6 * DAY)
    assert (state(issue), states(issue)) == ("new", [])
    look(NOON + 7 * DAY)
    assert (state(issue), states(issue)) == ("ongoing", ["ongoing"])


def test_far_more_tickets_than_usual_are_an_escalation():
    issue = new_issue()
    write(issue, *STEADY, *[NOON - HOUR / 2] * 20)
    look()

    found = db.session.get(Issue, issue)
    assert (found.state, found.state_since) == ("escalating", NOON)
    assert (found.change_percent, found.change_confidence) == (500, "high")


def test_a_few_more_than_usual_are_none():
    issue = new_issue()
    write(issue, *STEADY, *[NOON - HOUR / 2] * 3)
    look()

    assert state(issue) == "ongoing"


def test_busy_mondays_are_none():
    issue = new_issue()
    mondays = [NOON - number * WEEK for number in range(10)]
    write(issue, *STEADY, *(at - HOUR / 2 for at in mondays for _ in range(40)))
    look()

    assert state(issue) == "ongoing"
    assert db.session.get(Issue, issue).change_percent == 0


def test_one_bad_week_before_does_not_hide_an_escalation():
    issue = new_issue()
    bad = [NOON - WEEK - HOUR / 2] * 60
    write(issue, *STEADY, *bad, *[NOON - HOUR / 2] * 30)
    look()

    assert state(issue) == "escalating"


@pytest.mark.parametrize(("zone", "after"), [("Europe/Berlin", "ongoing"), ("UTC", "escalating")])
def test_customers_keep_to_their_clocks_when_these_are_changed(zone, after):
    """At nine each morning in Berlin: until 25 October at 7, and then at 8 in UTC."""
    with writing():
        schedule = db.session.get(Schedule, "hourly_trends")
        schedule.zone = zone
        db.session.commit()
    monday = datetime(2025, 10, 27, 9, tzinfo=UTC)
    issue = new_issue()
    summer = [monday - number * WEEK - 1.5 * HOUR for number in range(1, 10)]
    write(issue, *[at for at in summer for _ in range(30)], *[monday - HOUR / 2] * 30)

    look(monday - HOUR)
    look(monday + 2 * HOUR)  # the last three hours begin at 8 in UTC

    assert ("escalating" in states(issue)) == (after == "escalating")


def test_of_a_young_issue_little_is_sure():
    issue = new_issue()
    write(issue, *every(6 * HOUR, NOON - 10 * DAY, NOON), *[NOON - HOUR / 2] * 30)
    look()

    found = db.session.get(Issue, issue)
    assert (found.state, found.change_confidence) == ("escalating", "low")


def test_where_the_mirror_goes_back_a_day_nothing_is_compared():
    issue = new_issue()
    write(issue, *[NOON - HOUR / 2] * 60)
    look(since=int((NOON - 2 * DAY).timestamp()))

    found = db.session.get(Issue, issue)
    assert (found.state, found.change_percent, found.change_confidence) == ("new", None, "none")


def test_the_hour_that_is_not_over_is_not_judged():
    issue = new_issue()
    write(issue, *STEADY, *[NOON + timedelta(minutes=1)] * 60)

    look(NOON + timedelta(minutes=59))
    assert state(issue) == "ongoing"
    look(NOON + HOUR)
    assert state(issue) == "escalating"


def test_hours_whose_tickets_were_not_read_are_no_silence():
    """Nobody has synced for ten days."""
    issue = new_issue()
    write(issue, *STEADY)
    look()
    look()

    assert state(issue) == "ongoing"


def test_an_escalation_ends_when_it_is_calm_and_a_day_is_over():
    issue = new_issue()
    write(issue, *STEADY, *[NOON - HOUR / 2] * 30, *every(6 * HOUR, NOON, NOON + 3 * DAY))
    look()
    for hours in range(8, 64, 8):
        look(NOON + hours * HOUR)

    assert states(issue) == ["escalating", "ongoing"]
    assert db.session.get(Issue, issue).state_since >= NOON + DAY


def test_silence_resolves_by_the_pace_of_the_issue():
    busy, slow = new_issue(), new_issue()
    write(busy, *STEADY)
    write(slow, *every(5 * DAY, NOON - 10 * WEEK, NOON))

    look(NOON + 6 * DAY)
    assert (state(busy), state(slow)) == ("ongoing", "ongoing")
    look(NOON + 8 * DAY)
    assert (state(busy), state(slow)) == ("resolved", "ongoing")
    look(NOON + 25 * DAY)
    assert state(slow) == "resolved"


def test_tickets_after_the_silence_are_a_relapse():
    issue = new_issue()
    write(issue, *STEADY)
    look(NOON + 8 * DAY)
    write(issue, NOON + 9 * DAY)
    look(NOON + 10 * DAY)
    assert state(issue) == "resolved"  # one may have got there by mistake
    write(issue, NOON + 10 * DAY)
    look(NOON + 11 * DAY)

    assert states(issue) == ["resolved", "regressed"]


def test_old_tickets_that_are_read_later_are_no_relapse():
    issue = new_issue()
    write(issue, *STEADY)
    look(NOON + 8 * DAY)
    write(issue, *[NOON - 30 * DAY] * 9)
    look(NOON + 9 * DAY)

    assert state(issue) == "resolved"


def test_a_relapse_goes_on_after_a_week():
    issue = new_issue()
    write(issue, *STEADY)
    look(NOON + 8 * DAY)
    write(issue, *every(12 * HOUR, NOON + 9 * DAY, NOON + 20 * DAY))
    look(NOON + 10 * DAY)
    look(NOON + 16 * DAY)
    assert state(issue) == "regressed"
    look(NOON + 17 * DAY)

    assert states(issue) == ["resolved", "regressed", "ongoing"]


def test_the_severity_is_what_a_fair_share_of_the_tickets_reaches():
    issue, unread = new_issue(), new_issue()
    write(issue, *[NOON - DAY] * 6, severity="normal")
    write(issue, *[NOON - DAY] * 2, severity="high")
    write(issue, NOON - DAY, severity="critical")
    write(unread, NOON - DAY)
    look()

    assert db.session.get(Issue, issue).severity == "high"
    assert db.session.get(Issue, unread).severity is None


@pytest.mark.parametrize("before", IssueState)
def test_only_what_may_follow_follows(before):
    jump = Change(24, 50, 2.0, 9.0, Confidence.HIGH)
    pulses = [
        Pulse(10, silence, 1.0, returned, in_state, changes)
        for silence in (0, 5000)
        for returned in (0, 9)
        for in_state in (0, 5000)
        for changes in ([], [jump])
    ]
    found = {development.following(before, pulse) for pulse in pulses} - {before}

    assert found <= FOLLOWING[before]
    assert IssueState.NEW not in found
