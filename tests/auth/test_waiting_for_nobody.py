"""SQLite has one writer at a time: none of us hashes a password, or waits for Redis, while it is us."""

import sqlite3

import pytest
from argon2 import PasswordHasher
from limits.strategies import MovingWindowRateLimiter
from sqlalchemy import make_url

from app.database import writing
from app.extensions import db
from app.models import Role
from app.services import account_links, accounts, people
from tests.fixtures.giga import PASSWORD
from tests.fixtures.visitor import Visitor

EMAIL, NEW = "agent@giga.test", "blue kettle tram"
SLOW = [
    *[(PasswordHasher, name) for name in ("hash", "verify")],
    *[(MovingWindowRateLimiter, name) for name in ("hit", "test", "get_window_stats", "clear")],
    (accounts, "zxcvbn"),
]


@pytest.fixture
def database_url(sqlite_url):
    return sqlite_url


@pytest.fixture
def while_slow(sqlite_url, monkeypatch):
    """What took long, in the order in which it was begun, and whether somebody else could write meanwhile."""
    noted = []
    for owner, name in SLOW:
        monkeypatch.setattr(owner, name, _noting(getattr(owner, name), name, noted, sqlite_url))
    return noted


def _noting(function, name, noted, url):
    def called(*args, **options):
        noted.append((name, could_write(url)))
        return function(*args, **options)

    return called


def could_write(url):
    somebody_else = sqlite3.connect(make_url(url).database, timeout=0, isolation_level=None)
    try:
        somebody_else.execute("BEGIN IMMEDIATE")
    except sqlite3.OperationalError:
        return False
    finally:
        somebody_else.close()
    return True


def check(noted, *names):
    assert set(names) <= {name for name, _ in noted}
    assert [name for name, could in noted if not could] == []


def test_while_the_command_line_makes_an_account_or_sets_a_password(app, while_slow):
    for command in ("create", "reset"):
        words = ["users", command, EMAIL, "--password-stdin"]
        result = app.test_cli_runner().invoke(args=words, input=f"{NEW}\n")
        assert result.exit_code == 0, result.output

    check(while_slow, "hash", "zxcvbn")


def test_while_a_password_is_chosen_by_a_link(app, visitor, while_slow):
    with app.app_context(), writing():
        _, token = people.invite(EMAIL, Role.USER, None)
        db.session.commit()
    path = visitor.get(account_links.path("invite", token)).location

    refused = visitor.submit(path, password="qwertyuiop123", again="qwertyuiop123")
    answer = visitor.submit(path, password=NEW, again=NEW)

    assert (refused.status_code, answer.location) == (422, "/login")
    check(while_slow, "hash", "zxcvbn")


def test_while_somebody_signs_in_and_changes_their_password(app, make_user, while_slow):
    visitor = Visitor(app)
    visitor.sign_in(make_user(EMAIL), "wrong")
    visitor.sign_in(EMAIL)
    answer = visitor.submit("/account/password", password=PASSWORD, new=NEW, again=NEW)

    assert answer.status_code == 302
    check(while_slow, "hash", "verify", "hit", "test", "clear", "zxcvbn")


def test_while_codes_are_typed(visitor, with_two_factor, authenticator, while_slow):
    codes = with_two_factor(EMAIL)
    visitor.sign_in(EMAIL)
    for code in ("000000", authenticator.next()):
        visitor.submit("/login/code", code=code)
    answer = visitor.submit("/account/two-factor/off", password=PASSWORD, code=codes[0])

    assert answer.status_code == 302
    check(while_slow, "verify", "hit", "test", "clear")


def test_while_too_many_codes_are_refused(visitor, with_two_factor, while_slow):
    with_two_factor(EMAIL)
    visitor.sign_in(EMAIL)

    answers = [visitor.submit("/login/code", code="000000") for _ in range(6)]

    assert answers[-1].status_code == 429
    check(while_slow, "get_window_stats")


def test_while_a_cookie_of_an_ended_session_signs_in_again(app, agent, while_slow):
    with app.app_context(), writing():
        people.end_sessions(accounts.by_email(EMAIL), None)
        db.session.commit()

    assert agent.sign_in(EMAIL).status_code == 302
    check(while_slow, "verify")


def test_while_the_calls_of_a_program_are_counted(visitor, make_token, while_slow):
    headers = {"Authorization": f"Bearer {make_token()}"}

    answer = visitor.open("/api/v1/jobs", "POST", headers=headers)

    assert answer.headers["RateLimit-Limit"]
    check(while_slow, "hit", "get_window_stats")
