"""The jobs console."""

import csv
import io
import json
from datetime import timedelta

import pytest
from sqlalchemy import event

from app.database import now
from app.extensions import db
from app.models import Job, JobStatus, JobTicket
from tests.fixtures.running_jobs import finish
from tests.fixtures.visitor import Page

HOUR = timedelta(hours=1)

STATUS_KEYS = {
    "job_id", "tool_slug", "title", "status", "progress", "total_items", "processed_items",
    "counts", "plan_digest", "dry_run", "matched", "truncated", "parent_id", "relation",
    "reversible", "rate_per_minute", "eta_seconds", "waiting", "created_at", "started_at",
    "completed_at", "error", "result", "is_over",
}  # fmt: skip


@pytest.fixture
def owner(sign_in):
    """The agent who owns the jobs of these tests."""
    return sign_in("agent@giga.test")


def put(job, **values):
    db.session.query(Job).filter_by(id=job.id).update(values)
    db.session.commit()


def test_the_status_json_has_what_the_contract_says(owner, sandbox, run_job):
    job = run_job(tickets=[sandbox.add_ticket(), 999_999])

    status = owner.get(f"/jobs/{job.job_id}/status").json

    assert set(status) == STATUS_KEYS
    assert status["status"] == "completed"
    assert sum(status["counts"].values()) == status["total_items"] == 2
    assert status["result"] == status["counts"]
    assert (status["progress"], status["is_over"], status["waiting"]) == (100, True, None)
    assert status["created_at"].endswith("+00:00")


def test_an_unchanged_status_is_not_sent_again(owner, sandbox, run_job):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket()]).job_id}/status"

    first = owner.get(address)
    second = owner.get(address, headers={"If-None-Match": first.headers["ETag"]})

    assert (first.status_code, second.status_code) == (200, 304)


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("pending", 200),
        ("planning", 200),
        ("running", 200),
        ("cancelling", 200),
        ("planned", 286),
        ("completed", 286),
        ("cancelled", 286),
        ("failed", 286),
    ],
)
def test_the_fragment_tells_the_browser_when_to_stop_asking(owner, make_job, status, code):
    job = make_job([1])
    put(job, status=status, plan_digest="x", error="Something.")

    fragment = owner.get(f"/jobs/{job.job_id}/progress")

    assert fragment.status_code == code
    assert ("HX-Trigger" in fragment.headers) == (code == 286)


@pytest.mark.parametrize("status", list(JobStatus))
def test_every_status_has_its_page(owner, make_job, status):
    job = make_job([1])
    put(job, status=status, plan_digest="x", error="Something went wrong.")

    page = owner.get(f"/jobs/{job.job_id}")

    assert page.status_code == 200
    assert f"state-{status}" in page.text


def test_the_list_is_filtered_by_status_and_tool(owner, make_job):
    running, failed = make_job([1], title="Runs"), make_job([1], title="Fell over")
    other = make_job([1], title="Other tool", tool_slug="other")
    put(running, status="running")
    put(failed, status="failed")
    put(other, status="failed")

    failures = owner.get("/jobs?status=failed").text
    both = owner.get("/jobs?status=failed&tool=tag-manager").text

    assert ("Runs" in failures, "Fell over" in failures, "Other tool" in failures) == (0, 1, 1)
    assert ("Fell over" in both, "Other tool" in both) == (1, 0)


@pytest.mark.parametrize(
    "query",
    [
        "status=odd",
        "before=x",
        "tool=odd",
        "before=99999999999999999999",
        "status=&tool=",
        "after=-1",
    ],
)
def test_an_odd_address_still_shows_the_list(owner, query):
    assert owner.get(f"/jobs?{query}").status_code == 200


def test_a_text_that_no_database_can_keep_is_refused(owner):
    assert owner.get("/jobs?tool=%00").status_code == 400


def test_paging_there_and_back_shows_each_job_once(owner, make_job):
    titles = [f"Job {i:02}" for i in range(60)]
    for title in titles:
        make_job([1], title=title)

    there = walk(owner, "/jobs", "next")
    back = walk(owner, there[-1][0], "prev")

    assert [title for _, page in there for title in page] == titles[::-1]
    assert [page for _, page in back] == [page for _, page in there[::-1]]


def walk(visitor, address, rel):
    """Follow the links to the end: each page's address and job titles."""
    pages = []
    while address:
        text = visitor.get(address).text
        pages.append((address, titles_in(text)))
        address = link(text, rel)
    return pages


def titles_in(text):
    return [part.split("<")[0] for part in text.split('">')[1:] if part.startswith("Job ")][
        0 : text.count('data-label="Job"')
    ]


def link(text, rel):
    marked = text.partition(f'rel="{rel}" href="')[2]
    return marked.partition('"')[0].replace("&amp;", "&") or None


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


def test_a_plan_is_discarded(owner, sandbox, plan_job):
    address = f"/jobs/{plan_job([sandbox.add_ticket()]).job_id}"

    owner.submit(address, f"{address}/cancel")

    assert owner.get(f"{address}/status").json["counts"]["not_reached"] == 1


def test_a_job_that_is_over_is_deleted(owner, sandbox, run_job):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket()]).job_id}"

    answer = owner.submit(address, f"{address}/delete")

    assert "Deleted: Add refund to some tickets" in owner.get(answer.location).text
    assert owner.get(address).status_code == 404


def test_a_job_that_goes_on_is_not_deleted(owner, make_job):
    job = make_job([1])
    put(job, status="running")

    answer = owner.submit("/", f"/jobs/{job.job_id}/delete")

    assert "Only a job that is over can be deleted" in owner.get(answer.location).text


def test_a_plan_that_is_not_the_one_seen_is_not_started(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    address = f"/jobs/{job.job_id}"

    answer = owner.submit(address, f"{address}/apply", plan_digest="another")

    assert "no longer the plan that you saw" in owner.get(answer.location).text
    assert owner.get(f"{address}/status").json["status"] == "planned"


def test_only_the_first_tickets_want_a_tick(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(3)], limit=2)
    address = f"/jobs/{job.job_id}"

    refused = owner.submit(address, f"{address}/apply")
    assert "only the first 2" in owner.get(refused.location).text
    owner.submit(address, f"{address}/apply", agreed_to_part="1")

    assert owner.get(f"{address}/status").json["counts"]["changed"] == 2


def test_the_page_says_when_no_worker_is_there(owner, make_job):
    job = make_job([1])

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "No worker is running. The job goes on by itself as soon as one does" in page.text


def test_the_page_says_when_the_worker_at_it_has_died(owner, make_job):
    job = make_job([1])
    put(job, status="running", plan_digest="x", lease_owner="dead", lease_expires_at=now() - HOUR)

    assert owner.get(f"/jobs/{job.job_id}/status").json["waiting"]["reason"] == "worker"


def test_the_page_says_when_beat_is_not_there(app, owner, make_job):
    from app.services import presence

    job = make_job([1])
    presence.worker_is_here()

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "The scheduler (beat) has not been heard of" in page.text


@pytest.mark.parametrize(
    ("status", "buttons"),
    [
        ("running", {"pause", "cancel"}),
        ("pausing", {"cancel"}),
        ("paused", {"resume", "cancel"}),
        ("failed", {"resume", "rerun", "delete"}),
        ("completed", {"rerun", "delete"}),
    ],
)
def test_the_buttons_fit_the_state(owner, make_job, status, buttons):
    job = make_job([1])
    put(job, status=status, plan_digest="x")

    page = owner.get(f"/jobs/{job.job_id}").text

    verbs = {
        "pause", "resume", "cancel", "force", "retry", "finish", "rerun", "undo", "verify", "delete"
    }  # fmt: skip
    assert {verb for verb in verbs if f"/jobs/{job.job_id}/{verb}" in page} == buttons


def test_force_is_offered_once_a_job_has_been_stopping_for_five_minutes(owner, make_job):
    job = make_job([1])
    put(job, status="pausing", asked_at=now() - timedelta(minutes=6))

    assert f"/jobs/{job.job_id}/force" in owner.get(f"/jobs/{job.job_id}").text


@pytest.mark.parametrize(
    ("status", "verb", "words"),
    [
        ("completed", "pause", "There is nothing to pause"),
        ("running", "resume", "Only a paused or failed job can be resumed"),
        ("paused", "force", "There is nothing to force"),
    ],
)
def test_a_button_pressed_too_late_says_so(owner, make_job, status, verb, words):
    job = make_job([1])
    put(job, status=status, plan_digest="x")

    owner.submit(f"/jobs/{job.job_id}", f"/jobs/{job.job_id}/{verb}")

    assert words in owner.get(f"/jobs/{job.job_id}").text


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
    owner.submit(address, f"{address}/apply")

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


def test_only_what_zendesk_said_is_put_down_to_it(owner, sandbox, run_job):
    bad = sandbox.add_ticket()
    sandbox.fail_ticket(bad, details="Not on a Tuesday")

    page = Page(owner.get(f"/jobs/{run_job(tickets=[bad]).job_id}").text)

    assert "Zendesk says: Not on a Tuesday" in page.text


@pytest.mark.parametrize(
    ("reason", "words"),
    [
        ("canary", "Look at them below and in Zendesk"),
        ("breaker", "Paused by itself, since too many tickets failed. They all failed."),
    ],
)
def test_a_job_that_paused_by_itself_says_why_and_how_to_go_on(owner, make_job, reason, words):
    job = make_job([1])
    put(
        job, status="paused", plan_digest="x", pause_reason=reason, pause_detail="They all failed.",
        planned_count=7, total_items=7, to_do=7,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert words in page.text
    assert "Go on with the other 7" in page.text
    assert f"/jobs/{job.job_id}/continue" in page.html


@pytest.mark.parametrize(
    ("in_flight", "tickets", "said"),
    [(1, 101, "up to 100 tickets"), (2, 201, "up to 200 tickets"), (1, 100, None), (2, 200, None)],
)
def test_a_plan_says_how_many_tickets_are_out_before_the_first_result(
    owner, app, sandbox, plan_job, in_flight, tickets, said
):
    app.config["ZENDESK_MAX_IN_FLIGHT"] = in_flight
    job = plan_job([sandbox.add_ticket() for _ in range(tickets)])

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    words = "are sent before the first result is known"
    assert words not in page.text if said is None else f"{said} {words}" in page.text


def test_a_plan_offers_to_try_the_first_tickets(owner, sandbox, plan_job):
    small = plan_job([sandbox.add_ticket() for _ in range(25)])
    large = plan_job([sandbox.add_ticket() for _ in range(26)])

    assert 'name="canary"' not in owner.get(f"/jobs/{small.job_id}").text
    page = f"/jobs/{large.job_id}"
    assert 'name="canary"' in owner.get(page).text
    owner.submit(page, f"{page}/apply", canary="1")
    db.session.rollback()
    db.session.refresh(large)
    assert (large.status, large.changed_count) == ("paused", 25)


@pytest.fixture
def overlapping(make_job, owner):
    """A job that waits for another's tickets; the other's owner is given."""

    def make(email):
        other = make_job([1], email=email, title="Add <b>vip</b>")
        job = make_job([1])
        put(
            job, status="running", plan_digest="x", wait_reason="other_job",
            waits_for_id=other.id, lease_expires_at=now() + HOUR,
        )  # fmt: skip
        return job, other

    return make


def test_a_job_that_waits_for_another_says_which(owner, overlapping):
    job, other = overlapping("agent@giga.test")

    page = owner.get(f"/jobs/{job.job_id}").text

    assert f'href="/jobs/{other.job_id}">Add &lt;b&gt;vip&lt;/b&gt;</a> is changing some' in page


def test_of_somebody_elses_job_one_is_told_only_whose_it_is(owner, overlapping, admin):
    job, other = overlapping("anna@giga.test")

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "A job of anna@giga.test is changing some of the same tickets." in page.text
    assert (other.job_id in page.html, "vip" in page.html) == (False, False)
    assert other.job_id in admin.get(f"/jobs/{job.job_id}").text


def test_a_job_that_follows_and_belongs_to_another_is_not_linked(owner, make_job):
    job = make_job([1])
    child = make_job([1], email="anna@giga.test", title="Theirs", parent_id=job.id)

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "Followed by a job of anna@giga.test" in page.text
    assert child.job_id not in page.html


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


def test_a_macros_plan_says_what_it_does_and_wants_a_tick_for_what_is_left_out(
    owner, sandbox, plan_job
):
    job = plan_job([sandbox.add_ticket()])
    put(job, pinned={"title": "Refund", "words": ["Set status to Solved"], "cannot": ["A file."]})
    address = f"/jobs/{job.job_id}"

    refused = owner.submit(address, f"{address}/apply")
    page = Page(owner.get(refused.location).text)
    assert "What the macro “Refund” does Set status to Solved What is left out A file." in page.text
    assert "Tick the box to go on without it." in page.text
    owner.submit(address, f"{address}/apply", agreed_without="1")

    assert owner.get(f"{address}/status").json["status"] == "completed"


def test_a_plan_says_how_much_can_be_undone_before_it_is_started(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    put(job, pinned={"reversible": "partly", "stays": ["The public reply cannot be taken back."]})

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "Only a part of what this job does can be undone afterwards. The public reply" in page
    assert owner.get(f"/jobs/{job.job_id}/status").json["reversible"] == "partly"


def test_a_plan_is_made_again_from_its_page(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])
    address = f"/jobs/{job.job_id}"

    answer = owner.submit(address, f"{address}/rerun")

    assert "Planned again from" in owner.get(answer.location).text
    assert "Cancelled before anything was changed." in owner.get(address).text


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (0, "0 so far of about 12,000."),
        (11_000, "11,000 so far of about 12,000."),
        (12_300, "12,300 so far, more than the 12,000 that it counted at first."),
    ],
)
def test_more_tickets_than_were_counted_are_said(owner, make_job, found, words):
    job = make_job([1])
    put(job, status="planning", matched=12_000, total_items=found, planned_count=found)

    assert words in Page(owner.get(f"/jobs/{job.job_id}").text).text


@pytest.mark.parametrize(("total", "is_said"), [(11_800, True), (12_300, True), (12_000, False)])
def test_a_plan_says_when_it_is_not_what_zendesk_counted(owner, make_job, total, is_said):
    job = make_job([1])
    put(job, status="planned", plan_digest="x", matched=12_000, total_items=total)

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    said = f"Zendesk counted 12,000 tickets in the selection, and gave {total:,} when it was read."
    assert (said in page) == is_said


def test_a_count_below_the_limit_is_not_given_for_all(owner, make_job):
    job = make_job([1], limit=600)
    put(job, status="planned", plan_digest="x", matched=500, total_items=600, truncated=True)

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "more tickets than your limit of 600. Only the first 600" in page


def test_the_bar_shows_the_work_and_not_what_needs_none(owner, make_job):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", total_items=10_000, unchanged_count=9_900,
        planned_count=90, changed_count=10, to_do=100, started_at=now(),
    )  # fmt: skip

    page = owner.get(f"/jobs/{job.job_id}").text

    assert 'value="10"' in page
    assert "10 of 100 tickets done" in page


@pytest.mark.parametrize(("reason", "has_eta"), [(None, True), ("zendesk", False)])
def test_the_time_left_is_hidden_while_the_job_waits(owner, make_job, reason, has_eta):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", total_items=100, planned_count=50,
        changed_count=50, to_do=100, ran_seconds=60.0, wait_reason=reason,
        lease_expires_at=now() + HOUR,
    )  # fmt: skip

    status = owner.get(f"/jobs/{job.job_id}/status").json

    assert (status["eta_seconds"] == 60) == has_eta
    page = Page(owner.get(f"/jobs/{job.job_id}").text).text
    assert ("about 1 min left" in page) == has_eta


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


@pytest.mark.parametrize("path", ["/jobs", "/jobs/{}", "/jobs/{}/progress", "/jobs/{}/status"])
def test_looking_at_a_job_does_not_read_its_selection(owner, sandbox, run_job, path):
    parent = run_job(tickets=[sandbox.add_ticket()])
    job = run_job(tickets=[sandbox.add_ticket()], parent_id=parent.id)
    said = []

    @event.listens_for(db.engine, "before_cursor_execute")
    def listen(_connection, _cursor, statement, *_):
        said.append(statement)

    owner.get(path.format(job.job_id))

    assert any("jobs.title" in statement for statement in said)
    assert not [statement for statement in said if "selection" in statement]


def test_a_finished_job_tells_its_waits_apart_from_its_work(owner, make_job):
    job = make_job([1])
    put(
        job, status="completed", plan_digest="x", total_items=1, changed_count=1, to_do=1,
        started_at=now() - timedelta(minutes=10), completed_at=now(), ran_seconds=120.0,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "Done in 10 min, of which it waited or was paused for 8 min: 1 changed." in page


def test_the_next_try_is_given_in_seconds(owner, make_job):
    job = make_job([1])
    put(
        job, status="running", plan_digest="x", wait_reason="zendesk",
        wait_until=now() + timedelta(minutes=2), lease_expires_at=now() + HOUR,
    )  # fmt: skip

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "nothing is lost. Next try in 2 min." in page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            "paused",
            "Paused: 9 of 10 tickets done, of which 3 failed and 2 have an unknown result, and",
        ),
        ("cancelled", "Cancelled: 9 of 10 tickets done before, of which 3 failed and 2 have"),
    ],
)
def test_done_does_not_pass_for_changed(owner, make_job, status, words):
    job = make_job([1])
    put(
        job, status=status, plan_digest="x", total_items=10, to_do=10, planned_count=1,
        changed_count=4, failed_count=3, unknown_count=2, started_at=now(),
    )  # fmt: skip

    assert words in Page(owner.get(f"/jobs/{job.job_id}").text).text


def test_a_running_job_says_how_many_tickets_zendesk_has(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket() for _ in range(3)])
    db.session.query(JobTicket).filter(JobTicket.position > 0).update({"stage": "sent"})
    put(job, status="pausing")

    page = Page(owner.get(f"/jobs/{job.job_id}").text).text

    assert "0 of 3 tickets done. Zendesk is at work on 2 of the others. No new tickets" in page
