"""The commands."""

import re

import pytest

from app.extensions import db
from app.models import AuditEvent, Role, User
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor


def run(app, *words, **options):
    return app.test_cli_runner().invoke(args=words, **options)


def test_an_account_is_made_with_a_password_from_standard_input(app, visitor):
    words = ["users", "create", "New@giga.test", "--role", "admin", "--password-stdin"]

    result = run(app, *words, input="a long enough password\n")

    assert result.output == "Created new@giga.test (admin).\n"
    assert visitor.sign_in("new@giga.test", "a long enough password").status_code == 302


def test_an_account_that_exists_is_said_in_one_line(app, make_user):
    words = ["users", "create", make_user("a@giga.test"), "--password-stdin"]

    result = run(app, *words, input="a long enough password\n")

    assert result.exit_code == 1
    assert result.output == "Error: There is an account for a@giga.test already.\n"


def test_a_short_password_is_refused(app):
    result = run(app, "users", "create", "a@giga.test", "--password-stdin", input="short\n")

    assert result.exit_code == 1
    assert "at least 12 characters" in result.output
    with app.app_context():
        assert db.session.query(User).count() == 0


def test_a_password_that_is_tried_first_is_refused(app):
    result = run(app, "users", "create", "a@giga.test", "--password-stdin", input="Password1234\n")

    assert result.exit_code == 1
    assert "among those that are tried first" in result.output
    assert "Password1234" not in result.output


def test_everybody_is_listed_with_role_and_state(app, make_user):
    make_user("ada@giga.test", Role.ADMIN)
    make_user("agent@giga.test")
    run(app, "users", "deactivate", "agent@giga.test")

    assert run(app, "users", "list").output.splitlines() == [
        "ada@giga.test\tadmin\tactive",
        "agent@giga.test\tuser\toff",
    ]


def test_somebody_is_made_an_admin_and_that_is_noted(app, agent):
    result = run(app, "users", "set-role", "Agent@giga.test", "admin")

    assert result.output == "agent@giga.test is now admin.\n"
    assert agent.get("/admin").status_code == 200
    with app.app_context():
        note = db.session.query(AuditEvent).order_by(AuditEvent.id.desc()).first()
        assert (note.actor, note.action, note.address) == ("system", "user.role", "command line")
        assert note.detail == {"before": "user", "after": "admin"}


@pytest.mark.parametrize("command", [["deactivate"], ["set-role"]])
def test_the_last_admin_is_kept_by_the_commands_too(app, make_user, command):
    email = make_user("ada@giga.test", Role.ADMIN)
    role = ["user"] if command == ["set-role"] else []

    result = run(app, "users", *command, email, *role)

    assert result.exit_code == 1
    assert result.output == (
        "Error: ada@giga.test is the last admin. Make another person an admin first.\n"
    )


def test_what_still_runs_of_somebody_who_is_switched_off_is_said(app, make_job):
    make_job([1])
    db.session.commit()

    result = run(app, "users", "deactivate", "agent@giga.test")

    assert "Jobs of theirs that go on: 1." in result.output


def test_an_account_is_switched_off_and_on(app, agent, visitor):
    off = run(app, "users", "deactivate", "agent@giga.test")
    shut_out = visitor.sign_in("agent@giga.test").status_code, agent.get("/").status_code
    on = run(app, "users", "activate", "agent@giga.test")

    assert (off.exit_code, on.exit_code, shut_out) == (0, 0, (422, 302))
    assert visitor.sign_in("agent@giga.test").status_code == 302


def test_a_locked_out_admin_gets_a_link_from_the_command_line(app, visitor, make_user):
    email = make_user("ada@giga.test", Role.ADMIN)
    app.config["PUBLIC_URL"] = "https://giga.example.com"

    result = run(app, "users", "reset", email)

    path = result.output.strip().removeprefix("https://giga.example.com")
    assert re.fullmatch(r"/reset/[\w-]{43}", path)
    opened = visitor.get(path)
    visitor.submit(opened.location, password="blue kettle tram", again="blue kettle tram")
    assert visitor.sign_in(email, "blue kettle tram").status_code == 302


def test_without_an_address_of_ours_the_link_is_told_without_it(app, make_user):
    result = run(app, "users", "reset", make_user())

    assert result.output.startswith("/reset/")
    assert "PUBLIC_URL is not set" in result.output


def test_whoever_sets_a_password_hears_of_access_tokens_that_outlive_it(app, make_token):
    make_token()
    words = ["users", "reset", "agent@giga.test", "--password-stdin"]

    result = run(app, *words, input="blue kettle tram\n")

    assert "Access tokens of theirs that still work: 1. See: flask tokens list" in result.output


def test_a_password_is_set_from_standard_input_and_ends_every_session(app, agent):
    words = ["users", "reset", "agent@giga.test", "--password-stdin"]

    refused = run(app, *words, input="Password1234\n")
    result = run(app, *words, input="blue kettle tram\n")

    assert (refused.exit_code, result.exit_code) == (1, 0)
    assert agent.get("/").status_code == 302
    assert Visitor(app).sign_in("agent@giga.test", PASSWORD).status_code == 422
    assert Visitor(app).sign_in("agent@giga.test", "blue kettle tram").status_code == 302


@pytest.mark.parametrize("command", [["deactivate"], ["activate"], ["reset"]])
def test_an_account_that_is_not_there_is_said_in_one_line(app, command):
    result = run(app, "users", *command, "nobody@giga.test")

    assert (result.exit_code, result.output) == (
        1,
        "Error: There is no account for nobody@giga.test.\n",
    )


def test_the_connection_is_checked(app):
    result = run(app, "zendesk", "check")

    assert result.exit_code == 0
    assert "admin@sandbox.test" in result.output


def test_a_connection_that_does_not_work_says_why(app):
    app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    result = run(app, "zendesk", "check")

    assert result.exit_code == 1
    assert "401" in result.output
    assert "wrong" not in result.output
