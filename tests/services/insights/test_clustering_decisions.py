"""What people decide about issues outlasts clustering."""

import pytest
from sqlalchemy import select

from app.database import writing
from app.extensions import db
from app.models import AuditEvent, Issue, IssueTicket
from app.services import audit_words, settings
from app.services.insights import deciding
from app.services.insights.deciding import NotDecided
from tests.services.insights.clustering_desk import (
    BURNT,
    PARKING,
    PENGUIN,
    REFUND,
    cluster,
    person,
    placed,
    write,
)

MORE_BURNT = [
    ("Toaster burns the bread again", "Black bread, burnt slices."),
    ("Burnt toaster bread", "The toaster burns slices."),
]


@pytest.fixture
def desk(in_app):
    """Two issues: of tickets 1 to 4, and of 5 to 8."""
    settings.choose("issue_smallest", 3, None)
    write([*BURNT, *REFUND])
    cluster()
    return issue_of


def issue_of(ticket_id):
    return db.session.get(Issue, placed()[ticket_id])


def decide(decision, *arguments, **more):
    user = person()
    with writing():
        result = decision(*arguments, user=user, **more)
        db.session.commit()
    return result


def last_event():
    return db.session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def test_a_name_stays_however_much_the_issue_grows(desk):
    decide(deciding.rename, desk(1), "  Toasters\n on fire ")
    write(MORE_BURNT * 5, first_id=20)
    cluster()

    assert desk(1).label == "Toasters on fire"
    assert desk(1).ticket_count == 14


def test_a_renaming_is_in_the_history_and_in_the_audit_log(desk):
    before = desk(1).label
    decide(deciding.rename, desk(1), "Toasters on fire")

    row = deciding.history(desk(1))[0]
    assert (row.decided, row.actor) == ("renamed", "ada@giga.test")
    assert row.detail == {"before": before, "after": "Toasters on fire"}
    assert audit_words.told(last_event()).words == f"renamed issue {desk(1).key}"


@pytest.mark.parametrize("label", ["", " \n", "\0", "x" * 201])
def test_a_name_has_1_to_200_characters(desk, label):
    with pytest.raises(NotDecided, match="1 to 200"):
        deciding.rename(desk(1), label, person())


def test_merged_issues_stay_one_and_what_is_like_either_joins_it(desk):
    burnt, refund = desk(1), desk(5)
    decide(deciding.merge, burnt, refund)
    write(MORE_BURNT, first_id=20)
    cluster()

    assert set(placed().values()) == {refund.id}
    assert (refund.ticket_count, burnt.ticket_count) == (10, 0)
    assert burnt.merged_into_id == refund.id
    assert [row.decided for row in deciding.history(burnt)] == ["merged"]


def test_an_issue_that_was_merged_cannot_be_decided_about(desk):
    burnt, refund = desk(1), desk(5)
    decide(deciding.merge, burnt, refund)

    for decision in (deciding.dismiss, deciding.restore):
        with pytest.raises(NotDecided, match="merged into another"):
            decision(burnt, person())
    with pytest.raises(NotDecided, match="merged into another"):
        deciding.merge(refund, burnt, person())


def test_an_issue_is_not_merged_into_itself(desk):
    with pytest.raises(NotDecided, match="into itself"):
        deciding.merge(desk(1), desk(1), person())


def test_a_ticket_that_joined_while_its_issue_was_merged_comes_home(desk):
    burnt, refund = desk(1), desk(5)
    decide(deciding.merge, burnt, refund)
    with writing():
        db.session.add(IssueTicket(ticket_id=30, issue_id=burnt.id, similarity=0.9))
        db.session.commit()

    cluster()

    assert placed()[30] == refund.id


def test_what_was_split_off_stays_and_later_tickets_join_the_nearer(desk):
    write(PARKING, first_id=10)
    decide(deciding.move, range(10, 14), desk(1))
    old = desk(1)

    new = decide(deciding.split, old, [10, 11, 12, 13], label="Where to park")
    write([("Parking of visitors", "Where can visitors park cars?"), *MORE_BURNT], first_id=20)
    cluster()

    places = placed()
    assert {places[one] for one in (10, 11, 12, 13, 20)} == {new.id}
    assert {places[one] for one in (1, 2, 3, 4, 21, 22)} == {old.id}
    assert (new.label, new.ticket_count, old.ticket_count) == ("Where to park", 5, 6)


def test_a_split_without_a_name_takes_one_from_its_tickets(desk):
    new = decide(deciding.split, desk(5), [6, 8])
    assert new.label == "Where is my refund?"
    cluster()

    assert new.label in {"Where is my refund?", "Refund for my return"}
    assert new.phrases


def test_issues_that_are_alike_are_proposed_and_not_merged(desk):
    new = decide(deciding.split, desk(5), [6, 8])
    cluster()

    proposed = desk(5).alike[0]
    assert proposed["issue_id"] == new.id
    assert 0.3 <= proposed["similarity"] <= 1
    assert placed()[6] == new.id != placed()[5]
    decide(deciding.merge, new, desk(5))
    assert desk(5).alike == []


def test_only_some_of_the_own_tickets_can_be_split_off(desk):
    with pytest.raises(NotDecided, match="1 of these tickets are not in this issue"):
        deciding.split(desk(1), [1, 5], person())
    with pytest.raises(NotDecided, match="all of its tickets"):
        deciding.split(desk(1), [1, 2, 3, 4], person())


def test_a_dismissed_issue_stays_hidden_and_takes_its_new_tickets_with_it(desk):
    decide(deciding.dismiss, desk(1))
    write(MORE_BURNT, first_id=20)
    cluster()

    assert not desk(1).is_shown
    assert placed()[20] == placed()[1]
    decide(deciding.restore, desk(1))
    assert desk(1).is_shown
    assert [row.decided for row in deciding.history(desk(1))] == ["restored", "dismissed"]


def test_a_ticket_that_was_moved_stays_where_it_was_put(desk):
    write([PENGUIN], first_id=20)
    decide(deciding.move, [1, 20], desk(5))
    decide(deciding.move, [2], None)
    cluster()

    places = placed()
    assert places[1] == places[20] == places[5]
    assert places[2] is None
    assert (desk(3).ticket_count, desk(5).ticket_count) == (2, 6)


def test_only_tickets_that_are_there_can_be_moved(desk):
    with pytest.raises(NotDecided, match="1 of these tickets are not there"):
        deciding.move([1, 999], desk(5), person())
    with pytest.raises(NotDecided, match="Choose 1 to 10,000 tickets"):
        deciding.move([], desk(5), person())
