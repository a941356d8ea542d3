"""Of two versions of a ticket the newer one is kept, whatever is in it."""

import json
import time
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from app.database import now, writing
from app.extensions import db
from app.models import MirroredTicket, SyncState
from app.services.insights import mirror
from tests.services.insights.sync.conftest import answer, mirrored, read, ticket

AT = 1_762_077_600
LONG = "x" * 65_000


@pytest.fixture
def put(in_app):
    def put(*tickets):
        with writing(), db.engine.begin() as database:
            return mirror.put(database, read(*tickets))

    return put


def test_an_older_page_that_comes_again_changes_nothing(put):
    old = [ticket(1), ticket(2)]
    put(*old)
    put(ticket(1, subject="Newer", generated_timestamp=AT + 5))

    put(*old)

    assert {number: one.subject for number, one in mirrored().items()} == {1: "Newer", 2: "Kettle"}


def test_a_page_that_comes_twice_changes_nothing(put):
    page = [ticket(1), ticket(2, status="solved")]
    put(*page)
    before = {number: vars_of(one) for number, one in mirrored().items()}

    put(*page)

    assert {number: vars_of(one) for number, one in mirrored().items()} == before


def vars_of(copy):
    return {column.name: getattr(copy, column.name) for column in MirroredTicket.__table__.c}


@pytest.mark.parametrize("places", [(0, 1), (1, 0)])
def test_of_two_versions_on_one_page_the_newer_counts(put, places):
    both = [ticket(1), ticket(1, subject="Newer", generated_timestamp=AT + 1)]

    put(*(both[place] for place in places))

    assert mirrored()[1].subject == "Newer"


def test_only_a_ticket_whose_text_changed_is_analysed_again(put):
    put(*(ticket(number) for number in (1, 2, 3, 4)))
    db.session.execute(update(MirroredTicket).values(analysed_at=now()))
    db.session.commit()

    later = {"generated_timestamp": AT + 5}
    put(
        ticket(1, status="solved", tags=[], **later),
        ticket(2, subject="Another", **later),
        ticket(3, description="Another", **later),
        ticket(4, status="deleted", **later),
    )

    copies = mirrored()
    assert copies[1].status == "solved"
    assert [number for number in copies if copies[number].analysed_at is None] == [2, 3, 4]


ODD = [
    ticket(1, subject=None, description=None, tags=None, status=None, via=None),
    ticket(2, subject="a\0b\ud83d", description="\udc00", tags=["\0", "\ud83d", 7, None, {}]),
    ticket(3, subject=LONG, description=LONG, status=LONG, priority=LONG, type=LONG),
    ticket(4, subject=["x"], description={"x": 1}, tags="vip", status=7, via={"channel": 7}),
    ticket(5, requester_id=2**63, organization_id="12", group_id=True, brand_id=1.5),
    ticket(6, created_at="yesterday", updated_at=5, generated_timestamp=2**62),
    ticket(7, created_at="0001-01-01T00:00:00+14:00", updated_at=None, generated_timestamp="x"),
    ticket(8, created_at="2026-11-01 10:00", status="on-holiday", via={"channel": LONG}),
    ticket(2**53 + 1, subject="Large"),
    *(ticket(number) for number in (2**63, -1, 0, None, True, "one", [])),
    *("no ticket", None, 5, ["x"]),
]


def test_whatever_a_page_holds_the_rest_of_it_is_kept(synced, exported, caplog):
    page = {"tickets": [*ODD, ticket(9)], "after_cursor": "c", "end_of_stream": True}
    exported.answers.append(answer(body=json.dumps(page).encode()))

    progress = synced()

    copies = mirrored()
    assert set(copies) == {*range(1, 10), 2**53 + 1}
    assert progress.result["odd"] == 11
    assert (copies[1].subject, copies[1].tags, copies[1].status) == ("", [], "")
    assert (copies[2].subject, copies[2].tags) == ("a b?", [" ", "?"])
    assert (len(copies[3].subject), len(copies[3].description)) == (1_000, 20_000)
    assert (copies[5].requester_id, copies[5].organization_id) == (None, 12)
    assert copies[6].generated_timestamp == 0
    assert copies[8].status == "on-holiday"
    assert copies[8].created_at == datetime(2026, 11, 1, 10, tzinfo=UTC)
    assert "Large" not in caplog.text


def test_a_ticket_that_the_database_refuses_costs_the_others_nothing(put, caplog):
    refusing_the_second()
    try:
        refused = put(ticket(1), ticket(2, subject="Secret"), ticket(3))
    finally:
        refusing_nothing()

    assert refused == 1
    assert set(mirrored()) == {1, 3}
    assert "Secret" not in caplog.text


def refusing_the_second():
    """What no check of ours foresaw."""
    with writing(), db.engine.begin() as database:
        if database.dialect.name == "sqlite":
            database.exec_driver_sql(
                "CREATE TRIGGER refusing BEFORE INSERT ON tickets WHEN NEW.id = 2"
                " BEGIN SELECT RAISE(ABORT, 'refused'); END"
            )
        else:
            database.exec_driver_sql("ALTER TABLE tickets ADD CONSTRAINT refusing CHECK (id <> 2)")


def refusing_nothing():
    with writing(), db.engine.begin() as database:
        if database.dialect.name == "sqlite":
            database.exec_driver_sql("DROP TRIGGER refusing")
        else:
            database.exec_driver_sql("ALTER TABLE tickets DROP CONSTRAINT refusing")


def changed(days_ago):
    at = now() - timedelta(days=days_ago)
    return {"updated_at": at.isoformat(), "generated_timestamp": int(at.timestamp())}


def test_tickets_that_last_changed_long_ago_are_forgotten_piece_by_piece(put, monkeypatch):
    monkeypatch.setattr(mirror, "PIECE", 2)
    put(*(ticket(number, **changed(days_ago=100)) for number in range(1, 6)))
    put(ticket(6, **changed(days_ago=100), status="deleted"), ticket(7, **changed(days_ago=80)))

    gone = mirror.forget_before(90, until=time.monotonic() - 1)
    gone_then = mirror.forget_before(90)

    assert (gone, gone_then) == (2, 4)
    assert set(mirrored()) == {7}


def test_nothing_is_forgotten_where_all_is_kept(put):
    put(ticket(1, **changed(days_ago=5_000)))

    assert mirror.forget_before(0) == 0
    assert set(mirrored()) == {1}


def test_what_was_forgotten_is_read_again_by_a_backfill_that_reaches_it(synced):
    synced()
    count = select(func.count()).select_from(MirroredTicket)

    mirror.forget_before(30)
    left = db.session.scalar(count)
    db.session.rollback()
    synced(days=7)

    assert 0 < left < 60
    assert db.session.scalar(count) == left
    assert db.session.scalar(select(SyncState.since)) > (now() - timedelta(days=31)).timestamp()
    synced()
    assert db.session.scalar(count) == 60
