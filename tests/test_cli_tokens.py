"""`flask tokens`."""

from app.extensions import db
from app.models import ApiToken


def run(app, *words):
    return app.test_cli_runner().invoke(args=["tokens", *words])


def test_a_token_made_on_the_command_line_works(app, make_user):
    result = run(app, "create", make_user(), "--scope", "read", "--name", "Nightly")

    headers = {"Authorization": f"Bearer {result.output.strip()}"}
    client = app.test_client()
    assert client.get("/api/v1/jobs", headers=headers).status_code == 200
    assert client.post("/api/v1/jobs", headers=headers, json={}).status_code == 403


def test_tokens_are_listed_without_what_they_are(app, make_user):
    secret = run(app, "create", make_user(), "--scope", "write", "--name", "Nightly").output
    run(app, "create", make_user("other@giga.test"), "--scope", "read")

    everybodys, ones = run(app, "list").output, run(app, "list", "Agent@giga.test").output

    assert "other@giga.test" in everybodys
    assert "other@giga.test" not in ones
    assert "Nightly" in ones
    assert secret[:10] in ones
    assert secret.strip() not in everybodys


def test_a_token_is_revoked_by_its_number(app, make_user):
    run(app, "create", make_user(), "--scope", "read")

    first, again, none = (run(app, "revoke", number) for number in ("1", "1", "2"))

    assert first.output == "Token 1 is revoked.\n"
    assert again.output == "Token 1 was revoked before.\n"
    assert (none.exit_code, "There is no token 2" in none.output) == (1, True)
    with app.app_context():
        assert db.session.get(ApiToken, 1).state == "revoked"


def test_a_person_who_is_not_there_gets_no_token(app):
    result = run(app, "create", "nobody@giga.test", "--scope", "read")

    assert result.exit_code == 1
    assert result.output == "Error: There is no account for nobody@giga.test.\n"
