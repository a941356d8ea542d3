"""Jobs that follow another: retries, undoing, verifying, and the rest."""

import pytest

from app.extensions import db
from app.models import JobStatus, JobTicket
from tests.fixtures.running_jobs import finish
from tests.fixtures.visitor import Page
from tests.jobs.shape import put


def test_a_job_is_retried_from_its_page_and_both_tell_of_each_other(owner, sandbox, run_job):
    ticket = sandbox.add_ticket()
    sandbox.fail_ticket(ticket, times=1)
    job = run_job(tickets=[ticket])

    answer = owner.submit(f"/jobs/{job.job_id}", f"/jobs/{job.job_id}/retry")

    retry = owner.get(answer.location).text
    assert f'Retry of <a class="text-break" href="/jobs/{job.job_id}">' in retry
    assert "Retry: Add refund" in retry
    assert (
        f'Followed by <a class="text-break" href="{answer.location}">'
        in owner.get(f"/jobs/{job.job_id}").text
    )


def test_what_cannot_follow_is_refused_in_words(owner, sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket()])

    owner.submit(f"/jobs/{job.job_id}", f"/jobs/{job.job_id}/retry")

    assert (
        "This job has no failed ticket that can be tried again."
        in owner.get(f"/jobs/{job.job_id}").text
    )


def test_a_job_is_undone_from_its_page_after_its_plan_was_seen(owner, sandbox, run_job):
    ticket = sandbox.add_ticket(tags=["vip"])
    job = run_job(tickets=[ticket])
    address = f"/jobs/{job.job_id}"
    assert "The job can be undone in full." in Page(owner.get(address).text).text

    plan = owner.submit(address, f"{address}/undo").location

    page = Page(owner.get(plan).text)
    assert "Undo it on 1 ticket" in page.text
    assert "Undo of" in page.text
    assert f'href="{address}"' in page.html
    assert f'href="{plan}"' in owner.get(address).text
    assert sandbox.tags_of(ticket) == {"vip", "refund"}
    owner.submit(plan, f"{plan}/apply")
    assert sandbox.tags_of(ticket) == {"vip"}


def test_what_stays_is_said_before_the_run_and_before_the_undo(owner, sandbox, make_job):
    macro = sandbox.add_macro("Reply", [("current_tags", "vip"), ("comment_value", "Hello.")])
    job = make_job([sandbox.add_ticket()], operation="apply_macro", arguments={"macro_id": macro})
    finish(job, until=JobStatus.PLANNED)
    address = f"/jobs/{job.job_id}"
    words = "The public reply cannot be taken back"

    before = Page(owner.get(address).text).text
    assert f"Only a part of what this job does can be undone afterwards. {words}" in before
    assert owner.get(f"{address}/status").json["reversible"] == "partly"
    owner.submit(address, f"{address}/apply", typed_count="1")

    assert f"The job can be undone only in part. {words}" in Page(owner.get(address).text).text
    plan = owner.submit(address, f"{address}/undo").location
    page = Page(owner.get(plan).text).text
    assert "Stays as it is: comment (cannot be taken back)." in page
    assert "Zendesk says" not in page


def test_an_undo_with_nothing_to_do_says_so(owner, sandbox, run_job):
    ticket = sandbox.add_ticket()
    address = f"/jobs/{run_job(tickets=[ticket]).job_id}"
    sandbox.set_ticket(ticket, remove_tags=["refund"])

    plan = owner.submit(address, f"{address}/undo").location

    words = "There was nothing to undo: every ticket is already as before the job."
    assert words in Page(owner.get(plan).text).text


def test_a_job_is_verified_from_its_page(owner, sandbox, run_job):
    _kept, lost, gone = tickets = [sandbox.add_ticket() for _ in range(3)]
    address = f"/jobs/{run_job(tickets=tickets).job_id}"
    sandbox.set_ticket(lost, remove_tags=["refund"])
    sandbox.delete_ticket(gone)

    found = owner.submit(address, f"{address}/verify").location

    page = Page(owner.get(found).text)
    assert "Verified: 1 as the job left it, 1 changed since, 1 gone." in page.text
    assert "Changed since: tag refund." in page.text
    assert "already as you want" not in page.text
    assert "Verify again" in page.text
    assert f"{found}/undo" not in page.html


@pytest.mark.parametrize("verb", ["undo", "verify"])
def test_a_job_that_changed_nothing_is_neither_undone_nor_verified(owner, sandbox, run_job, verb):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket(tags=['refund'])]).job_id}"
    assert f"{address}/{verb}" not in owner.get(address).text

    owner.submit(address, f"{address}/{verb}")

    assert f"There is nothing to {verb}" in owner.get(address).text


def test_a_job_that_follows_and_belongs_to_another_is_not_linked(owner, make_job):
    job = make_job([1])
    child = make_job([1], email="anna@giga.test", title="Theirs", parent_id=job.id)

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "Followed by a job of anna@giga.test" in page.text
    assert child.job_id not in page.html


def test_what_a_retry_leaves_out_is_said(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(2)])
    said = {"comment": {"public": True, "text": "Sorry."}}
    db.session.query(JobTicket).update({"outcome": "unknown", "after": said})
    put(job, status="completed", planned_count=0, unknown_count=2)

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "2 tickets with an unknown result may have got the comment." in page.text
    assert f"/jobs/{job.job_id}/retry" not in page.html


def test_a_failed_job_says_how_resuming_and_finishing_differ(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    put(job, status="failed", error="Zendesk is gone.")
    address = f"/jobs/{job.job_id}"

    page = Page(owner.get(address).text).text
    rest = owner.submit(address, f"{address}/finish").location

    assert "Resume goes on with this plan where it stopped. Finish the rest makes a new" in page
    assert "has failed, and can still be resumed. Do one or the other" in owner.get(rest).text
