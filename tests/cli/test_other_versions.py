"""Commands on a database that is empty, of an older version, or not there."""

import pytest
from sqlalchemy import make_url, text

from app import create_app
from app.extensions import db
from deploy.ports import any_free
from tests.fixtures.giga import configured

TO_DO = "The database is empty or of an older version. Run: flask db upgrade"
COMMANDS = [
    "users list",
    "users create a@giga.test --password-stdin",
    "users reset a@giga.test",
    "jobs list",
    "jobs --as a@giga.test watch 12345678",
    "tokens list",
    "tokens create a@giga.test --scope read",
    "zendesk check",
    "writing status",
    "writing stop --reason x",
    "audit verify",
    "audit export",
    "secrets check",
    "secrets rotate",
]


def run(app, command):
    result = app.test_cli_runner().invoke(args=command.split(), input="a long enough password\n")
    return result.exit_code, result.output


@pytest.fixture
def make_app(redis_url):
    made = []

    def make(url):
        made.append(create_app(configured(url, redis_url)))
        return made[-1]

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


@pytest.mark.parametrize("command", COMMANDS)
def test_an_empty_database_is_said_in_a_sentence(make_app, tmp_path, command):
    app = make_app(f"sqlite:///{tmp_path}/empty.db")

    assert run(app, command) == (1, f"Error: {TO_DO}\n")


def test_a_database_of_an_older_version_is_said_too(make_app, own_database_url):
    app = make_app(own_database_url)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN signed_in_at"))
        connection.execute(text("UPDATE alembic_version SET version_num = '2592997384cb'"))

    assert run(app, "users list") == (1, f"Error: {TO_DO}\n")


def test_a_database_that_does_not_answer_is_said_too(make_app):
    gone = make_url(f"postgresql://giga:not-told@127.0.0.1:{any_free()}/giga")

    code, words = run(make_app(gone.render_as_string(hide_password=False)), "users list")

    assert (code, words) == (
        1,
        "Error: The database does not answer. See whether it runs, and whether DATABASE_URL is right.\n",
    )


def test_what_is_wrong_on_our_side_stays_a_fault(make_app, sqlite_url):
    app = make_app(sqlite_url)
    with app.app_context(), db.engine.begin() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN signed_in_at"))

    result = app.test_cli_runner().invoke(args=["users", "list"])

    assert "no such column" in str(result.exception)
