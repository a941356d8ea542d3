"""A second person's approval: who may give it, of which plan, and what it starts."""

import pytest
from sqlalchemy import update

from app.extensions import db
from app.models import Approval, AuditEvent, Job, JobStatus, Role, User
from app.services import accounts, approving, jobs, lineage, unticking
from app.services.agreeing import NotAgreed, PlanChanged
from app.services.lineage import Relation
from app.services.permissions import NotPermitted
from tests.fixtures.running_jobs import BY_ADMIN, finish, permit

TAGS, MACROS = "tag-manager", "apply-macro-to-view"
BY_MACRO = {"tool_slug": MACROS, "operation": "apply_macro"}


@pytest.fixture
def plan(sandbox, plan_job):
    """A plan of three tickets that its owner cannot start alone."""
    permit("user", TAGS, approval_above=2)
    return plan_job([sandbox.add_ticket() for _ in range(3)])


@pytest.fixture
def admins(in_app, make_user):
    """Ada and Bob."""
    emails = [make_user(f"{name}@giga.test", Role.ADMIN) for name in ("ada", "bob")]
    db.session.rollback()  # what this session read before does not have them yet
    return [accounts.by_email(email) for email in emails]


def start(job, user=None, **said):
    started = jobs.apply(job, job.plan_digest, user or job.user, **{"agreed_to_part": False} | said)
    db.session.commit()
    return started


def approve(job, user, digest=None):
    started = jobs.approve(job, digest or job.plan_digest, user)
    db.session.commit()
    return started


def actions(job):
    rows = db.session.query(AuditEvent).filter_by(target=job.job_id).order_by(AuditEvent.id)
    return [
        (row.action, row.actor) for row in rows if "appr" in row.action or row.action == "job.apply"
    ]


def test_a_plan_that_needs_it_waits_until_another_admin_approves(plan, admins):
    ada, _ = admins
    owner = plan.user.email

    assert not start(plan, canary=True)
    assert plan.status == JobStatus.PLANNED
    assert approving.waiting_for(ada, 5) == [plan]
    assert approve(plan, ada)

    assert (plan.status, plan.dry_run, plan.canary) == (JobStatus.PENDING, False, jobs.CANARY)
    assert approving.waiting_for(ada, 5) == []
    assert actions(plan) == [
        ("job.ask_approval", owner),
        ("job.approve", ada.email),
        ("job.apply", owner),
    ]


@pytest.mark.parametrize(("above", "waits"), [(2, True), (3, False), (None, False), (0, True)])
def test_only_plans_above_the_number_need_it(sandbox, plan_job, above, waits):
    job = plan_job([sandbox.add_ticket() for _ in range(3)])
    permit("user", TAGS, approval_above=above)

    assert start(job) == (not waits)


@pytest.mark.parametrize(("public", "waits"), [("true", True), ("false", False)])
def test_public_replies_may_need_it_whatever_their_number(sandbox, plan_job, public, waits):
    actions = (("comment_value", "Hello."), ("comment_mode_is_public", public))
    job = plan_job(
        [sandbox.add_ticket(status="open")],
        **BY_MACRO,
        arguments={"macro_id": sandbox.add_macro("Made by a test", actions)},
    )
    permit("user", MACROS, approval_for_replies=True)

    assert start(job, typed_count="1") == (not waits)


def test_all_else_has_to_be_agreed_to_when_it_is_asked_for(sandbox, plan_job):
    permit("admin", TAGS, approval_above=0)
    job = plan_job([sandbox.add_ticket(tags=["a"])], operation="set_tags", tags=["b"], **BY_ADMIN)

    with pytest.raises(NotAgreed):
        start(job)

    assert db.session.query(Approval).count() == 0
    assert not start(job, typed_count="1")
    assert approving.of(job).said["typed_count"] == "1"


def test_it_is_started_with_what_whoever_asked_agreed_to(sandbox, plan_job, admins):
    permit("admin", TAGS, approval_above=0)
    job = plan_job([sandbox.add_ticket(tags=["a"])], operation="set_tags", tags=["b"], **BY_ADMIN)
    start(job, typed_count="1")

    assert approve(job, admins[0])


def test_nobody_approves_their_own_plan(sandbox, plan_job, admins):
    permit("admin", TAGS, approval_above=0)
    ada, bob = admins
    job = plan_job([sandbox.add_ticket()], email=ada.email)

    with pytest.raises(NotPermitted, match="this one is yours"):
        approve(job, ada)
    assert not start(job, bob)
    with pytest.raises(NotPermitted, match="this one is yours"):
        approve(job, bob)

    assert job.status == JobStatus.PLANNED
    assert approving.waiting_for(ada, 5) == approving.waiting_for(bob, 5) == []


def test_no_user_approves(plan, make_user):
    start(plan)
    somebody = accounts.by_email(make_user("other@giga.test"))

    with pytest.raises(NotPermitted, match="Only an admin"):
        approve(plan, somebody)


@pytest.mark.parametrize("change", [{"role": "user"}, {"enabled": False}])
def test_whoever_approves_is_an_admin_at_that_moment(plan, admins, change):
    start(plan)
    ada, _ = admins
    db.session.query(User).filter_by(id=ada.id).update(change, synchronize_session=False)

    with pytest.raises(NotPermitted):
        approve(plan, ada)


def test_another_plan_than_the_one_seen_is_not_approved(plan, admins):
    start(plan)

    with pytest.raises(PlanChanged, match="It changes 3 tickets now"):
        approve(plan, admins[0], "another")
    with pytest.raises(PlanChanged, match="which plan is meant"):
        jobs.approve(plan, "", admins[0])

    assert plan.status == JobStatus.PLANNED


def test_leaving_out_a_ticket_makes_the_request_void(sandbox, plan, admins):
    permit("user", TAGS, approval_above=1)
    start(plan)
    seen, out = plan.plan_digest, [row for (row,) in db.session.execute(TICKETS)][:1]

    unticking.untick(plan, seen, plan.user, out=out)
    db.session.commit()

    assert approving.waiting_for(admins[0], 5) == []
    assert approving.look(plan.user, plan).was_changed
    with pytest.raises(PlanChanged):
        approve(plan, admins[0], seen)
    assert not start(plan), "it has to be asked for again"


TICKETS = db.text("SELECT ticket_id FROM job_tickets ORDER BY position")


def test_an_approval_before_anybody_asked_lets_the_start_through(plan, admins):
    assert not approve(plan, admins[0])
    assert plan.status == JobStatus.PLANNED

    assert start(plan)


def test_an_approval_of_the_plan_before_a_change_counts_for_nothing(plan, admins):
    permit("user", TAGS, approval_above=1)
    approve(plan, admins[0])
    out = [row for (row,) in db.session.execute(TICKETS)][:1]
    unticking.untick(plan, plan.plan_digest, plan.user, out=out)
    db.session.commit()

    assert not start(plan)


def test_an_approval_by_somebody_who_is_no_admin_any_more_counts_for_nothing(plan, admins):
    approve(plan, admins[0])
    admins[0].role = Role.USER
    db.session.commit()

    assert not start(plan)


def test_whoever_approved_is_not_the_one_who_starts(sandbox, plan_job, admins):
    permit("admin", TAGS, approval_above=0)
    job = plan_job([sandbox.add_ticket()])
    ada, bob = admins
    permit("user", TAGS, approval_above=0)
    approve(job, ada)

    assert not start(job, ada)
    assert approve(job, bob)


def test_an_approval_counts_for_nothing_once_its_admin_is_deactivated(plan, admins):
    approve(plan, admins[0])
    admins[0].enabled = False
    db.session.commit()

    assert not start(plan)


def test_an_approval_by_the_jobs_owner_counts_for_nobody(plan, admins):
    """None can be given; but who owns a job is one thing, and who starts it another."""
    approve(plan, admins[0])
    plan.user.role = Role.ADMIN
    approving.of(plan).approved_by = plan.user
    db.session.commit()

    assert not approving.is_given(plan, admins[1])


def test_it_is_not_started_for_somebody_who_may_not_have_it_done_any_more(plan, admins):
    start(plan)
    permit("user", TAGS, may_use=False)

    with pytest.raises(NotPermitted, match="You may not use"):
        approve(plan, admins[0])

    assert plan.status == JobStatus.PLANNED


def test_it_is_not_started_for_somebody_who_was_deactivated(plan, admins):
    start(plan)
    plan.user.enabled = False
    db.session.commit()

    with pytest.raises(NotPermitted, match="deactivated"):
        approve(plan, admins[0])


def test_a_plan_that_is_not_approved_stays_and_can_be_asked_for_again(plan, admins):
    ada, bob = admins
    start(plan)

    approving.reject(plan, plan.plan_digest, ada, "  Too many at once.  ")
    db.session.commit()

    record = approving.of(plan)
    assert (plan.status, record.note, record.rejected_by) == (
        JobStatus.PLANNED,
        "Too many at once.",
        ada,
    )
    assert approving.waiting_for(bob, 5) == []
    assert not start(plan)
    assert approving.waiting_for(bob, 5) == [plan]
    assert approving.of(plan).note == ""


def test_a_plan_that_was_changed_meanwhile_is_not_rejected_by_its_old_digest(plan, admins):
    start(plan)
    seen, out = plan.plan_digest, [row for (row,) in db.session.execute(TICKETS)][:1]
    unticking.untick(plan, seen, plan.user, out=out)
    db.session.commit()

    with pytest.raises(PlanChanged, match="no longer the plan that you saw"):
        approving.reject(plan, seen, admins[0])


def test_a_plan_that_is_rejected_while_zendesk_is_asked_is_not_started(
    sandbox, transport, plan_job, admins
):
    permit("user", MACROS, approval_above=0)
    solve = sandbox.add_macro("Solve", (("status", "solved"),))
    job = plan_job([sandbox.add_ticket()], **BY_MACRO, arguments={"macro_id": solve})
    start(job)
    digest, (ada, bob) = job.plan_digest, admins

    def reject_before_it_answers(*asked):
        if approving.of(job).is_waiting:
            approving.reject(job, digest, bob, "Not this one.")
            db.session.commit()
        return sandbox(*asked)

    transport.wsgi_app = reject_before_it_answers
    with pytest.raises(PlanChanged, match="rejected"):
        approve(job, ada, digest)
    db.session.rollback()

    assert (job.status, approving.of(job).rejected_by) == (JobStatus.PLANNED, bob)


@pytest.mark.parametrize("change", [{"status": "running"}, {"plan_digest": "b" * 64}])
def test_what_became_of_a_plan_a_moment_ago_is_not_approved(plan, admins, change):
    start(plan)
    unseen = update(Job).where(Job.id == plan.id).values(**change)
    db.session.execute(unseen.execution_options(synchronize_session=False))

    with pytest.raises(PlanChanged, match="Look at it again"):
        approving.give(plan, admins[0])

    assert db.session.query(Approval).filter(Approval.approved_at.is_not(None)).count() == 0


@pytest.mark.parametrize("change", [{"role": "user"}, {"enabled": False}])
def test_whoever_rejects_is_an_admin_at_that_moment(plan, admins, change):
    start(plan)
    unseen = update(User).where(User.id == admins[0].id).values(**change)
    db.session.execute(unseen.execution_options(synchronize_session=False))

    with pytest.raises(NotPermitted, match="Only an admin"):
        approving.reject(plan, plan.plan_digest, admins[0])


def test_of_a_long_note_the_beginning_is_kept(plan, admins):
    start(plan)

    approving.reject(plan, plan.plan_digest, admins[0], "x" * 600)

    assert len(approving.of(plan).note) == 500


def test_no_deactivated_admin_is_among_those_who_may_answer(plan, admins):
    ada, bob = admins
    start(plan)
    bob.enabled = False
    db.session.commit()

    assert list(db.session.scalars(approving.those_who_may_answer(plan))) == [ada.id]


def test_a_rejection_takes_an_approval_back(plan, admins):
    approve(plan, admins[0])
    approving.reject(plan, plan.plan_digest, admins[1])
    db.session.commit()

    assert not start(plan)


def test_what_was_approved_goes_on_after_a_pause_without_another(plan, admins):
    start(plan)
    approve(plan, admins[0])
    plan.status = JobStatus.PAUSED
    db.session.commit()

    assert jobs.resume(plan, plan.user)


def test_a_job_that_went_on_without_one_waits_for_it_once_it_is_demanded(sandbox, plan_job, admins):
    job = plan_job([sandbox.add_ticket()])
    start(job)
    job.status = JobStatus.PAUSED
    permit("user", TAGS, approval_above=0)

    with pytest.raises(NotPermitted, match="waits for another admin's approval"):
        jobs.resume(job, job.user)
    assert not approve(job, admins[0])

    assert jobs.resume(job, job.user)


def test_the_plan_that_follows_needs_one_of_its_own(sandbox, run_job, admins):
    job = run_job(tickets=[sandbox.add_ticket()])
    permit("user", TAGS, approval_above=0)
    undo = lineage.follow(job, Relation.UNDO, job.user)
    finish(undo, until=JobStatus.PLANNED)

    assert not start(undo)
    assert approve(undo, admins[0])


def test_what_is_known_of_an_approval_goes_with_its_job(plan, admins):
    start(plan)
    jobs.discard(plan, plan.user)
    jobs.delete(plan, plan.user)
    db.session.commit()

    assert db.session.query(Approval).count() == 0
