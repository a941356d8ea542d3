"""What the engine asks of the ledger: fast, however large the job is."""

import re

import pytest
from sqlalchemy import event

from app.extensions import db
from tests.fixtures.running_jobs import BY_ADMIN
from tests.services.engine.mishaps import lose_answers

IN_FLIGHT = "IN ('sending', 'sent')"
FINDS_THEM = re.compile(r"_in_flight|job_id=\? AND ticket_id=\?")


@pytest.fixture
def statements(in_app):
    """The statements about the ledger that the test runs, each with the parameters it was first sent with."""
    seen = {}

    def note(connection, cursor, statement, parameters, context, executemany):
        if "job_tickets" in statement and statement.startswith(("SELECT", "UPDATE")):
            seen.setdefault(statement, parameters)

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_tickets_in_flight_are_found_by_their_index_alone(
    sandbox, transport, run_job, monkeypatch, statements
):
    """Else each batch reads all that is done, and a job gets slower and slower."""
    closed = sandbox.add_ticket(status="closed")
    lose_answers(transport, monkeypatch, {1, 3})
    run_job("add_tags", tickets=[*(sandbox.add_ticket() for _ in range(150)), closed])
    setting = {"tickets": [sandbox.add_ticket() for _ in range(3)], "tags": ["one"]}
    run_job("set_tags", **setting, **BY_ADMIN)

    plans = {text: plan_of(text, values) for text, values in list(statements.items())}

    others = {text: plans.pop(text) for text in list(plans) if IN_FLIGHT not in text}
    assert len(plans) > 5
    assert [text for text, steps in plans.items() if not FINDS_THEM.search(steps)] == []
    assert [text for text, steps in others.items() if "SCAN" in steps] == []


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_rows_that_are_changed_are_looked_for_once(sandbox, run_job, statements):
    """Before it has analysed the table, PostgreSQL would look for a batch anew for each of the job's rows."""
    run_job("add_tags", tickets=[sandbox.add_ticket() for _ in range(150)])

    changes = [text for text in statements if text.startswith("UPDATE")]
    plans = {text: plan_of(text, statements[text], "EXPLAIN") for text in changes}

    assert len(plans) >= 3
    assert [text for text, steps in plans.items() if "Join" in steps or "Loop" in steps] == []


def plan_of(statement, values, explain="EXPLAIN QUERY PLAN"):
    """With parameters, as it is sent: SQLite plans before it knows them."""
    rows = db.session.connection().exec_driver_sql(f"{explain} {statement}", values)
    return "; ".join(str(row[-1]) for row in rows)
