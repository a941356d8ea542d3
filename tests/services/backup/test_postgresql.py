"""Backups of PostgreSQL, and its programs, which make them."""

import os

import pytest
from sqlalchemy import make_url, select, text

from app.extensions import db
from app.models import JobStatus, Stage, User
from app.services.backup import backups, postgresql
from app.services.backup.refusal import BackupRefused
from tests.services.backup.conftest import UNDER_WAY, add_job, add_person, job_of, rewritten, run
from tests.test_migrations import differences


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
