"""The stage that finds issues, night after night."""

import time

import pytest
from sqlalchemy import select, update

from app.database import writing
from app.extensions import db
from app.models import ClusteringState, Issue, IssueTicket, MirroredTicket
from app.services import settings
from app.services.insights import issues, outliers
from bench.labelled import tickets
from tests.services.insights.clustering_desk import (
    BURNT,
    NOON,
    PARKING,
    PENGUIN,
    REFUND,
    Killed,
    Run,
    cluster,
    placed,
    write,
)


@pytest.fixture(autouse=True)
def _small_issues(in_app):
    settings.choose("issue_smallest", 3, None)
    db.session.commit()


def issue_of(ticket_id):
    return db.session.get(Issue, placed()[ticket_id])


def test_no_tickets_give_no_issues():
    progress = cluster()

    assert progress.is_over
    assert progress.result == {"joined": 0, "issues_found": 0, "alone": 0}


def test_one_ticket_is_like_no_other():
    write([PENGUIN])

    assert cluster().result == {"joined": 0, "issues_found": 0, "alone": 1}


def test_an_issue_tells_of_its_tickets():
    write(BURNT, organization_id=7)
    write([*REFUND, PENGUIN], first_id=10)

    progress = cluster()

    burnt = issue_of(1)
    assert progress.result == {"joined": 8, "issues_found": 2, "alone": 1}
    assert (burnt.ticket_count, burnt.requester_count, burnt.organization_count) == (4, 4, 1)
    assert (burnt.last_seen - burnt.first_seen).total_seconds() == 180
    assert burnt.first_seen > NOON
    assert burnt.label in {subject for subject, _ in BURNT}
    assert set(burnt.quoted_ticket_ids) <= {1, 2, 3, 4}
    assert outliers.count() == 1


def test_tickets_keep_their_issue_and_new_ones_join_it():
    write([*BURNT, *REFUND])
    cluster()
    before = placed()
    key, label = issue_of(1).key, issue_of(1).label
    write([("Burnt bread from toaster", "The slices are black."), PENGUIN], first_id=20)

    progress = cluster()

    after = placed()
    assert {one: after[one] for one in before} == before
    assert after[20] == before[1]
    assert 21 not in after
    assert (issue_of(1).key, issue_of(1).label, issue_of(1).ticket_count) == (key, label, 5)
    assert progress.result == {"joined": 1, "issues_found": 0, "alone": 1}


def test_a_new_issue_comes_of_what_fits_none():
    write([*BURNT, *REFUND, PENGUIN])
    cluster()
    write(PARKING, first_id=20)

    progress = cluster()

    assert progress.result == {"joined": 4, "issues_found": 1, "alone": 1}
    assert issue_of(20).id not in {issue_of(1).id, issue_of(5).id}


def test_what_was_alone_joins_when_others_say_the_same():
    write([*BURNT, PARKING[0]])
    cluster()
    write(PARKING[1:], first_id=20)
    cluster()

    assert issue_of(5).id == issue_of(20).id


def test_many_tickets_keep_their_issues_over_nights():
    found = [(one.subject, one.description) for one in tickets(400)]
    write(found[:300])
    cluster()
    before = placed()
    write(found[300:], first_id=301)
    cluster()

    after = placed()
    assert {one: after[one] for one in before} == before
    assert len([one for one in after if one > 300]) > 75


def test_the_same_tickets_give_the_same_issues():
    write([(one.subject, one.description) for one in tickets(200)])
    cluster()
    first = placed()
    with writing():
        db.session.query(IssueTicket).delete()
        db.session.query(Issue).delete()
        db.session.commit()

    cluster()

    assert groups(placed()) == groups(first)


def groups(places):
    found = {}
    for ticket_id, issue_id in places.items():
        found.setdefault(issue_id, set()).add(ticket_id)
    return {frozenset(one) for one in found.values()}


def test_works_in_slices():
    write([*BURNT, *REFUND, *PARKING])
    slices = 0
    while not issues.cluster(Run(), time.monotonic()).is_over:
        slices += 1

    assert slices >= 2
    assert len(placed()) == 12
    assert db.session.get(ClusteringState, 1) is None


def test_a_run_that_was_killed_anywhere_is_finished_by_the_next():
    write([*BURNT, *REFUND])
    cluster()
    write([*PARKING, BURNT[0]], first_id=20)
    for lives in range(20):
        try:
            cluster(run=Run(lives))
        except Killed:
            db.session.rollback()
            assert set(placed()) >= set(range(1, 9))
        else:
            break

    assert lives > 3
    assert sorted(map(len, groups(placed()))) == [4, 4, 5]
    assert sum(db.session.scalars(select(Issue.ticket_count))) == 13


def test_tickets_that_came_after_a_kill_join_before_issues_are_made():
    write([*BURNT, *REFUND, *PARKING])
    with pytest.raises(Killed):
        cluster(run=Run(lives=4))
    assert len(groups(placed())) == 2
    write([*BURNT, *REFUND, *PARKING], first_id=20)

    cluster()

    assert len(groups(placed())) == 3


def test_a_process_that_was_killed_left_nothing_half_done():
    write([*BURNT, *REFUND, *PARKING])
    with pytest.raises(Killed):
        cluster(run=Run(lives=4))

    counts = dict(db.session.execute(select(Issue.id, Issue.ticket_count)).all())
    assert counts
    assert all(counts[issue_id] == len(one) for issue_id, one in by_issue(placed()).items())


def test_a_ticket_that_a_person_places_meanwhile_stays_there():
    write([*BURNT, *REFUND])

    class Meanwhile(Run):
        """A person says of a ticket that it belongs nowhere, while the first issue is being made."""

        def check(self):
            if db.session.scalar(select(Issue.id)) and 8 not in {row.ticket_id for row in rows()}:
                db.session.add(
                    IssueTicket(ticket_id=8, issue_id=None, similarity=1, placed_by_person=True)
                )

    def rows():
        return db.session.scalars(select(IssueTicket)).all()

    cluster(run=Meanwhile())

    assert placed()[8] is None
    assert issue_of(5).ticket_count == 3


def by_issue(places):
    return {issue: [one for one in places if places[one] == issue] for issue in places.values()}


def test_deleted_tickets_do_not_count():
    write([*BURNT, *REFUND])
    write(PARKING, first_id=20, deleted=True)
    cluster()
    with writing():
        db.session.execute(
            update(MirroredTicket).where(MirroredTicket.id == 1).values(deleted=True)
        )
        db.session.commit()

    progress = cluster()

    assert progress.result["alone"] == 0
    assert set(placed()) == set(range(1, 9))
    assert issue_of(2).ticket_count == 3


def test_an_issue_whose_tickets_have_gone_is_known_again_by_its_name():
    write([*BURNT, *REFUND])
    cluster()
    burnt = issue_of(1).id
    with writing():
        db.session.query(MirroredTicket).filter(MirroredTicket.id < 5).delete()
        db.session.query(IssueTicket).filter(IssueTicket.ticket_id < 5).delete()
        db.session.commit()
    write(BURNT, first_id=20)

    cluster()

    assert burnt in {placed()[one] for one in range(20, 24)}


def test_foresees_what_other_sensitivities_would_give():
    write([(one.subject, one.description) for one in tickets(300)])

    tried, forecasts = issues.foresee([1, 5, 9])

    assert tried == 300
    assert [one.sensitivity for one in forecasts] == [1, 5, 9]
    assert forecasts[0].issues < forecasts[2].issues
    assert placed() == {}


def test_hostile_tickets_harm_nothing():
    write([("x" * 65_536, "y" * 20_000), ("🔥" * 300, ""), ("", ""), ("<script>" * 99, "{{" * 999)])
    write(BURNT, first_id=20)

    assert cluster().result == {"joined": 4, "issues_found": 1, "alone": 4}
