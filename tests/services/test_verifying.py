"""Verifying a job: which tickets still are as it left them."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from app.services import accounts, lineage
from app.services.lineage import NothingToFollow, Relation
from app.services.operations import Reason, Skip, Snapshot
from app.services.traces import Trace
from app.services.verifying import Findings, findings, verified
from tests.fixtures.running_jobs import finish


def ticket(**fields):
    asked = {"id": 1, "status": "open", "tags": frozenset(), "updated_at": ""} | fields
    return Snapshot(**asked | {"tags": frozenset(asked["tags"])})


def test_every_part_that_moved_is_named():
    trace = Trace(
        {"tags": ["a"], "status": "open", "group_id": 1, "custom_fields": {"7": None}, "followers": []},
        {"tags": ["b"], "status": "solved", "group_id": 2, "custom_fields": {"7": "x"}, "followers": [3]},
    )  # fmt: skip

    still = ticket(tags=["b", "more"], status="solved", group_id=2, custom_fields={7: "x"})
    moved = ticket(tags=["a"], status="solved", group_id=9)

    assert verified(trace, still) == Skip(Reason.OVERWRITTEN, "Changed since: followers.")
    assert verified(trace, moved) == Skip(
        Reason.OVERWRITTEN, "Changed since: group, custom field 7, tag a, tag b, followers."
    )


def test_only_the_first_parts_of_many_are_named():
    trace = Trace({"tags": []}, {"tags": list("abcdefg")})

    assert (
        verified(trace, ticket()).note
        == "Changed since: tag a, tag b, tag c, tag d, tag e and 2 more."
    )


def test_of_a_comment_the_ticket_tells_nothing():
    said = {"comment": {"public": True, "text": "Hi"}}

    alone = verified(Trace({}, said), ticket())
    beside = verified(Trace({"type": None}, {"type": "task"} | said), ticket(type="task"))

    assert alone == Skip(Reason.CANNOT_BE_VERIFIED)
    assert beside == Skip(Reason.VERIFIED, "The comment was not looked for.")


@pytest.fixture
def verify(make_user):
    owner = accounts.by_email(make_user())

    def run(job):
        child = lineage.follow(job, Relation.VERIFY, owner)
        finish(child)
        return child

    return run


def test_a_job_is_verified_without_a_write(sandbox, run_job, verify):
    kept, lost, gone = tickets = [sandbox.add_ticket() for _ in range(3)]
    job = run_job(tickets=[*tickets, sandbox.add_ticket(tags=["refund"])])
    sandbox.set_ticket(kept, additional_tags=["more"])
    sandbox.set_ticket(lost, remove_tags=["refund"])
    sandbox.delete_ticket(gone)

    child = verify(job)

    assert (child.status, child.title) == (JobStatus.COMPLETED, f"Verify: {job.title}")
    rows = db.session.query(JobTicket.ticket_id, JobTicket.reason).filter_by(job_id=child.id).all()
    assert dict(rows) == {kept: "verified", lost: "overwritten", gone: "not_found"}
    assert findings(child) == Findings(as_left=1, overwritten=1, gone=1, untold=0)
    assert findings(job) is None
    assert sandbox.requests["PUT /api/v2/tickets/update_many"] == 1


def test_a_hundred_tickets_are_read_at_once(sandbox, run_job, verify):
    job = run_job(tickets=[sandbox.add_ticket() for _ in range(150)])
    before = sandbox.requests["GET /api/v2/tickets/show_many"]

    child = verify(job)

    assert child.unchanged_count == 150
    assert sandbox.requests["GET /api/v2/tickets/show_many"] - before == 2


def test_there_is_nothing_to_verify_where_nothing_was_changed(sandbox, run_job, verify):
    job = run_job(tickets=[sandbox.add_ticket(tags=["refund"])])

    with pytest.raises(NothingToFollow, match="nothing to verify"):
        verify(job)
