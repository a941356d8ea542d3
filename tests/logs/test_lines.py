"""What a line of the log tells, and what it never does."""

import logging
from datetime import datetime

import pytest
from celery.app.trace import build_tracer
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from app import logs
from app.extensions import db
from app.logs import get_logger
from app.logs.trouble import message
from app.zendesk.errors import Invalid

log = logging.getLogger("tests.somebody")


def test_a_line_is_one_object_with_its_time_in_utc(lines):
    log.warning("so many: %d\n", 3)

    (line,) = lines()
    assert line["event"] == "so many: 3"
    assert (line["level"], line["logger"]) == ("warning", "tests.somebody")
    assert datetime.fromisoformat(line["time"]).utcoffset().total_seconds() == 0


def test_our_own_lines_have_the_same_shape(lines):
    with logs.bound_contextvars(job_id="a-job"):
        logs.get_logger("tests.ours").info("it waits", reason="budget")

    (line,) = lines()
    assert {"event": "it waits", "job_id": "a-job", "reason": "budget"}.items() <= line.items()
    assert (line["level"], line["logger"]) == ("info", "tests.ours")


@pytest.mark.parametrize(
    "said",
    [
        {"authorization": "Zq9-nobody-may-read"},
        {"API_TOKEN": "Zq9-nobody-may-read"},
        {"headers": {"Set-Cookie": "Zq9-nobody-may-read"}},
        {"sent": [{"new_password": "Zq9-nobody-may-read"}]},
        {"what": "Authorization: Bearer Zq9-nobody-may-read"},
        {"where": "redis://:Zq9-nobody-may-read@localhost:6379/0"},
        {"what": "giga_pat_Zq9nobodymayread12"},
    ],
)
def test_secrets_are_replaced_wherever_they_stand(lines, said):
    logs.get_logger().warning("something", **said)

    (line,) = lines()
    assert "Zq9" not in str(line)
    assert "[redacted]" in str(line)


def test_a_traceback_tells_where_without_the_words_of_tickets(lines):
    secret_local = "Zq9 the words of a ticket"
    try:
        try:
            int(secret_local)
        except ValueError:
            raise Invalid(422, secret_local) from None
    except Invalid:
        log.exception("it went wrong")

    (line,) = lines()
    assert "test_lines.py" in line["exception"]
    assert line["exception"].endswith("Invalid: Zendesk answered 422")
    assert "Zq9" not in line["exception"].replace('secret_local = "Zq9', "")


def test_our_own_loggers_tell_where_it_happened_too(lines):
    try:
        raise RuntimeError("gave up")
    except RuntimeError:
        get_logger("app.test").exception("it went wrong", stage="sync")

    (line,) = lines()
    assert line["stage"] == "sync"
    assert line["exception"].endswith("RuntimeError: gave up")


def test_what_led_to_an_error_is_told_first(lines):
    try:
        try:
            raise ConnectionResetError("by the peer")
        except OSError as error:
            raise RuntimeError("gave up") from error
    except RuntimeError:
        log.exception("it went wrong")

    (line,) = lines()
    told = line["exception"]
    assert told.index("ConnectionResetError: by the peer") < told.index("RuntimeError: gave up")


def test_a_message_that_may_quote_data_is_left_out():
    with pytest.raises(ValueError) as quoted:
        int("Zq9")

    assert message(quoted.value) == "ValueError"


def test_a_statement_that_fails_does_not_tell_what_it_was_given(in_app, make_user, lines):
    email = make_user("zq9@giga.test")
    again = text(
        "INSERT INTO users (email, role, password_hash, enabled, created_at) "
        "VALUES (:email, 'user', 'x', TRUE, '2026-11-22 12:00:00')"
    )

    with pytest.raises(IntegrityError) as refused:
        db.session.execute(again, {"email": email})
    log.error("refused", exc_info=refused.value)

    (line,) = lines()
    assert "IntegrityError" in line["exception"]
    assert "zq9" not in line["exception"]
    assert "zq9" not in str(refused.value).partition("[SQL")[2]  # Celery tells Flower of errors
    db.session.rollback()


def test_a_task_that_fails_is_told_without_its_arguments_and_words(app, lines):
    celery = app.extensions["celery"]

    @celery.task(name="tests.fails", shared=False)
    def fails(words):
        raise Invalid(422, words)

    trace = build_tracer("tests.fails", fails, app=celery, eager=True, propagate=False)
    trace("an-id", ("Zq9 the words of a ticket",), {}, {"is_eager": True, "id": "an-id"})

    told = [line for line in lines() if line["logger"] == "celery.app.trace"]
    assert [(line["task"], line["task_id"]) for line in told] == [("tests.fails", "an-id")]
    assert "Zq9" not in str(told)
    assert "Zendesk answered 422" in told[0]["exception"]


def test_in_development_lines_are_for_the_eye(lines, capsys):
    logs.set_up(as_json=False)

    log.warning("something happened")

    assert "something happened" in capsys.readouterr().err
