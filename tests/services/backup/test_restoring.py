"""What was backed up is restored so that nothing is done twice."""

import stat
from datetime import timedelta

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from app.database import now, writing
from app.extensions import db, redis
from app.models import (
    AuditEvent,
    Delivery,
    Job,
    JobEvent,
    JobStatus,
    JobTicket,
    Stage,
    User,
    UserSession,
    Webhook,
)
from app.services import accounts, jobs, presence, timeline
from app.services.backup import backups, tables
from app.services.backup.refusal import BackupRefused
from app.services.engine import slices
from app.services.engine.lease import Lease
from app.services.notices import outbox
from tests.fixtures.running_jobs import finish
from tests.services.backup.conftest import UNDER_WAY, add_job, add_person, job_of, rewritten, run
from tests.test_migrations import A_JOB, A_PERSON, A_TICKET, FIRST_VERSION, differences


def test_what_was_backed_up_is_there_again(own_app, tmp_path):
    add_person()
    job_id = add_job(db.session.get(User, 1), JobStatus.COMPLETED, [Stage.SETTLED])
    file = tmp_path / "a.tar"

    said = run(own_app, "create", file)
    checked = run(own_app, "verify", file)
    add_person("eve@giga.test")
    db.session.execute(text("DELETE FROM jobs"))
    db.session.commit()
    restored = run(own_app, "restore", file, "--yes")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "1 users, 0 zendesk_settings, 1 jobs, 1 job_tickets" in said
    assert "does not hold ENCRYPTION_KEYS" in said
    assert "is good" in checked
    assert "flask db upgrade" not in restored
    assert list(db.session.scalars(select(User.email))) == ["ada@giga.test"]
    assert job_of(job_id).state is JobStatus.COMPLETED
    assert db.session.scalars(select(JobTicket.ticket_id)).all() == [job_of(job_id).id * 100]
    assert differences(db.engine) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_new_rows_after_a_restore_get_new_numbers(own_app, tmp_path):
    user = add_person()
    first = add_job(user, JobStatus.COMPLETED)
    file = tmp_path / "a.tar"
    backups.create(file)

    backups.restore(file, over_existing=True)

    assert job_of(add_job(db.session.get(User, 1), JobStatus.PENDING)).id > job_of(first).id


def test_what_was_there_before_is_kept(sqlite_app, tmp_path):
    add_person()
    backups.create(tmp_path / "a.tar")
    add_person("eve@giga.test")

    kept = backups.restore(tmp_path / "a.tar", over_existing=True).kept

    assert backups.verify(kept).rows["users"] == 2
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600


ALL_IN_FLIGHT = [Stage.SETTLED, Stage.SENT]
WAITING = [Stage.WAITING]
# The status and the tickets of a job as it was backed up, whether it had a plan, and what is left of it.
BEFORE_AND_AFTER = [
    ("running", UNDER_WAY, True, "paused", {"changed": 1, "unknown": 2, "planned": 1}),
    ("pausing", UNDER_WAY, True, "paused", {"changed": 1, "unknown": 2, "planned": 1}),
    ("paused", WAITING, True, "paused", {"planned": 1}),
    ("pending", WAITING, True, "paused", {"planned": 1}),
    ("running", ALL_IN_FLIGHT, True, "completed", {"changed": 1, "unknown": 1}),
    ("cancelling", UNDER_WAY, True, "cancelled", {"changed": 1, "unknown": 2, "not_reached": 1}),
    ("planned", WAITING, True, "cancelled", {"not_reached": 1}),
    ("planning", WAITING, False, "cancelled", {"not_reached": 1}),
    ("pending", [], False, "cancelled", {}),
    ("completed", [Stage.SETTLED], True, "completed", {"changed": 1}),
    ("failed", WAITING, True, "failed", {"planned": 1}),
]


def test_no_job_goes_on_by_itself_after_a_restore(own_app, tmp_path):
    user = add_person()
    job_ids = [
        add_job(user, JobStatus(before), stages, sealed=sealed)
        for before, stages, sealed, _, _ in BEFORE_AND_AFTER
    ]
    backups.create(tmp_path / "a.tar")

    held = backups.restore(tmp_path / "a.tar", over_existing=True).held

    for job_id, (before, stages, _, after, counts) in zip(job_ids, BEFORE_AND_AFTER, strict=True):
        job = job_of(job_id)
        assert job.status == after, before
        assert {name: number for name, number in job.counts.items() if number} == counts, before
        assert job.total_items == len(stages)
        assert Lease.take(job_id) is None
    assert (held.paused, held.given_up, held.completed) == (4, 4, 1)
    assert slices.due() == []
    assert not db.session.query(JobTicket).filter(JobTicket.stage.in_(["sent", "sending"])).count()


def test_nothing_that_was_to_be_told_is_sent_again_after_a_restore(own_app, tmp_path):
    user = add_person()
    webhook = Webhook(url="https://hooks.example", events=[], secret="not known to anybody")
    events = [JobEvent(name="job.completed", owner_id=user.id, due_at=now()) for _ in range(2)]
    db.session.add_all([webhook, *events])
    db.session.flush()
    asked = [
        {"webhook_id": webhook.id, "attempts": 1, "answer_status": 500, "answer": "Oh no"},
        {"user_id": user.id},
    ]
    db.session.add_all(Delivery(event_id=events[0].id, **one) for one in asked)
    sent = Delivery(event_id=events[1].id, webhook_id=webhook.id, state="sent", answer="Thanks")
    db.session.add(sent)
    db.session.flush()
    events[0].due_at = sent.next_try_at = None
    db.session.commit()
    assert outbox.has_work()
    backups.create(tmp_path / "a.tar")

    backups.restore(tmp_path / "a.tar", over_existing=True)

    db.session.rollback()
    assert not outbox.has_work()
    logged = db.session.scalars(select(Delivery).order_by(Delivery.id)).all()
    assert [one.state for one in logged] == ["given_up", "given_up", "sent"]
    assert logged[0].answer.startswith("Not sent: the database was restored from a backup")
    assert (logged[0].answer_status, logged[2].answer) == (None, "Thanks")


def test_a_job_that_was_running_says_why_it_is_paused(own_app, tmp_path):
    job_id = add_job(add_person(), JobStatus.RUNNING, UNDER_WAY)
    planned = add_job(db.session.get(User, 1), JobStatus.PLANNED, [Stage.WAITING])
    backups.create(tmp_path / "a.tar")

    held = backups.restore(tmp_path / "a.tar", over_existing=True).held

    job = job_of(job_id)
    assert (held.paused, held.given_up) == (1, 1)
    assert job.pause_reason == "restored"
    assert job.pause_detail.startswith("The database was restored from a backup of ")
    assert (job.fence, job.lease_owner, job.wake_at, job.wait_reason) == (1007, None, None, None)
    assert job.started_at is not None
    events = {event.target: event for event in db.session.scalars(select(AuditEvent))}
    assert events["a.tar"].action == "backup.restore"
    assert (events["a.tar"].detail["paused"], events["a.tar"].detail["given_up"]) == (1, 1)
    assert events[job_id].detail["before"] == "running"
    assert (events[planned].action, events[planned].detail["after"]) == (
        "job.restored",
        "cancelled",
    )
    steps = [step.words for step in timeline.of(job)]
    assert "Paused, since the database was restored from a backup" in steps
    given_up = [step.words for step in timeline.of(job_of(planned))]
    assert "Ended, since the database was restored from a backup" in given_up


def test_everybody_has_to_sign_in_again(own_app, tmp_path):
    add_person("ada@giga.test")
    add_person("eve@giga.test")
    backups.create(tmp_path / "a.tar")

    backups.restore(tmp_path / "a.tar", over_existing=True)

    assert db.session.scalars(select(UserSession)).all() == []


def test_a_restored_job_waits_for_somebody_and_then_goes_on(
    app, sandbox, plan_job, database_url, tmp_path
):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = plan_job(tickets)
    jobs.apply(job, job.plan_digest, job.user, agreed_to_part=True)
    db.session.commit()
    job_id = job.job_id
    backups.create(tmp_path / "a.tar")
    finish(job)
    done = len(sandbox.truth())

    backups.restore(tmp_path / "a.tar", over_existing=True)
    waiting = job_of(job_id).state, slices.due(), len(sandbox.truth())
    jobs.resume(job_of(job_id))
    db.session.commit()
    finish(job_of(job_id))

    assert waiting == (JobStatus.PAUSED, [], done)
    assert job_of(job_id).state is JobStatus.COMPLETED
    assert all(sandbox.tags_of(ticket) == {"refund"} for ticket in tickets)


def test_a_database_with_something_in_it_is_not_replaced_unless_told(sqlite_app, tmp_path):
    add_person()
    backups.create(tmp_path / "a.tar")

    said = run(sqlite_app, "restore", tmp_path / "a.tar", code=1)

    assert "is not empty" in said
    assert "--yes" in said
    assert db.session.scalars(select(UserSession.address)).all() == ["of ada@giga.test"]


def test_a_new_database_needs_no_yes(sqlite_app, tmp_path):
    add_person()
    backups.create(tmp_path / "a.tar")
    db.session.execute(text("DELETE FROM users"))
    db.session.commit()

    restored = backups.restore(tmp_path / "a.tar")

    assert restored.kept is None
    assert accounts.by_email("ada@giga.test")


def test_nothing_is_restored_under_a_worker(sqlite_app, tmp_path):
    add_job(add_person(), JobStatus.RUNNING, [Stage.WAITING])
    backups.create(tmp_path / "a.tar")

    presence.worker_is_here()
    with pytest.raises(BackupRefused, match="A worker is running"):
        backups.restore(tmp_path / "a.tar", over_existing=True)

    redis.flushall()
    with writing():
        db.session.execute(
            Job.__table__.update().values(lease_expires_at=now() + timedelta(seconds=9))
        )
        db.session.commit()
    with pytest.raises(BackupRefused, match="being worked on"):
        backups.restore(tmp_path / "a.tar", over_existing=True)


def test_a_backup_of_the_other_kind_is_refused(sqlite_app, tmp_path):
    backups.create(tmp_path / "a.tar")
    rewritten(tmp_path / "a.tar", {"kind": "postgresql"})

    with pytest.raises(
        BackupRefused, match="a backup of postgresql, but DATABASE_URL names sqlite"
    ):
        backups.restore(tmp_path / "a.tar", over_existing=True)


def test_a_backup_of_the_first_release_is_restored_and_upgraded_with_its_data(own_app, tmp_path):
    downgrade(revision=FIRST_VERSION)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(A_PERSON)
        connection.exec_driver_sql(A_JOB)
        connection.exec_driver_sql(A_TICKET)
        connection.exec_driver_sql("UPDATE job_tickets SET stage = 'waiting', outcome = 'planned'")
        connection.exec_driver_sql("UPDATE jobs SET status = 'running', plan_digest = 'x'")
    backups.create(tmp_path / "old.tar")
    upgrade()

    said = run(own_app, "restore", tmp_path / "old.tar", "--yes")
    with db.engine.connect() as connection:
        revision = tables.revision(connection)
    upgrade()

    assert "Now run: flask db upgrade" in said
    assert revision == FIRST_VERSION
    assert differences(db.engine) == []
    job = job_of("a")
    assert (job.state, job.planned_count, job.total_items) == (JobStatus.PAUSED, 1, 1)
    assert db.session.scalars(select(JobTicket.ticket_id)).all() == [77]
