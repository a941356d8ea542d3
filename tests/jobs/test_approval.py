"""The page of a plan that waits for a second person."""

import pytest

from app.models import Role
from tests.fixtures.running_jobs import permit
from tests.fixtures.visitor import Page


@pytest.fixture
def plan(sandbox, plan_job):
    """A plan of the agent's that needs an approval."""
    permit("user", "tag-manager", approval_above=1)
    return plan_job([sandbox.add_ticket() for _ in range(2)])


@pytest.fixture
def address(plan):
    return f"/jobs/{plan.job_id}"


def status(visitor, address):
    return visitor.get(f"{address}/status").json


def test_the_owner_asks_and_another_admin_starts_it(owner, admin, sandbox, address):
    assert "Ask for approval: Add refund to 2 tickets" in owner.get(address).text

    owner.submit(address, f"{address}/apply")
    asked = Page(owner.get(address).text)
    assert (
        "Waits for another admin's approval agent@giga.test asked to start this plan" in asked.text
    )
    assert f"{address}/apply" not in asked.html
    assert f"{address}/approve" not in asked.html
    assert [one["field"] for one in status(owner, address)["needs"]] == ["approval"]

    assert "Approve and start: Add refund to 2 tickets" in admin.get(address).text
    admin.submit(address, f"{address}/approve")

    assert status(owner, address)["counts"]["changed"] == 2
    assert "Approved as a second person" in owner.get(address).text
    assert sandbox.summary(tag="refund")["with_tag"] == 2


def test_admins_find_it_on_the_first_page_until_it_is_answered(owner, admin, address):
    title = "Plans that wait for your approval"
    assert title not in admin.get("/").text
    owner.submit(address, f"{address}/apply")

    assert title in admin.get("/").text
    assert title not in owner.get("/").text
    admin.submit(address, f"{address}/approve")
    assert title not in admin.get("/").text


def test_a_plan_to_be_approved_stands_once_on_the_first_page(owner, admin, plan, address):
    owner.submit(address, f"{address}/apply")

    seen, own = admin.get("/").text, owner.get("/").text

    assert seen.count(f'href="{address}"') == own.count(f'href="{address}"') == 1
    assert 'Waiting for somebody <span class="state-count">0<' in seen
    assert 'Waiting for you <span class="state-count">1<' in own


@pytest.mark.parametrize("list_of", ["/", "/jobs", "/jobs/now?job={}"])
def test_lists_say_in_words_what_waits_for_approval(owner, admin, plan, address, list_of):
    list_of = list_of.format(plan.job_id)
    before = owner.get(list_of).text
    owner.submit(address, f"{address}/apply")
    asked = owner.get(list_of).text
    admin.submit(address, f"{address}/approve")

    told = [before, asked, owner.get(list_of).text]

    assert ["waits for approval" in one for one in told] == [False, True, False]


def test_what_waits_is_looked_up_once_for_a_whole_list(owner, sandbox, plan_job, statements):
    permit("user", "tag-manager", approval_above=0)
    asked = [plan_job([sandbox.add_ticket()]) for _ in range(3)]
    for job in asked:
        owner.submit(f"/jobs/{job.job_id}", f"/jobs/{job.job_id}/apply")

    made = statements(lambda: owner.get("/jobs"))

    assert sum("approvals" in one for one in made) == 1


def test_whoever_waits_sees_the_answer_come_and_whoever_writes_it_is_left_alone(
    owner, admin, address
):
    assert owner.open(f"{address}/progress").status_code == 286
    owner.submit(address, f"{address}/apply")

    assert owner.open(f"{address}/progress").status_code == 200
    assert admin.open(f"{address}/progress").status_code == 286


def test_what_was_agreed_to_is_kept_until_it_is_approved(owner, admin, sandbox, plan_job):
    permit("user", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket() for _ in range(27)], limit=26)
    address = f"/jobs/{job.job_id}"

    refused = owner.submit(address, f"{address}/apply")
    assert "only the first 26" in owner.get(refused.location).text
    owner.submit(address, f"{address}/apply", agreed_to_part="1", canary="1")
    assert "with a pause after the first 25 tickets" in Page(admin.get(address).text).text
    admin.submit(address, f"{address}/approve")

    assert (status(owner, address)["status"], status(owner, address)["counts"]["changed"]) == (
        "paused",
        25,
    )
    owner.submit(address, f"{address}/continue")
    assert status(owner, address)["counts"]["changed"] == 26, (
        "what was approved needs no other approval"
    )


def test_a_plan_that_is_not_approved_says_why(owner, admin, address):
    owner.submit(address, f"{address}/apply")

    admin.submit(address, f"{address}/reject", note="<b>Too many</b>")

    shown = owner.get(address).text
    assert "&lt;b&gt;Too many&lt;/b&gt;" in shown
    assert "Not approved by admin@giga.test" in Page(shown).text.replace("</strong>", "")
    assert "Ask for approval: Add refund" in shown
    assert status(owner, address)["status"] == "planned"


def test_approving_another_plan_than_the_one_seen_is_refused_in_words(owner, admin, address):
    owner.submit(address, f"{address}/apply")

    answer = admin.submit(address, f"{address}/approve", plan_digest="another")
    assert "no longer the plan that you saw" in admin.get(answer.location).text
    answer = admin.submit(address, f"{address}/approve", plan_digest="")
    assert "does not say which plan is meant" in admin.get(answer.location).text

    assert status(owner, address)["status"] == "planned"


def test_a_plan_changed_since_says_that_it_has_to_be_asked_for_again(
    owner, admin, sandbox, plan_job
):
    permit("user", "tag-manager", approval_above=0)
    tickets = [sandbox.add_ticket() for _ in range(2)]
    address = f"/jobs/{plan_job(tickets).job_id}"
    owner.submit(address, f"{address}/apply")

    owner.submit(address, f"{address}/untick", shown=tickets, ticked=tickets[:1])

    shown = owner.get(address).text
    assert "The plan was changed after an approval was asked for" in shown
    assert "Ask for approval: Add refund to 1 ticket" in shown


def test_an_approval_given_first_lets_the_owner_start(owner, admin, address):
    assert "You may give it now" in admin.get(address).text
    admin.submit(address, f"{address}/approve")

    assert "Approved by admin@giga.test" in Page(owner.get(address).text).text
    owner.submit(address, f"{address}/apply")

    assert status(owner, address)["counts"]["changed"] == 2


@pytest.mark.parametrize("verb", ["approve", "reject"])
def test_a_forged_answer_of_the_owner_is_refused(owner, address, plan, verb):
    owner.submit(address, f"{address}/apply")
    fields = Page(owner.get("/tools/tag-manager").text).fields

    answer = owner.open(
        f"{address}/{verb}", "POST", data=fields | {"plan_digest": plan.plan_digest}
    )

    assert answer.status_code == 403
    assert "Only an admin may approve a plan." in answer.text
    assert status(owner, address)["status"] == "planned"


def test_an_admin_who_made_the_plan_does_not_approve_it(admin, sandbox, plan_job):
    permit("admin", "tag-manager", approval_above=0)
    job = plan_job([sandbox.add_ticket()], email="admin@giga.test", role=Role.ADMIN)
    address = f"/jobs/{job.job_id}"
    admin.submit(address, f"{address}/apply")

    assert f"{address}/approve" not in admin.get(address).text
    answer = admin.submit("/tools/tag-manager", f"{address}/approve", plan_digest=job.plan_digest)

    assert answer.status_code == 403


def test_it_says_whose_right_is_missing_when_it_cannot_be_started(owner, admin, address, plan):
    owner.submit(address, f"{address}/apply")
    permit("user", "tag-manager", may_use=False)

    answer = admin.submit(address, f"{address}/approve")

    told = admin.get(answer.location).text
    assert (
        "may not have it done any more, so it was not started. They are told: “You may not" in told
    )
    assert status(admin, address)["status"] == "planned"


def test_a_plan_that_may_not_be_started_says_so_in_place_of_the_button(owner, plan, address):
    permit("user", "tag-manager", largest_job=1)

    shown = Page(owner.get(address).text)

    assert "You may not start this plan. This plan changes 2 tickets" in shown.text
    assert f"{address}/apply" not in shown.html
