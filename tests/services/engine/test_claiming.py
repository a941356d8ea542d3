"""Claiming the next tickets: fast in a ledger of any size, and once, however often it is tried."""

import pytest
from sqlalchemy import text

from app.extensions import db
from app.models import JobTicket
from app.services.engine import flight, settling
from app.services.engine.claiming import _FREE, _ROWS, claim
from app.services.engine.lease import Lease
from app.services.engine.pace import Pace
from app.services.engine.slices import advance
from app.services.engine.verdict import AGAIN
from app.zendesk.batches import Batch
from tests.services.engine.mishaps import lose_the_answer_to_a_commit, started


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_next_tickets_are_found_by_indexes_alone(make_job):
    query = _FREE.where(_ROWS.job_id == make_job([1]).id).compile(
        db.engine, compile_kwargs={"render_postcompile": True}
    )
    values = tuple(query.params[name] for name in query.positiontup)

    # With parameters, as it is sent: SQLite plans before it knows them.
    plan = db.session.connection().exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values).all()

    steps = [row.detail for row in plan]
    assert any("uq_job_tickets_in_flight" in step for step in steps)
    assert not any(step.startswith("SCAN") for step in steps)


def test_a_claim_whose_commit_was_not_confirmed_is_not_made_twice(sandbox, make_job, monkeypatch):
    job = make_job([sandbox.add_ticket() for _ in range(150)], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    lease = Lease.take(job.job_id)
    claim(lease, "an earlier batch")
    lose_the_answer_to_a_commit(monkeypatch)

    claimed = claim(lease, "a batch")

    noted = db.session.query(JobTicket.ticket_id).filter_by(batch_token="a batch")
    assert len(claimed) == 50
    assert {row.ticket_id for row in noted} == {one.id for one in claimed}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_tickets_that_another_job_claims_at_this_very_moment_are_left_to_it(sandbox, make_job):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    other, job = (make_job(tickets, dry_run=False) for _ in range(2))
    for one in (other, job):
        advance(one.job_id, Pace(is_stopping=lambda one=one: started(one)))
    lease = Lease.take(job.job_id)

    let_the_other_be_quicker(other)
    claimed = claim(lease, "a batch")
    db.session.execute(text("DROP TRIGGER quicker"))
    db.session.commit()

    assert claimed == []
    assert {one.id for one in claim(lease, "another batch")} == set(tickets)


def let_the_other_be_quicker(other):
    """Between the look at what is free and the claim of it, the other job claims a ticket."""
    theirs = f"job_id = {other.id} AND ticket_id = NEW.ticket_id"
    db.session.execute(
        text(
            "CREATE TRIGGER quicker BEFORE UPDATE OF stage ON job_tickets"
            f" WHEN NEW.stage = 'sending' AND NEW.job_id != {other.id}"
            f" BEGIN UPDATE job_tickets SET stage = 'sending' WHERE {theirs}; END"
        )
    )
    db.session.commit()


def test_only_tickets_that_are_ready_are_claimed(sandbox, make_job):
    tickets = [sandbox.add_ticket() for _ in range(5)]
    job = make_job(tickets, dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    lease = Lease.take(job.job_id)

    claimed = claim(lease, "a batch", only=[3, 1])

    assert [one.id for one in claimed] == [tickets[1], tickets[3]]
    assert claim(lease, "another batch", only=[]) == []


def test_a_ticket_that_is_claimed_again_is_not_taken_for_what_was_sent_before(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    lease = Lease.take(job.job_id)
    (claimed,) = claim(lease, "a batch")
    batch = Batch("a batch", (claimed.id,))
    flight.sent(lease, batch, "a Zendesk job")
    settling.settled(lease, [(batch, {claimed.id: AGAIN})])

    claim(lease, "another batch")

    taken, lost = flight.batches(lease)
    assert taken == {}
    assert [batch.token for batch in lost] == ["another batch"]


def test_a_batch_that_zendesk_took_ends_the_wait_that_the_page_tells_of(sandbox, make_job):
    job = make_job([sandbox.add_ticket()], dry_run=False)
    advance(job.job_id, Pace(is_stopping=lambda: started(job)))
    db.session.refresh(job)
    job.setbacks, job.wait_reason = 3, "zendesk"
    db.session.commit()
    lease = Lease.take(job.job_id)
    (claimed,) = claim(lease, "a batch")

    flight.sent(lease, Batch("a batch", (claimed.id,)), "a Zendesk job")

    db.session.refresh(job)
    assert (job.setbacks, job.wait_reason) == (0, None)
