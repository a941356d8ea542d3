"""The probes: what they look at, and how little they tell."""

import pytest
from sqlalchemy import make_url, text

from app.extensions import db
from deploy.ports import any_free


def test_a_process_that_answers_is_healthy_whatever_else_is_gone(app, visitor):
    app.config["REDIS_URL"] = f"redis://127.0.0.1:{any_free()}/0"
    with app.app_context():
        db.engine.dispose()

    answer = visitor.get("/healthz")

    assert (answer.status_code, answer.text) == (200, "ok\n")


def test_it_is_ready_when_all_parts_are(visitor):
    answer = visitor.get("/readyz")

    assert answer.status_code == 200
    assert answer.json == {"database": "ok", "broker": "ok", "migrations": "ok"}


def test_without_its_broker_it_is_not_ready(app, visitor):
    app.config["REDIS_URL"] = f"redis://:not-told@127.0.0.1:{any_free()}/0"

    answer = visitor.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "broker": "failed", "migrations": "ok"}


def test_with_a_database_of_another_version_it_is_not_ready(in_app, visitor):
    with db.engine.begin() as connection:
        known = connection.scalar(text("SELECT version_num FROM alembic_version"))
        connection.execute(text("UPDATE alembic_version SET version_num = '2592997384cb'"))

    answer = visitor.get("/readyz")
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :it"), {"it": known})

    assert answer.status_code == 503
    assert answer.json == {"database": "ok", "broker": "ok", "migrations": "failed"}


def test_without_its_database_it_is_not_ready(in_app, visitor, monkeypatch):
    gone = make_url("sqlite:////nowhere/app.db")
    monkeypatch.setattr(db.engine, "url", gone)

    answer = visitor.get("/readyz")

    assert answer.status_code == 503
    assert answer.json == {"database": "failed", "broker": "ok", "migrations": "failed"}


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_probes_leave_no_trace(agent, path, capsys):
    capsys.readouterr()

    answer = agent.get(path)

    assert "Set-Cookie" not in answer.headers
    assert "request" not in capsys.readouterr().err
