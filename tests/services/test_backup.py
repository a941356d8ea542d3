"""Backups: made while everything goes on, checked, and restored so that nothing is done twice."""

import json
import os
import sqlite3
import stat
import tarfile
import threading
from datetime import timedelta
from io import BytesIO

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import make_url, select, text

from app import create_app
from app.database import now, writing
from app.extensions import db, redis
from app.models import (
    AuditEvent,
    Job,
    JobStatus,
    JobTicket,
    Outcome,
    Stage,
    User,
    UserSession,
)
from app.services import accounts, jobs, presence, sessions, timeline
from app.services.backup import archive, backups, postgresql, tables
from app.services.backup.refusal import BackupRefused
from app.services.engine import slices
from app.services.engine.lease import Lease
from tests.fixtures.giga import configured
from tests.fixtures.running_jobs import finish
from tests.test_migrations import A_JOB, A_PERSON, A_TICKET, FIRST_VERSION, differences


@pytest.fixture
def own_app(own_database_url, redis_url):
    """An app whose database may be replaced."""
    app = create_app(configured(own_database_url, redis_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def sqlite_app(sqlite_url, redis_url):
    app = create_app(configured(sqlite_url, redis_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def postgres_app(own_postgres_url, redis_url):
    app = create_app(configured(own_postgres_url, redis_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def run(app, *words, code=0):
    result = app.test_cli_runner().invoke(args=["backup", *map(str, words)])
    assert result.exit_code == code, result.output
    return " ".join(result.output.split())


def add_person(email="ada@giga.test"):
    user = User(email=email, role="user", password_hash="x")
    db.session.add(user)
    db.session.flush()
    sessions.begin(user, f"of {email}", "a browser")
    db.session.commit()
    return user


def add_job(user, status, stages=(), *, sealed=True):
    """A job with a ticket in each of these stages; those that are not settled are planned."""
    job = Job(user_id=user.id, tool_slug="tag-manager", operation="add_tags", status=status)
    job.arguments, job.selection, job.title, job.act_words = {}, {}, "Add vip", "Add vip"
    job.limit, job.plan_digest, job.fence = 10, "digest" if sealed else None, 7
    job.lease_owner, job.lease_expires_at = "1-gone", now() - timedelta(seconds=1)
    job.wake_at, job.wait_reason, job.dry_run = now(), "budget", False
    db.session.add(job)
    db.session.flush()
    for position, stage in enumerate(stages):
        settled = stage is Stage.SETTLED
        outcome = Outcome.CHANGED if settled else Outcome.PLANNED
        job.count(outcome, 1)
        row = {"stage": stage, "outcome": outcome, "attempts": 0}
        number = job.id * 100 + position
        db.session.add(JobTicket(job_id=job.id, position=position, ticket_id=number, **row))
    job.tally()
    db.session.commit()
    return job.job_id


def job_of(job_id):
    db.session.rollback()
    return db.session.scalar(select(Job).where(Job.job_id == job_id))


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


UNDER_WAY = [Stage.SETTLED, Stage.SENT, Stage.SENDING, Stage.WAITING]
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


def test_a_backup_made_while_others_write_is_of_one_moment(sqlite_app, tmp_path):
    add_person()
    file = make_url(sqlite_app.config["SQLALCHEMY_DATABASE_URI"]).database
    stop, written = threading.Event(), []

    def write():
        with sqlite3.connect(file, timeout=30) as database:
            while not stop.is_set():
                database.execute(
                    "INSERT INTO settings VALUES (?, '1', '2026-11-22')", (len(written),)
                )
                database.execute(EVENT)
                database.commit()
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        while len(written) < 5:
            pass
        manifests = [backups.create(tmp_path / f"{number}.tar") for number in range(5)]
        while len(written) < 50:
            pass
    finally:
        stop.set()
        writer.join()

    for number, manifest in enumerate(manifests):
        path = tmp_path / f"{number}.tar"
        assert backups.verify(path) == manifest
        assert rows_in(path, tmp_path, "settings") == manifest.rows["audit_events"] >= 5


EVENT = """INSERT INTO audit_events (at, actor, action, target, detail, address)
    VALUES ('2026-11-22 12:00:00', 'x', 'x', '', '{}', '')"""


def rows_in(path, folder, table):
    with tarfile.open(path) as tar:
        dumped = folder / f"{path.stem}.db"
        dumped.write_bytes(tar.extractfile("database.dump").read())
    with sqlite3.connect(dumped) as database:
        return database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]


def rewritten(path, manifest=None, dump=None):
    """The archive with other content."""
    with tarfile.open(path) as tar:
        told = json.loads(tar.extractfile("manifest.json").read()) | (manifest or {})
        dumped = tar.extractfile("database.dump").read() if dump is None else dump
    with tarfile.open(path, "w") as tar:
        for name, content in (
            ("manifest.json", json.dumps(told).encode()),
            ("database.dump", dumped),
        ):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, BytesIO(content))


def flip(path):
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0xFF
    path.write_bytes(content)


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (flip, "is damaged: its content is not what was written"),
        (lambda path: path.write_bytes(path.read_bytes()[:-30_000]), "cut off or damaged"),
        (lambda path: path.write_bytes(b"something else"), "is no backup of Giga Tools"),
        (lambda path: path.unlink(), "There is no file"),
        (lambda path: rewritten(path, {"format": 2}), "newer version"),
        (lambda path: rewritten(path, {"more": 1}), "its manifest is damaged"),
        (lambda path: rewritten(path, {"rows": {"users": 9}}), "does not hold what it says"),
        (lambda path: rewritten(path, {"revision": "ffffffffffff"}), "another version"),
    ],
)
def test_a_backup_that_is_not_good_is_refused_and_changes_nothing(
    sqlite_app, tmp_path, damage, words
):
    add_person()
    file = tmp_path / "a.tar"
    backups.create(file)
    damage(file)

    checked = run(sqlite_app, "verify", file, code=1)
    restored = run(sqlite_app, "restore", file, "--yes", code=1)

    assert words in checked
    assert words in restored
    assert db.session.scalars(select(UserSession.address)).all() == ["of ada@giga.test"]


def test_a_dump_that_is_damaged_behind_a_right_checksum_is_refused(sqlite_app, tmp_path):
    add_person()
    file = tmp_path / "a.tar"
    backups.create(file)
    with tarfile.open(file) as tar:
        dumped = bytearray(tar.extractfile("database.dump").read())
    dumped[4096 * 2 : 4096 * 4] = bytes(4096 * 2)
    (tmp_path / "dump").write_bytes(dumped)
    rewritten(file, {"sha256": archive.digest(tmp_path / "dump")}, bytes(dumped))

    with pytest.raises(BackupRefused, match="damaged"):
        backups.verify(file)


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


def test_a_file_that_is_there_is_never_written_over(sqlite_app, tmp_path):
    file = tmp_path / "a.tar"
    file.write_text("somebody's")

    said = run(sqlite_app, "create", file, code=1)

    assert "is there already" in said
    assert file.read_text() == "somebody's"


def test_a_folder_that_is_not_there_is_said_in_words(sqlite_app, tmp_path):
    said = run(sqlite_app, "create", tmp_path / "none" / "a.tar", code=1)

    assert "cannot be written: No such file or directory." in said


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


def test_a_backup_of_postgresql_is_tried_out_in_an_empty_database(postgres_app, postgres, tmp_path):
    add_job(add_person(), JobStatus.COMPLETED, [Stage.SETTLED])
    backups.create(tmp_path / "a.tar")
    postgres.sql("CREATE DATABASE tried_out")
    url = postgres.url("tried_out")
    try:
        said = run(postgres_app, "verify", tmp_path / "a.tar", "--deep", url)
        again = run(postgres_app, "verify", tmp_path / "a.tar", "--deep", url)
        rewritten(tmp_path / "a.tar", {"rows": {"users": 2}})
        wrong = run(postgres_app, "verify", tmp_path / "a.tar", "--deep", url, code=1)
        own = str(postgres_app.config["SQLALCHEMY_DATABASE_URI"])
        taken = run(postgres_app, "verify", tmp_path / "a.tar", "--deep", own, code=1)
    finally:
        postgres.sql("DROP DATABASE tried_out WITH (FORCE)")

    assert "is good" in said
    assert "is good" in again
    assert "does not hold what it says" in wrong
    assert "is not empty" in taken
    assert db.session.query(User).count() == 1


def test_a_backup_of_postgresql_takes_the_place_of_what_is_there(postgres_app, tmp_path):
    job_id = add_job(add_person(), JobStatus.RUNNING, UNDER_WAY)
    backups.create(tmp_path / "a.tar")
    add_person("eve@giga.test")
    with db.engine.begin() as connection:
        connection.execute(text("CREATE TABLE of_a_newer_version (id integer)"))

    restored = backups.restore(tmp_path / "a.tar", over_existing=True)

    assert job_of(job_id).state is JobStatus.PAUSED
    assert db.session.scalars(select(User.email)).all() == ["ada@giga.test"]
    assert restored.is_current
    assert differences(db.engine) == []


TELLS = """#!/bin/sh
echo "$0 $*" > "$TOLD.arguments"
env > "$TOLD.environment"
echo "pg_dump: error: cannot reach postgresql://giga:zq9-password@nowhere with zq9-password" >&2
exit 1
"""


def test_a_password_goes_to_a_program_neither_as_argument_nor_into_its_error(tmp_path, monkeypatch):
    program = tmp_path / "pg_dump"
    program.write_text(TELLS)
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("TOLD", str(tmp_path / "told"))
    monkeypatch.setenv("PGPASSWORD", "somebody's other one")
    url = make_url("postgresql://giga:zq9-password@db.test:6543/giga?sslmode=require")

    with pytest.raises(BackupRefused) as refused:
        postgresql._run("pg_dump", url, "--file=x")  # noqa: SLF001 - the one place that starts programs

    environment = (tmp_path / "told.environment").read_text()
    assert "zq9" not in (tmp_path / "told.arguments").read_text()
    assert "PGPASSWORD=zq9-password\n" in environment
    assert "PGHOST=db.test\n" in environment
    assert "PGPORT=6543\n" in environment
    assert "PGSSLMODE=require\n" in environment
    assert "cannot reach" in str(refused.value)
    assert "zq9" not in str(refused.value)


def test_a_program_that_is_missing_is_said_with_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(postgresql, "INSTALLED", tmp_path)

    with pytest.raises(BackupRefused, match="apt-get install postgresql-client"):
        postgresql.program("pg_dump")


def test_the_tools_of_postgresql_are_found_where_debian_has_them(tmp_path, monkeypatch):
    for version in ("9", "15"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin/pg_dump").touch()
    monkeypatch.setenv("PATH", str(tmp_path / "none"))
    monkeypatch.setattr(postgresql, "INSTALLED", tmp_path)

    assert postgresql.program("pg_dump") == str(tmp_path / "15/bin/pg_dump")


def test_a_server_that_is_not_there_is_said_without_the_password(tmp_path):
    url = make_url("postgresql://giga:zq9-password@127.0.0.1:1/giga")

    with pytest.raises(BackupRefused) as refused:
        postgresql.dump(url, tmp_path / "dump")

    assert str(refused.value).startswith("PostgreSQL says: ")
    assert "zq9" not in str(refused.value)
