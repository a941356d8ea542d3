"""Jobs that follow from another."""

from collections import Counter

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket, Outcome
from app.services import accounts, jobs, lineage, selections
from app.services.lineage import NothingToFollow, Relation
from tests.fixtures.running_jobs import finish


@pytest.fixture
def owner(make_user):
    return accounts.by_email(make_user())


@pytest.fixture
def follow(owner):
    """The plan of the job that follows."""

    def follow(job, relation):
        following = lineage.follow(job, relation, owner)
        finish(following, until=JobStatus.PLANNED)
        return following

    return follow


def applied(job, owner):
    jobs.apply(job, job.plan_digest, owner, agreed_to_part=True)
    db.session.commit()
    finish(job)
    return job


def planned_tickets(job):
    return [row.ticket_id for row in ledger(job) if row.outcome == "planned"]


def ledger(job):
    rows = db.session.query(JobTicket).filter_by(job_id=job.id).order_by(JobTicket.position).all()
    db.session.rollback()
    return rows


def test_a_retry_plans_what_failed_and_nothing_else(sandbox, run_job, follow, owner):
    good, bad = sandbox.add_ticket(), sandbox.add_ticket()
    sandbox.fail_ticket(bad, times=1)
    job = run_job(tickets=[good, bad])

    retry = follow(job, Relation.RETRY)

    assert planned_tickets(retry) == [bad]
    assert (retry.parent_id, retry.relation) == (job.id, "retry")
    assert applied(retry, owner).changed_count == 1
    assert sandbox.tags_of(bad) == {"refund"}


def test_what_was_done_after_all_is_not_done_again(sandbox, run_job, follow):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, times=1)
    job = run_job(tickets=[ticket])
    sandbox.set_ticket(ticket, additional_tags=["refund"])

    retry = follow(job, Relation.RETRY)

    assert (retry.status, retry.unchanged_count) == (JobStatus.COMPLETED, 1)


def test_finishing_takes_up_what_a_cancelled_job_did_not_reach(sandbox, make_job, follow, owner):
    tickets = [sandbox.add_ticket() for _ in range(130)]
    job = make_job(tickets)
    finish(job, until=JobStatus.PLANNED)
    jobs.cancel(job)
    db.session.commit()

    rest = follow(job, Relation.FINISH)

    assert planned_tickets(rest) == tickets
    assert applied(rest, owner).changed_count == 130


def test_running_again_reads_the_selection_as_it_is_today(sandbox, run_job, follow):
    view = sandbox.add_view("Tagged", lambda ticket: "x" in ticket.tags)
    sandbox.add_ticket(tags=["x"])
    job = run_job(selection={"view_id": view})
    new = sandbox.add_ticket(tags=["x"])

    again = follow(job, Relation.RERUN)

    assert planned_tickets(again) == [new]
    assert again.unchanged_count == 1


def test_titles_tell_the_relation_once(sandbox, run_job, follow):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket)
    job = run_job(tickets=[ticket])

    first = follow(job, Relation.RETRY)
    jobs.cancel(first)
    db.session.commit()
    second = follow(first, Relation.FINISH)

    assert first.title == f"Retry: {job.title}"
    assert second.title == f"The rest: {job.title}"
    assert [child.id for child in lineage.children(job)] == [first.id]


def test_nothing_follows_where_there_is_nothing_to_do(sandbox, run_job, plan_job, owner):
    done, plan = run_job(tickets=[sandbox.add_ticket()]), plan_job([sandbox.add_ticket()])

    for job, relation in ((done, Relation.RETRY), (done, Relation.FINISH), (plan, Relation.RETRY)):
        with pytest.raises(NothingToFollow):
            lineage.follow(job, relation, owner)
    assert list(lineage.offered(done)) == [Relation.RERUN, Relation.UNDO, Relation.VERIFY]


def test_what_may_follow_is_known_without_counting_tickets(sandbox, run_job, statements):
    good, bad = sandbox.add_ticket(), sandbox.add_ticket()
    sandbox.fail_ticket(bad, times=1)
    job = run_job(tickets=[good, bad])

    asked = statements(lambda: lineage.offered(job))

    assert lineage.offered(job)[Relation.RETRY] == 1
    assert [one for one in asked if "job_tickets" in one] == []


def test_a_parent_that_was_deleted_fails_the_plan_in_words(sandbox, run_job, owner):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket)
    job = run_job(tickets=[ticket])
    retry = lineage.follow(job, Relation.RETRY, owner)
    jobs.delete(job, owner)
    db.session.commit()

    finish(retry)

    assert retry.status == JobStatus.FAILED
    assert "was deleted" in retry.error


COMMENT = {"comment": {"public": True, "text": "Sorry."}}
TAGS = {"tags": ["refund"]}


def put_rows(job, *rows):
    """Let the job's tickets have these outcomes and changes, one after the other."""
    for position, (outcome, after) in enumerate(rows):
        place = db.session.query(JobTicket).filter_by(job_id=job.id, position=position)
        place.update({"outcome": outcome, "after": after, "stage": "settled"})
    counts = Counter(outcome for outcome, _ in rows)
    for outcome in Outcome:
        setattr(job, f"{outcome}_count", counts[outcome])
    db.session.commit()


def test_a_comment_that_may_have_been_sent_is_never_part_of_a_retry(sandbox, plan_job, follow):
    tickets = [sandbox.add_ticket() for _ in range(4)]
    job = plan_job(tickets)
    put_rows(
        job, ("failed", COMMENT), ("unknown", COMMENT), ("unknown", TAGS), ("changed", COMMENT)
    )
    job.status = JobStatus.COMPLETED
    db.session.commit()

    offered, left_out = lineage.offered(job), selections.never_again(job)
    retry = follow(job, Relation.RETRY)

    assert (offered[Relation.RETRY], left_out) == (2, 1)
    assert planned_tickets(retry) == [tickets[0], tickets[2]]


def test_no_retry_is_offered_where_only_such_comments_are_left(sandbox, plan_job, owner):
    job = plan_job([sandbox.add_ticket()])
    put_rows(job, ("unknown", COMMENT))
    job.status = JobStatus.COMPLETED
    db.session.commit()

    assert list(lineage.offered(job)) == [Relation.RERUN]
    with pytest.raises(NothingToFollow):
        lineage.follow(job, Relation.RETRY, owner)


def test_finishing_a_failed_job_takes_the_rest_of_its_plan(sandbox, plan_job, follow):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = plan_job(tickets)
    put_rows(job, ("changed", TAGS), ("planned", TAGS), ("planned", TAGS))
    job.status = JobStatus.FAILED
    db.session.commit()

    offered = lineage.offered(job)
    rest = follow(job, Relation.FINISH)

    assert offered[Relation.FINISH] == 2
    assert planned_tickets(rest) == tickets[1:]


def test_half_a_plan_is_not_finished(sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    job.status, job.plan_digest = JobStatus.FAILED, None
    db.session.commit()

    assert Relation.FINISH not in lineage.offered(job)


def test_a_plan_that_is_made_again_replaces_the_old_one(sandbox, plan_job, follow):
    ticket = sandbox.add_ticket()
    plan = plan_job([ticket])

    again = follow(plan, Relation.RERUN)

    db.session.refresh(plan)
    assert (plan.status, plan.not_reached_count) == (JobStatus.CANCELLED, 1)
    assert (again.status, planned_tickets(again)) == (JobStatus.PLANNED, [ticket])


def test_a_job_that_was_started_meanwhile_is_not_discarded(sandbox, plan_job, owner):
    plan = plan_job([sandbox.add_ticket()])
    jobs.apply(plan, plan.plan_digest, owner, agreed_to_part=False)
    db.session.commit()

    assert not jobs.discard(plan, owner)
    assert plan.status == JobStatus.PENDING


def test_a_job_that_is_asked_for_twice_is_made_once(sandbox, run_job, owner):
    job = run_job(tickets=[sandbox.add_ticket()])

    first, second = (lineage.follow(job, Relation.UNDO, owner) for _ in range(2))

    assert first.id == second.id


def test_once_it_is_over_another_can_be_made(sandbox, run_job, follow, owner):
    job = run_job(tickets=[sandbox.add_ticket()])
    first = applied(follow(job, Relation.UNDO), owner)

    second = lineage.follow(job, Relation.UNDO, owner)

    assert first.id != second.id
