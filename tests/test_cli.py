"""The commands."""

from app.extensions import db
from app.models import User


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
