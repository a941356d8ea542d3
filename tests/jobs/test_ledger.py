"""The ledger on a job's page, and its exports."""

import csv
import io
import json

from app.extensions import db
from app.models import JobTicket
from tests.fixtures.visitor import Page
from tests.jobs.shape import link, put


def test_the_ledger_is_paged_and_filtered(owner, sandbox, run_job):
    tickets = [sandbox.add_ticket() for _ in range(60)]
    job = run_job(tickets=[*tickets, 999_999])

    first = owner.get(f"/jobs/{job.job_id}").text
    second = owner.get(link(first, "next").partition("#")[0]).text
    skipped = owner.get(f"/jobs/{job.job_id}?outcome=skipped").text

    assert first.count('data-label="Ticket"') == 50
    assert second.count('data-label="Ticket"') == 11
    assert skipped.count('data-label="Ticket"') == 1
    assert "Zendesk has no such ticket" in skipped


def test_zendesks_own_words_are_shown_as_text(owner, sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])
    db.session.query(JobTicket).update({"detail": "<script>alert(1)</script>"})
    db.session.commit()

    page = owner.get(f"/jobs/{job.job_id}").text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_only_what_zendesk_said_is_put_down_to_it(owner, sandbox, run_job):
    bad = sandbox.add_ticket()
    sandbox.fail_ticket(bad, details="Not on a Tuesday")

    page = Page(owner.get(f"/jobs/{run_job(tickets=[bad]).job_id}").text)

    assert "Zendesk says: Not on a Tuesday" in page.text


def test_hostile_text_of_a_change_is_shown_as_text(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    evil = "<script>alert(1)</script>"
    after = {"subject": evil, "tags": [evil], "custom_fields": {evil: evil}}
    after |= {"followers": [evil], "comment": {"public": True, "text": evil}}
    db.session.query(JobTicket).update({"before": {"subject": None}, "after": after})
    put(job, pinned={"title": evil, "words": [evil], "cannot": [evil]})

    page = owner.get(f"/jobs/{job.job_id}").text

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") == 9
    assert "<em>nothing</em>" in page


def test_text_that_runs_backwards_does_not_turn_the_words_around_it(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    evil = "\u202eevil"
    put(job, pinned={"title": evil, "words": [evil], "cannot": [evil]})

    page = owner.get(f"/jobs/{job.job_id}").text

    assert page.count(f"<bdi>{evil}</bdi>") == 3


def test_exports_are_downloads_of_the_whole_ledger(owner, sandbox, run_job):
    tickets = [sandbox.add_ticket() for _ in range(3)]
    job = run_job(tickets=tickets)

    as_csv = owner.get(f"/jobs/{job.job_id}/export.csv")
    as_json = owner.get(f"/jobs/{job.job_id}/export.json?outcome=changed&outcome=odd")

    rows = list(csv.DictReader(io.StringIO(as_csv.text)))
    assert [int(row["ticket_id"]) for row in rows] == tickets
    assert [row["ticket_id"] for row in json.loads(as_json.text)] == tickets
    for answer in (as_csv, as_json):
        assert answer.headers["Content-Disposition"].startswith("attachment")
