"""A plan's page: what it says, and what it asks before it is started."""

import pytest

from app.extensions import db
from app.services import connection
from tests.fixtures.running_jobs import BY_ADMIN
from tests.fixtures.visitor import Page
from tests.jobs.shape import put


def test_a_plan_is_discarded(owner, sandbox, plan_job):
    address = f"/jobs/{plan_job([sandbox.add_ticket()]).job_id}"

    owner.submit(address, f"{address}/cancel")

    assert owner.get(f"{address}/status").json["counts"]["not_reached"] == 1


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


def test_a_number_that_is_wrong_is_refused_beside_its_field_and_kept(admin, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket(tags=["a"])], operation="set_tags", tags=["b"], **BY_ADMIN)
    address = f"/jobs/{job.job_id}"

    refused = admin.submit(address, f"{address}/apply", typed_count="<2>", canary="1")
    page = admin.get(refused.location).text

    assert '<a href="#typed_count">This plan changes 1 ticket. Type 1 to say' in page
    assert 'aria-describedby="typed_count-hint typed_count-error"' in page
    assert 'value="&lt;2&gt;"' in page
    assert "error-summary" not in admin.get(address).text, "said once"
    assert admin.get(f"{address}/status").json["status"] == "planned"


def test_the_number_that_was_typed_starts_the_plan(admin, sandbox, plan_job):
    ticket = sandbox.add_ticket(tags=["a"])
    job = plan_job([ticket], operation="set_tags", tags=["b"], **BY_ADMIN)
    address = f"/jobs/{job.job_id}"
    assert 'name="typed_count"' in admin.get(address).text

    admin.submit(address, f"{address}/apply", typed_count="1")

    assert sandbox.tags_of(ticket) == {"b"}


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


def test_a_macros_plan_says_what_it_does_and_wants_a_tick_for_what_is_left_out(
    owner, sandbox, plan_job
):
    job = plan_job([sandbox.add_ticket()])
    put(job, pinned={"title": "Refund", "words": ["Set status to Solved"], "cannot": ["A file."]})
    address = f"/jobs/{job.job_id}"

    refused = owner.submit(address, f"{address}/apply")
    page = Page(owner.get(refused.location).text)
    assert (
        "What the macro “ Refund ” does Set status to Solved What is left out A file." in page.text
    )
    assert "Tick the box to go on without it." in page.text
    owner.submit(address, f"{address}/apply", agreed_without="1")

    assert owner.get(f"{address}/status").json["status"] == "completed"


def test_a_plan_of_one_ticket_says_so_in_good_english(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    page = Page(owner.get(f"/jobs/{job.job_id}").text)

    assert "1 of 1 ticket will change." in page.text
    assert "Takes about 1 s and" in page.text


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


def test_a_plan_says_in_whose_name_it_is_carried_out(owner, sandbox, plan_job):
    job = plan_job([sandbox.add_ticket()])

    name = connection.client().me().name

    assert (
        f"Zendesk shows what is changed as done by {name}," in owner.get(f"/jobs/{job.job_id}").text
    )
