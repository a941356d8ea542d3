"""Migrations go up and down on both databases, and end where the models are."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import create_engine, inspect, select, text

from app import create_app
from app.config import Config
from app.extensions import db, is_modelled
from app.models import User


@pytest.fixture
def bare_app(own_database_url):
    app = create_app(Config(SQLALCHEMY_DATABASE_URI=own_database_url))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def differences(engine):
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_modelled})
        return compare_metadata(context, db.metadata)


def test_models_and_migrations_agree(bare_app):
    assert differences(db.engine) == []


def test_going_down_and_up_again_leads_back(bare_app):
    downgrade(revision="base")
    tables = inspect(db.engine).get_table_names()
    upgrade()

    assert tables == ["alembic_version"]
    assert differences(db.engine) == []


def test_a_job_keeps_its_tickets_and_its_number_when_its_table_is_changed(bare_app):
    downgrade(revision=FIRST_VERSION)
    with db.engine.begin() as connection:
        connection.exec_driver_sql(A_PERSON)
        connection.exec_driver_sql(A_JOB)
        connection.exec_driver_sql(A_TICKET)

    upgrade()

    with db.engine.begin() as connection:
        assert connection.exec_driver_sql("SELECT ticket_id FROM job_tickets").all() == [(77,)]
        connection.exec_driver_sql("DELETE FROM jobs")
        connection.exec_driver_sql(A_JOB_OF_NOW)
        assert connection.exec_driver_sql("SELECT id FROM jobs").all() == [(2,)]


A_PERSON = """
    INSERT INTO users (id, email, role, password_hash, session_key, enabled, created_at)
    VALUES (1, 'ada@giga.test', 'user', 'x', 'x', TRUE, '2026-11-22 12:00:00')"""
A_PERSON_OF_NOW = A_PERSON.replace("session_key, ", "").replace("'x', 'x'", "'x'")
A_JOB = """
    INSERT INTO jobs (job_id, user_id, tool_slug, operation, arguments, selection, title, act_words, reason, "limit",
        dry_run, status, progress, total_items, processed_items, planned_count, changed_count, unchanged_count,
        skipped_count, failed_count, unknown_count, not_reached_count, to_do, truncated, plan_cursor, fence, setbacks,
        created_at)
    VALUES ('a', 1, 'x', 'x', '{}', '{}', 'x', 'x', '', 1, FALSE, 'completed', 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, FALSE,
        '{}', 0, 0, '2026-11-22 12:00:00')"""
A_JOB_OF_NOW = A_JOB.replace("(job_id", "(ran_seconds, job_id").replace("('a'", "(0, 'b'")
A_TICKET = """
    INSERT INTO job_tickets (job_id, position, ticket_id, stage, outcome, attempts, updated_at)
    SELECT id, 0, 77, 'settled', 'changed', 1, '2026-11-22 12:00:00' FROM jobs"""


def test_the_comparison_notices_a_missing_column(bare_app, own_database_url):
    engine = create_engine(own_database_url)
    with engine.begin() as connection:
        connection.exec_driver_sql("ALTER TABLE jobs DROP COLUMN error")

    found = differences(engine)
    engine.dispose()

    assert [change[0] for change in found] == ["add_column"]


FIRST_VERSION, WITH_METHODS = "2592997384cb", "6d1f0c4b7a92"
BEFORE = [
    # id, client id, its secret, email, API token, and the way in which such a row signed in
    (1, "client", "x", None, None, "client_credentials"),
    (2, "client", None, "ada@giga.test", "x", "api_token"),
    (3, None, None, "ada@giga.test", "x", "api_token"),
    (4, None, None, None, None, "client_credentials"),
]


def test_the_way_of_signing_in_follows_from_what_was_filled_in(bare_app):
    downgrade(revision=FIRST_VERSION)
    with db.engine.begin() as connection:
        for number, client_id, secret, email, token, _ in BEFORE:
            row = {
                "id": number,
                "client": client_id,
                "secret": secret,
                "email": email,
                "token": token,
            }
            connection.execute(INSERT, row)

    upgrade(revision=WITH_METHODS)

    with db.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT id, method FROM zendesk_settings ORDER BY id")
        methods = [tuple(row) for row in rows]
    assert methods == [(row[0], row[-1]) for row in BEFORE]


INSERT = text(
    "INSERT INTO zendesk_settings (id, subdomain, oauth_client_id, oauth_client_secret, email, api_token, updated_at)"
    " VALUES (:id, 'acme', :client, :secret, :email, :token, '2026-11-22 12:00:00')"
)


def test_going_down_and_up_again_uses_no_number_of_a_job_again(bare_app):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(A_PERSON_OF_NOW)
        connection.exec_driver_sql(A_JOB_OF_NOW)
    downgrade(revision=BEFORE_THE_CONSOLE)
    upgrade()

    with db.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM jobs")
        connection.exec_driver_sql(A_JOB_OF_NOW)
        assert connection.exec_driver_sql("SELECT id FROM jobs").all() == [(2,)]


BEFORE_THE_CONSOLE = "e92b7d05c3a8"


def test_who_signed_in_when_is_taken_over_from_the_audit_log(bare_app):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(A_PERSON_OF_NOW)
    downgrade(revision=BEFORE_THE_LAST_SIGN_IN)
    with db.engine.begin() as connection:
        for action, at in (("sign_in", "11"), ("sign_in", "12"), ("sign_out", "13")):
            connection.exec_driver_sql(
                "INSERT INTO audit_events (at, user_id, actor, action, target, detail, address)"
                f" VALUES ('2026-11-22 {at}:00:00', 1, 'ada@giga.test', '{action}', '', '{{}}', '')"
            )

    upgrade()

    with db.engine.connect() as connection:
        assert connection.execute(select(User.signed_in_at)).scalar_one().hour == 12


BEFORE_THE_LAST_SIGN_IN = "b7d1e60c94a2"


def test_people_stay_when_their_sessions_move_to_a_table_and_back(bare_app):
    with db.engine.begin() as connection:
        connection.exec_driver_sql(A_PERSON_OF_NOW)
        connection.exec_driver_sql(A_PERSON_OF_NOW.replace("(1, 'ada", "(2, 'bea"))

    downgrade(revision=BEFORE_SESSIONS)
    with db.engine.connect() as connection:
        keys = connection.exec_driver_sql("SELECT session_key FROM users").scalars().all()
    upgrade()

    with db.engine.connect() as connection:
        people = connection.exec_driver_sql("SELECT email FROM users ORDER BY id").scalars().all()
    assert people == ["ada@giga.test", "bea@giga.test"]
    assert len(set(keys)) == 2
    assert all(len(key) == 43 for key in keys)


BEFORE_SESSIONS = "b7e4129d60fa"
