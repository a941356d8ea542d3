"""Exports hold the whole ledger, and nothing that a spreadsheet would run."""

import csv
import io
import json

import pytest

from app.extensions import db
from app.models import JobTicket, Outcome
from app.services import export


def read_csv(job, outcomes=()):
    text = "".join(export.as_csv(job.id, list(outcomes)))
    return list(csv.DictReader(io.StringIO(text)))


def read_json(job, outcomes=()):
    return json.loads("".join(export.as_json(job.id, list(outcomes))))


def test_both_formats_hold_the_same_rows(sandbox, run_job):
    tickets = [sandbox.add_ticket(tags=["vip"]), sandbox.add_ticket(tags=["refund"]), 999_999]

    job = run_job(tickets=tickets)

    rows = read_csv(job)
    assert tuple(rows[0]) == export.COLUMNS
    assert [int(row["ticket_id"]) for row in rows] == tickets
    assert [row["outcome"] for row in rows] == ["changed", "unchanged", "skipped"]
    assert [list(row) for row in read_json(job)] == [list(export.COLUMNS)] * 3
    assert json.loads(rows[0]["after"]) == {"tags": ["refund", "vip"]}


def test_rows_are_chosen_by_outcome(sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), sandbox.add_ticket(tags=["refund"])])

    assert [row["outcome"] for row in read_json(job, [Outcome.UNCHANGED])] == ["unchanged"]


def test_more_rows_than_one_piece_come_in_order(sandbox, run_job, monkeypatch):
    monkeypatch.setattr(export, "_PIECE", 3)
    tickets = [sandbox.add_ticket() for _ in range(7)]

    job = run_job(tickets=tickets)

    assert [row["ticket_id"] for row in read_json(job)] == tickets


def test_an_empty_export_is_still_valid(make_job):
    job = make_job([])

    assert read_json(job) == []
    assert read_csv(job) == []


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(sandbox, run_job, start):
    job = run_job(tickets=[sandbox.add_ticket()])
    db.session.query(JobTicket).one().detail = f"{start}1+1"
    db.session.commit()

    assert read_csv(job)[0]["detail"] == f"'{start}1+1"
