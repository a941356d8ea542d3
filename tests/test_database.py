"""Transactions that are tried again, and those that take SQLite's lock at their start."""

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from app.database import tried_again, writing
from app.extensions import db
from app.models import User


def failing(error, times):
    """A transaction that fails so many times, and the list of its calls."""
    calls = []

    def transaction():
        calls.append(1)
        if len(calls) <= times:
            raise error("statement", {}, Exception("locked"))
        return "done"

    return transaction, calls


def test_a_locked_database_is_tried_again():
    transaction, calls = failing(OperationalError, times=2)

    assert tried_again()(transaction)() == "done"
    assert len(calls) == 3


def test_patience_has_an_end():
    transaction, calls = failing(OperationalError, times=100)

    with pytest.raises(OperationalError):
        tried_again(patience=0.2)(transaction)()

    assert 1 < len(calls) < 100


def test_what_trying_again_cannot_help_is_raised_at_once():
    transaction, calls = failing(IntegrityError, times=1)

    with pytest.raises(IntegrityError):
        tried_again()(transaction)()

    assert len(calls) == 1


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("method", "begins"), [("GET", "BEGIN"), ("POST", "BEGIN IMMEDIATE")])
def test_a_request_that_may_change_something_takes_the_lock_at_its_start(
    app, statements, method, begins
):
    with app.test_request_context(method=method):
        db.session.query(User).count()

    assert [one for one in statements if one.startswith("BEGIN")] == [begins]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_runs_in_a_writing_block_takes_the_lock_too(in_app, statements):
    with writing():
        db.session.query(User).count()
    db.session.rollback()
    db.session.query(User).count()

    assert [one for one in statements if one.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


@pytest.fixture
def statements(app):
    """What SQLite is told from now on."""
    told = []
    with app.app_context():
        db.session.connection().connection.dbapi_connection.set_trace_callback(told.append)
        db.session.rollback()
    told.clear()
    return told
