"""`flask audit`: checks the chain, prints its head, and writes the log out."""

import csv
import io
import json

import pytest
from sqlalchemy import text

from app.database import writing
from app.extensions import db
from app.services import audit, audit_chain
from tests.test_cli import run

# For one transaction: the guards of a database that many tests share must stay.
UNGUARDED = "SET LOCAL session_replication_role = replica"


@pytest.fixture
def three_entries(app):
    with app.app_context(), writing():
        for number in range(3):
            audit.record(None, "job.create", f"job {number}", title="=cmd|' /C calc'!A0")
        db.session.commit()
        audit_chain.seal()
        db.session.commit()


def test_a_good_chain_is_said_with_its_head(app, three_entries):
    result = run(app, "audit", "verify")

    assert result.exit_code == 0
    assert result.output.startswith("Good: 3 entries, 0 more not sealed yet.\nHead: 3:")


def test_the_head_can_be_kept_and_expected(app, three_entries):
    head = run(app, "audit", "verify", "--head").output.strip()

    assert run(app, "audit", "verify", "--expect", head).exit_code == 0
    result = run(app, "audit", "verify", "--expect", head.replace("3:", "4:"))
    assert result.exit_code == 1
    assert "newest entries were taken away" in result.output


def test_what_is_no_head_is_refused(app):
    result = run(app, "audit", "verify", "--expect", "yesterday's")

    assert result.exit_code == 2
    assert "A head is a number" in result.output


def test_a_broken_chain_fails_the_command(app, three_entries):
    with app.app_context(), writing():
        on_sqlite = db.engine.dialect.name == "sqlite"
        unguarded = "DROP TRIGGER audit_events_unchanged" if on_sqlite else UNGUARDED
        db.session.execute(text(unguarded))
        db.session.execute(text("UPDATE audit_events SET actor = 'eve' WHERE seal_no = 2"))
        db.session.commit()

    result = run(app, "audit", "verify")

    assert result.exit_code == 1
    assert "No. 2 (id 2) was changed" in result.output
    assert "1 before it are good" in result.output


def test_all_entries_are_exported_oldest_first(app, three_entries):
    lines = run(app, "audit", "export").output.splitlines()
    table = list(csv.DictReader(io.StringIO(run(app, "audit", "export", "--format", "csv").output)))

    assert [json.loads(line)["target"] for line in lines] == ["job 0", "job 1", "job 2"]
    assert [row["target"] for row in table] == ["job 0", "job 1", "job 2"]
    assert json.loads(lines[2])["seal_no"] == 3
