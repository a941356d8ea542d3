"""Two people who answer one plan at the same moment."""

from concurrent.futures import ThreadPoolExecutor

from app.extensions import db
from app.models import AuditEvent, Job, Role, User
from app.services import accounts, jobs
from app.services.agreeing import PlanChanged
from tests.fixtures.running_jobs import permit


def test_two_admins_at_the_same_moment_make_one_start(in_app, sandbox, make_user, plan_job):
    emails = [make_user(f"{name}@giga.test", Role.ADMIN) for name in ("ada", "bob")]
    permit("user", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket()])
    assert not jobs.apply(job, job.plan_digest, job.user, agreed_to_part=False)
    db.session.commit()
    pk, digest, ids = job.id, job.plan_digest, [accounts.by_email(email).id for email in emails]
    db.session.rollback()

    def press(user_id):
        with in_app.test_request_context(method="POST"):
            job = db.session.get(Job, pk)
            try:
                started = jobs.approve(job, digest, db.session.get(User, user_id))
                db.session.commit()
            except PlanChanged:
                return False
            return started

    with ThreadPoolExecutor(2) as pool:
        started = list(pool.map(press, ids))

    assert sorted(started) == [False, True]
    assert db.session.query(AuditEvent).filter_by(action="job.apply").count() == 1
