"""Deleting several jobs at once, from the list."""

import pytest

from app.extensions import db
from app.models import AuditEvent, Job, JobTicket, Role
from tests.fixtures.visitor import Page
from tests.jobs.shape import put


def ticked(jobs):
    return "&".join(f"job={job.job_id}" for job in jobs)


def left():
    db.session.rollback()  # what this session read before still has them
    return {title for (title,) in db.session.query(Job.title)}


def test_says_how_many_results_and_undos_go_with_them(owner, sandbox, run_job):
    first = run_job(tickets=[sandbox.add_ticket() for _ in range(3)])
    nothing_to_undo = run_job(tickets=[999_999])

    page = Page(owner.get(f"/jobs/delete?{ticked([first, nothing_to_undo])}").text)

    assert "Delete these 2 jobs?" in page.text
    assert "The results of 4 tickets go with them" in page.text
    assert "1 of them can still be undone. Once deleted, it cannot." in page.text


def test_what_can_be_undone_in_part_counts_and_what_cannot_does_not(owner, sandbox, run_job):
    jobs = [run_job(tickets=[sandbox.add_ticket()]) for _ in range(2)]
    for job, extent in zip(jobs, ("partly", "not"), strict=True):
        put(job, pinned={"reversible": extent})

    page = Page(owner.get(f"/jobs/delete?{ticked(jobs)}").text)

    assert "1 of them can still be undone." in page.text


def test_deletes_what_was_agreed_to_and_returns_to_the_same_list(owner, sandbox, run_job):
    jobs = [run_job(tickets=[sandbox.add_ticket()], title=f"Job {n}") for n in range(3)]
    ids = [job.job_id for job in jobs]
    confirmation = f"/jobs/delete?{ticked(jobs[:2])}&back=status%3Dcompleted%26sort%3Doldest"

    answer = owner.submit(confirmation, "/jobs/delete", job=ids[:2])

    assert answer.location == "/jobs?status=completed&sort=oldest"
    assert "Deleted 2 jobs. The audit log keeps that they were there." in owner.get("/jobs").text
    assert left() == {"Job 2"}
    assert db.session.query(JobTicket).count() == 1
    notes = db.session.query(AuditEvent).filter_by(action="job.delete")
    assert {(note.target, note.actor) for note in notes} == {
        (one, "agent@giga.test") for one in ids[:2]
    }


def test_a_job_that_is_not_over_is_left_and_it_says_so(owner, make_job):
    over, runs = make_job([1], title="Over"), make_job([1], title="Runs")
    put(over, status="completed")
    put(runs, status="running")
    confirmation = f"/jobs/delete?{ticked([over, runs])}"

    asked = Page(owner.get(confirmation).text)
    owner.submit(confirmation, "/jobs/delete", job=[over.job_id, runs.job_id])

    assert "1 job is not over yet, and stays" in asked.text
    assert "1 job is not over yet, and was left." in owner.get("/jobs").text
    assert left() == {"Runs"}


def test_where_none_is_over_there_is_nothing_to_agree_to(owner, make_job):
    job = make_job([1])

    page = owner.get(f"/jobs/delete?{ticked([job])}").text

    assert "None of these jobs can be deleted yet" in page
    assert "btn-danger" not in page


def test_nobody_deletes_another_persons_jobs(sign_in, make_job):
    job = make_job([1], title="Precious")
    put(job, status="completed")
    curious = sign_in("curious@giga.test")

    asked = curious.get(f"/jobs/delete?{ticked([job])}")
    answer = curious.submit("/jobs", "/jobs/delete", job=[job.job_id])

    assert asked.location == "/jobs"  # as if nothing had been ticked
    assert answer.location == "/jobs"
    assert left() == {"Precious"}
    assert "Nothing was deleted" in curious.get("/jobs").text


def test_an_admin_deletes_anybodys_jobs(sign_in, make_job):
    job = make_job([1])
    put(job, status="failed")
    admin = sign_in("admin@giga.test", Role.ADMIN)

    admin.submit(f"/jobs/delete?{ticked([job])}", "/jobs/delete", job=[job.job_id])

    assert left() == set()


def test_pressing_twice_is_harmless(owner, make_job):
    job = make_job([1])
    put(job, status="completed")
    page = f"/jobs/delete?{ticked([job])}"
    form = Page(owner.get(page).text).fields

    answers = [owner.open("/jobs/delete", "POST", data=form).status_code for _ in range(2)]

    assert answers == [302, 302]
    assert "Nothing was deleted: the jobs were gone already." in owner.get("/jobs").text


@pytest.mark.parametrize("query", ["", "job=", "job=odd", "job=0", "job=%27"])
def test_nothing_ticked_leads_back_to_the_list(owner, query):
    answer = owner.get(f"/jobs/delete?{query}&back=status%3Dfailed")

    assert answer.location == "/jobs?status=failed"
    assert "No job was ticked." in owner.get("/jobs").text


@pytest.mark.parametrize(
    "back",
    ["_external=1&_scheme=javascript", "//evil.test", "status=%0d%0aSet-Cookie:x", "a" * 9000],
)
def test_the_way_back_leads_to_no_other_place(owner, back):
    answer = owner.get("/jobs/delete", query_string={"back": back})

    assert answer.location.startswith("/jobs")
    assert "//" not in answer.location
    assert "\n" not in answer.location


def test_no_more_than_a_page_is_deleted_at_once(owner, make_many):
    jobs = make_many(30)

    page = Page(owner.get(f"/jobs/delete?{ticked(jobs)}").text)

    assert "Delete these 25 jobs?" in page.text


def test_hostile_titles_are_shown_as_text(owner, make_job):
    job = make_job([1], title="<script>alert(1)</script>")
    put(job, status="completed")

    page = owner.get(f"/jobs/delete?{ticked([job])}&back=%22%3E%3Cscript%3E").text

    assert "<script>alert" not in page
    assert '"><script>' not in page
