"""What was made of a ticket's text goes with the text: it quotes customers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from app.database import now, writing
from app.extensions import db
from app.models import Issue, IssueTicket, SyncState, TicketAnalysis
from app.services import settings
from app.services.insights import mirror
from app.services.insights.analysing import analyse
from tests.fixtures.mirror import ARun, soon
from tests.services.insights.sync.conftest import mirrored, read, ticket

AT = 1_762_077_600


@pytest.fixture
def put(in_app):
    def put(*tickets):
        with writing(), db.engine.begin() as database:
            return mirror.put(database, read(*tickets))

    return put


@pytest.fixture
def known(put):
    """Mirror tickets; they are analysed, and in an issue."""

    def known(*tickets):
        put(*tickets)
        ids = [one["id"] for one in tickets]
        with writing():
            issue = Issue(label="Leaking kettles", state="new", named_at_count=len(ids))
            db.session.add(issue)
            db.session.flush()
            db.session.add_all(
                IssueTicket(ticket_id=one, issue_id=issue.id, similarity=1.0) for one in ids
            )
            db.session.commit()
        analyse(ARun(), soon())

    return known


def known_of():
    """The tickets of which something is known, by where."""
    db.session.rollback()
    columns = TicketAnalysis.ticket_id, IssueTicket.ticket_id
    return tuple(set(db.session.scalars(select(column))) for column in columns)


def test_of_a_deleted_ticket_nothing_is_left(known, put):
    known(ticket(1), ticket(2), ticket(3))

    put(
        ticket(1, status="deleted", generated_timestamp=AT + 5),
        ticket(2, status="deleted", generated_timestamp=AT - 5),
    )

    assert known_of() == ({2, 3}, {2, 3})


def test_of_a_forgotten_ticket_nothing_is_left(known):
    old = (now() - timedelta(days=100)).isoformat()
    known(ticket(1, updated_at=old), ticket(2, updated_at=now().isoformat()))

    mirror.forget_before(90)

    assert known_of() == ({2}, {2})


def test_of_another_account_nothing_is_left(known, synced):
    synced()
    known(ticket(10**9))
    assert known_of()[0] == set(mirrored())
    with writing():
        db.session.query(SyncState).update({"base_url": "https://other.test"})
        db.session.commit()

    synced()

    assert known_of() == (set(), set())
    assert len(mirrored()) == 60


def test_no_sync_reaches_back_further_than_tickets_are_kept(synced):
    with writing():
        settings.choose("tickets_kept_days", 30, None)
        db.session.commit()

    synced(days=365)

    since = db.session.scalar(select(SyncState.since))
    assert since == pytest.approx((now() - timedelta(days=30)).timestamp(), abs=60)
    with writing():
        settings.choose("tickets_kept_days", 0, None)
        db.session.commit()
    synced(days=365)
    assert len(mirrored()) == 60
