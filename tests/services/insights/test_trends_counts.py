"""What is counted, again only where tickets are others than before, and what pages show of it."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.database import now, writing
from app.extensions import db
from app.models import Issue, IssueTicket, IssueTrend, MirroredTicket, User
from app.services.insights import deciding, stages, trends
from app.services.insights.baseline import Confidence
from tests.fixtures.mirror import ARun, LeaseWasLost
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
    volumes,
    write,
)

pytestmark = pytest.mark.usefixtures("in_app")


def change(statement):
    with writing():
        db.session.execute(statement)
        db.session.commit()


def person():
    user = User(email="ada@giga.test", password_hash="x")
    db.session.add(user)
    db.session.commit()
    return user


def test_the_pipeline_and_its_schedule_find_the_stage():
    assert "trends" in stages.STAGES
    issue = new_issue()
    write(issue, NOON)
    look()

    assert stages.STAGES["trends"](ARun(), 0.0).is_over


def test_an_hour_has_tickets_customers_organizations_and_severities():
    issue = new_issue()
    write(issue, NOON, NOON + HOUR / 2, requester_id=7, organization_id=5, severity="high")
    write(issue, NOON + 0.9 * HOUR, requester_id=8, organization_id=5)
    write(issue, NOON + HOUR, requester_id=8)
    look(NOON + DAY)

    one, two = db.session.scalars(select(IssueTrend).order_by(IssueTrend.hour))
    assert (one.volume, one.requesters, one.organizations) == (3, 2, 1)
    assert (one.low, one.normal, one.high, one.critical) == (0, 0, 2, 0)
    assert (two.volume, two.requesters, two.organizations) == (1, 1, 0)


def test_a_ticket_from_before_all_others_is_counted_when_it_comes():
    issue = new_issue()
    write(issue, NOON)
    look(NOON + DAY)
    write(issue, NOON - 30 * WEEK)
    look(NOON + DAY)

    assert volumes() == {(issue, NOON): 1, (issue, NOON - 30 * WEEK): 1}


def test_a_deleted_ticket_is_counted_no_more():
    issue = new_issue()
    _kept, gone = write(issue, NOON, NOON)
    look(NOON + DAY)
    change(update(MirroredTicket).where(MirroredTicket.id == gone).values(deleted=True))
    look(NOON + DAY)

    assert volumes() == {(issue, NOON): 1}


def test_tickets_that_people_move_are_counted_where_they_are():
    user, one, two = person(), new_issue(), new_issue()
    tickets = write(one, NOON, NOON + HOUR)
    write(two, NOON)
    look(NOON + DAY)
    with writing():
        deciding.move(tickets[:1], db.session.get(Issue, two), user)
        db.session.commit()
    look(NOON + DAY)
    assert volumes() == {(one, NOON + HOUR): 1, (two, NOON): 2}

    with writing():
        deciding.merge(db.session.get(Issue, one), db.session.get(Issue, two), user)
        db.session.commit()
    look(NOON + DAY)
    assert volumes() == {(two, NOON): 2, (two, NOON + HOUR): 1}
    look(NOON + 9 * DAY)
    assert (states(one), states(two)) == ([], ["resolved"])  # one lives on in the other


def test_only_what_differs_is_written(statements):
    issue, other = new_issue(), new_issue()
    write(issue, *every(HOUR, NOON - WEEK, NOON))
    write(other, *every(HOUR, NOON - WEEK, NOON))
    look()
    write(issue, NOON - WEEK)

    asked = statements(look)
    written = [one for one in asked if "issue_trends" in one and not one.startswith("SELECT")]
    assert [one.split()[0] for one in written] == ["DELETE", "INSERT"]
    assert not [one for one in statements(look) if one.startswith(("INSERT", "DELETE", "UPDATE i"))]


@pytest.mark.parametrize("lives", [0, 2])
def test_one_that_is_killed_leaves_whole_pages_and_the_next_does_the_rest(monkeypatch, lives):
    monkeypatch.setattr(trends, "ISSUES_AT_ONCE", 1)
    issues = [new_issue() for _ in range(4)]
    for issue in issues:
        write(issue, *every(6 * HOUR, NOON - 10 * WEEK, NOON), *[NOON - HOUR / 2] * 30)
    left = iter(range(lives))

    with pytest.raises(LeaseWasLost):
        look(run=ARun(lambda: next(left, None) is not None))
    db.session.rollback()
    assert [state(issue) for issue in issues].count("escalating") == lives
    assert len({issue for issue, _ in volumes()}) == lives
    look()

    assert [states(issue) for issue in issues] == [["escalating"]] * 4


def test_a_slice_that_is_over_leaves_the_rest_to_the_next(monkeypatch):
    monkeypatch.setattr(trends, "ISSUES_AT_ONCE", 1)
    for issue in [new_issue(), new_issue()]:
        write(issue, NOON - DAY)

    first, second = look(until=0.0), look(until=0.0)

    assert (first.done, first.total, first.is_over) == (1, 2, False)
    assert (second.done, second.total, second.is_over) == (2, 2, True)
    assert second.result["judged_until"] == NOON.isoformat()
    assert second.result["new"] == 2


def test_a_sparkline_has_a_number_for_each_day_and_all_come_at_once(statements):
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    one, two, empty = new_issue(), new_issue(), new_issue()
    write(one, today, today - HOUR, today - DAY, today - 6 * DAY, today - 7 * DAY)
    write(two, today - 2 * DAY)
    look(now())
    found = []
    asked = statements(lambda: found.append(trends.sparklines([one, two, empty], 7)))

    assert found == [{one: [1, 0, 0, 0, 0, 2, 1], two: [0, 0, 0, 0, 1, 0, 0], empty: [0] * 7}]
    assert len([statement for statement in asked if statement.startswith("SELECT")]) == 1


def test_a_day_of_the_series_has_each_customer_once():
    today = now().replace(hour=0, minute=0, second=0, microsecond=0)
    issue = new_issue()
    write(issue, today - DAY, today - DAY + 5 * HOUR, requester_id=7)
    write(issue, today - 10 * DAY)

    *_, before, last = trends.series(issue, 3)
    assert before == ((today - DAY).date(), 2, 1)
    assert last == (today.date(), 0, 0)
    assert len(trends.series(issue, 3)) == 3


def test_the_change_and_the_history_of_an_issue():
    issue = new_issue()
    write(issue, *every(6 * HOUR, NOON - 10 * WEEK, NOON))
    look(NOON - timedelta(minutes=30))

    assert trends.change(db.session.get(Issue, issue)) == (0, Confidence.HIGH)
    (only,) = trends.transitions(issue)
    assert (only.from_state, only.to_state, only.at) == ("new", "ongoing", NOON - HOUR)


def test_tickets_without_an_issue_are_of_none():
    write(None, NOON)
    look(NOON + DAY)

    assert volumes() == {}
    assert db.session.scalar(select(IssueTicket.issue_id)) is None
