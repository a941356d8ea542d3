"""Exports hold the whole ledger, and nothing that a spreadsheet would run."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy import event

from app.extensions import db
from app.models import JobTicket, Outcome
from app.services import export
from app.services.ledger_filter import Filter

EVERYTHING = Filter()
UNCHANGED = Filter((Outcome.UNCHANGED,))
CHECKOUT = Path(__file__).parents[2]


def read_csv(job, wanted=EVERYTHING):
    text = "".join(export.as_csv(job.id, wanted))
    return list(csv.DictReader(io.StringIO(text)))


def read_json(job, wanted=EVERYTHING):
    return json.loads("".join(export.as_json(job.id, wanted)))


def read_ndjson(job, wanted=EVERYTHING):
    return [json.loads(line) for line in "".join(export.as_ndjson(job.id, wanted)).splitlines()]


def test_all_formats_hold_the_same_rows(sandbox, run_job):
    tickets = [sandbox.add_ticket(tags=["vip"]), sandbox.add_ticket(tags=["refund"]), 999_999]

    job = run_job(tickets=tickets)

    rows = read_csv(job)
    assert tuple(rows[0]) == export.COLUMNS
    assert [int(row["ticket_id"]) for row in rows] == tickets
    assert [row["outcome"] for row in rows] == ["changed", "unchanged", "skipped"]
    assert [list(row) for row in read_json(job)] == [list(export.COLUMNS)] * 3
    assert read_ndjson(job) == read_json(job)
    assert json.loads(rows[0]["after"]) == {"tags": ["refund", "vip"]}


def test_rows_are_chosen_by_outcome(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), sandbox.add_ticket(tags=["refund"])])

    assert [row["outcome"] for row in read_json(job, UNCHANGED)] == ["unchanged"]


def test_more_rows_than_one_piece_come_in_order(sandbox, run_job, monkeypatch):
    monkeypatch.setattr(export, "_PIECE", 3)
    tickets = [sandbox.add_ticket() for _ in range(7)]

    job = run_job(tickets=tickets)

    assert [row["ticket_id"] for row in read_json(job)] == tickets


def test_an_empty_export_is_still_valid(make_job):
    job = make_job([])

    assert read_json(job) == []
    assert read_csv(job) == []
    assert read_ndjson(job) == []


@pytest.mark.parametrize("start", [*"=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"])
def test_no_cell_begins_like_a_formula(sandbox, run_job, start):
    job = run_job(tickets=[sandbox.add_ticket()])
    db.session.query(JobTicket).one().detail = f"{start}1+1"
    db.session.commit()

    assert read_csv(job)[0]["detail"] == f"'{start}1+1"


@pytest.fixture
def asked_of_database(in_app):
    """The statements that the database was given."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield statements
    event.remove(db.engine, "before_cursor_execute", note)


def test_nothing_more_is_read_once_the_client_has_gone(
    sandbox, run_job, monkeypatch, asked_of_database
):
    monkeypatch.setattr(export, "_PIECE", 2)
    job = run_job(tickets=[sandbox.add_ticket() for _ in range(7)])
    lines = export.as_ndjson(job.id, EVERYTHING)
    next(lines)
    asked_of_database.clear()

    lines.close()

    assert list(lines) == []
    assert asked_of_database == []


def test_an_export_holds_no_transaction_open_while_it_is_read_slowly(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])
    job_pk = job.id
    db.session.rollback()
    lines = export.as_json(job_pk, EVERYTHING)

    next(lines)

    assert db.engine.pool.checkedout() == 0


def test_each_column_is_explained_to_whoever_reads_the_files():
    explained = (CHECKOUT / "docs/guide/exports.md").read_text()
    beside_the_links = (CHECKOUT / "app/templates/jobs/_exports.html").read_text()

    for column in export.COLUMNS:
        assert f"`{column}`" in explained
        assert column in beside_the_links
