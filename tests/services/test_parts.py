"""Jobs that take up a part of what they might: one kind of failure, or tickets that were ticked."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket, Outcome
from app.services import accounts, jobs, lineage
from app.services.ledger_filter import Filter
from app.services.lineage import NothingToFollow, Relation
from app.services.reasons import Reason
from tests.fixtures.running_jobs import finish

COMMENT = {"comment": {"public": True, "text": "Sorry."}}


@pytest.fixture
def follow(make_user):
    """The plan of the job that takes up the part."""
    owner = accounts.by_email(make_user())

    def follow(job, relation, **part):
        following = lineage.follow(job, relation, owner, part=Filter(**part))
        finish(following, until=JobStatus.PLANNED)
        return following

    return follow


def applied(job):
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)
    db.session.commit()
    finish(job)
    return job


def tickets_of(job):
    rows = db.session.query(JobTicket.ticket_id).filter_by(job_id=job.id)
    return [one.ticket_id for one in rows.order_by(JobTicket.position)]


@pytest.fixture
def failed(sandbox, run_job):
    """A job of five tickets, two of which Zendesk refused in the same words, and one in others."""
    same, other, also, *_good = tickets = [sandbox.add_ticket() for _ in range(5)]
    for ticket, words in ((same, "Tuesday"), (other, "Monday"), (also, "Tuesday")):
        sandbox.fail_ticket(ticket, times=1, details=words)
    return run_job(tickets=tickets), same, other, also


def test_one_kind_of_failure_is_retried_and_no_other(sandbox, failed, follow):
    job, same, other, also = failed

    retry = follow(job, Relation.RETRY, reasons=(Reason.REFUSED,), like=also)

    assert tickets_of(retry) == [same, also]
    assert retry.title == "Retry of 2 tickets: Add refund to some tickets"
    assert applied(retry).changed_count == 2
    assert sandbox.tags_of(other) == set()


def test_a_kind_is_what_it_was_when_the_retry_was_asked_for(failed, follow):
    job, same, _other, also = failed
    retry = lineage.follow(job, Relation.RETRY, job.user, part=Filter(like=same))
    db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=same).update({"detail": "x"})
    db.session.commit()

    finish(retry, until=JobStatus.PLANNED)

    assert tickets_of(retry) == [also]


def test_a_part_never_takes_what_the_whole_would_leave(failed, follow, sandbox):
    job, _same, *_ = failed
    changed = [one for one in tickets_of(job) if "refund" in sandbox.tags_of(one)]

    for part in (
        {"outcomes": (Outcome.CHANGED,)},
        {"ticket_ids": tuple(changed)},
        {"ticket_ids": ()},
        {"like": 999_999},
        {"reasons": (Reason.CLOSED,)},
    ):
        with pytest.raises(NothingToFollow):
            follow(job, Relation.RETRY, **part)


def test_a_comment_that_may_have_been_sent_is_in_no_part(failed, follow):
    job, same, _other, _also = failed
    rows = db.session.query(JobTicket).filter_by(job_id=job.id, ticket_id=same)
    rows.update({"outcome": Outcome.UNKNOWN, "reason": Reason.RESULT_UNKNOWN, "after": COMMENT})
    job.failed_count, job.unknown_count = 2, 1
    db.session.commit()

    with pytest.raises(NothingToFollow):
        follow(job, Relation.RETRY, outcomes=(Outcome.UNKNOWN,))
    with pytest.raises(NothingToFollow):
        follow(job, Relation.RETRY, ticket_ids=(same,))


def test_the_same_part_asked_for_twice_is_made_once_and_another_besides(failed, follow):
    job, same, other, _ = failed

    first = follow(job, Relation.RETRY, like=same)
    again = follow(job, Relation.RETRY, like=same)
    another = follow(job, Relation.RETRY, like=other)
    whole = follow(job, Relation.RETRY)

    assert first.id == again.id
    assert len({first.id, another.id, whole.id}) == 3


def test_a_retry_of_a_part_of_a_retry_is_called_so_once(sandbox, failed, follow):
    job, same, *_ = failed
    retry = follow(job, Relation.RETRY, like=same)
    sandbox.fail_ticket(same, times=1)

    again = follow(applied(retry), Relation.RETRY, ticket_ids=(same,))

    assert again.title == "Retry of 1 ticket: Add refund to some tickets"


@pytest.fixture
def done(sandbox, run_job):
    """A job that gave three tickets a tag, and found it on a fourth."""
    tickets = [
        *(sandbox.add_ticket(tags=["vip"]) for _ in range(3)),
        sandbox.add_ticket(tags=["refund"]),
    ]
    return run_job(tickets=tickets), tickets


def tagged(sandbox, tickets):
    return ["refund" in sandbox.tags_of(one) for one in tickets]


def test_only_the_ticked_tickets_are_undone(sandbox, done, follow):
    job, tickets = done

    undo = follow(job, Relation.UNDO, ticket_ids=(tickets[1],))

    assert undo.title == "Undo of 1 ticket: Add refund to some tickets"
    assert applied(undo).changed_count == 1
    assert tagged(sandbox, tickets[:3]) == [True, False, True]
    assert sandbox.tags_of(tickets[1]) == {"vip"}


def test_what_was_not_ticked_can_still_be_undone_and_what_was_is_not_undone_twice(
    sandbox, done, follow
):
    job, tickets = done
    applied(follow(job, Relation.UNDO, ticket_ids=(tickets[1],)))
    sandbox.set_ticket(tickets[1], additional_tags=["later"])

    assert lineage.offered(job)[Relation.UNDO] == 3
    whole = follow(job, Relation.UNDO)

    assert (whole.planned_count, whole.unchanged_count) == (2, 1)
    assert applied(whole).changed_count == 2
    assert tagged(sandbox, tickets[:3]) == [False, False, False]
    assert sandbox.tags_of(tickets[1]) == {"vip", "later"}


def test_a_tag_that_somebody_gave_again_after_the_undo_is_taken_for_the_jobs(sandbox, done, follow):
    """A tag does not tell who gave it, so the plan shows that it goes; nothing is done unseen."""
    job, tickets = done
    applied(follow(job, Relation.UNDO, ticket_ids=(tickets[0],)))
    sandbox.set_ticket(tickets[0], additional_tags=["refund"])

    assert follow(job, Relation.UNDO).planned_count == 3


def test_a_ticket_that_the_job_did_not_change_is_not_undone(done, follow):
    job, tickets = done

    assert tickets_of(follow(job, Relation.UNDO, ticket_ids=tuple(tickets[2:]))) == [tickets[2]]
    with pytest.raises(NothingToFollow):
        follow(job, Relation.UNDO, ticket_ids=(tickets[3],))


def test_the_undo_of_ticked_tickets_can_be_undone(sandbox, done, follow):
    job, tickets = done
    undo = applied(follow(job, Relation.UNDO, ticket_ids=(tickets[0],)))

    applied(follow(undo, Relation.UNDO))

    assert tagged(sandbox, tickets[:3]) == [True, True, True]
