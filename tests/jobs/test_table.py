"""The table of a job's tickets: its filter, what went wrong, and what is done to some of them."""

import csv
import io
import json
import re

import pytest

from app.extensions import db
from app.models import Job, JobTicket, Role
from tests.fixtures.visitor import Page
from tests.jobs.shape import link, put

GONE = 999_999


@pytest.fixture
def mixed(sandbox, run_job):
    """A job with two changed tickets, two that were refused, and one that is gone: its address, and the five."""
    tickets = [sandbox.add_ticket(), sandbox.add_ticket()]
    for words in ("Tuesday", "<b>Monday</b>"):
        tickets.append(sandbox.add_ticket())
        sandbox.fail_ticket(tickets[-1], times=1, details=words)
    return f"/jobs/{run_job(tickets=[*tickets, GONE]).job_id}", [*tickets, GONE]


def listed(answer):
    """The tickets that the page lists."""
    return [int(one) for one in re.findall(r'data-label="Ticket">(?:<a [^>]*>)?(\d+)', answer.text)]


def child_of(answer):
    db.session.rollback()  # what was read before does not have it yet
    return db.session.query(Job).filter_by(job_id=answer.location.rpartition("/")[2]).one()


def test_tickets_are_filtered_by_several_results_reasons_and_numbers(owner, mixed):
    address, (first, second, tuesday, monday, gone) = mixed

    def shown(query):
        return listed(owner.get(f"{address}?{query}"))

    assert shown("outcome=changed&outcome=skipped") == [first, second, gone]
    assert shown("reason=refused&reason=not_found") == [tuesday, monday, gone]
    assert shown("outcome=failed&reason=refused&reason=not_found") == [tuesday, monday]
    assert shown(f"ticket=%23{first},+{monday}") == [first, monday]
    assert shown(f"ticket={first}+{monday}&outcome=failed") == [monday]
    assert shown(f"like={tuesday}&reason=refused") == [tuesday]
    assert shown("outcome=odd&reason=odd&like=odd&ticket=") == [*mixed[1]]


def test_the_filter_says_how_many_have_each_result_and_reason(owner, mixed):
    page = Page(owner.get(f"{mixed[0]}?outcome=failed").text)

    assert "Changed (2)" in page.text
    assert "Failed (2)" in page.text
    assert "Zendesk refused the change. (2)" in page.text
    assert "Tickets 1–2 of 2." in page.text
    assert (
        "Zendesk has no such ticket: it was deleted, or the connection may not see it. (1)"
        not in (page.text)
    ), "a reason that none of the results shown has"


def test_what_was_asked_for_stays_in_the_form_and_in_the_links(owner, sandbox, run_job):
    address = f"/jobs/{run_job(tickets=[sandbox.add_ticket() for _ in range(120)]).job_id}"

    page = owner.get(f"{address}?outcome=changed&outcome=failed").text
    onward = link(page, "next").partition("#")[0]
    second = owner.get(onward).text

    assert re.findall(r'value="(\w+)" id="outcome-\w+"[^>]* checked', second) == [
        "changed",
        "failed",
    ]
    assert "outcome=changed&outcome=failed" in onward
    assert "Tickets 51–100 of 120." in Page(second).text
    for ending in ("csv", "json", "ndjson"):
        assert f"/export.{ending}?outcome=changed&amp;outcome=failed" in second


def test_what_was_wanted_and_not_done_is_told_as_that(owner, mixed):
    address, (changed, _second, tuesday, *_others) = mixed

    def words(ticket):
        return Page(owner.get(f"{address}?ticket={ticket}").text).text

    assert "Wanted, and not done:" in words(tuesday)
    assert "Wanted, and not done:" not in words(changed)


def test_a_number_that_is_none_is_said_beside_its_field(owner, mixed):
    page = owner.get(f"{mixed[0]}?ticket=<i>twelve")

    assert "“&lt;i&gt;twelve” is no ticket number." in page.text
    assert 'value="&lt;i&gt;twelve"' in page.text
    assert listed(page) == []


def test_tickets_that_are_not_of_the_job_are_said(owner, mixed):
    page = owner.get(f"{mixed[0]}?ticket={mixed[1][0]},4711")

    assert "This ticket is not part of the job: 4711." in Page(page.text).text
    assert listed(page) == mixed[1][:1]


def test_more_numbers_than_an_address_holds_are_said(owner, mixed):
    page = owner.get(f"{mixed[0]}?ticket={'+'.join(map(str, range(1, 300)))}")

    assert "Only the first 200 ticket numbers are looked for." in page.text


def test_while_the_job_runs_the_table_says_as_of_when_and_renews_itself(owner, mixed):
    address, tickets = mixed
    put(db.session.query(Job).one(), status="running")

    page = owner.get(f"{address}?outcome=changed").text
    part = owner.get(f"{address}/tickets?outcome=changed")

    assert "data-renews" in page
    assert re.search(r"As of \d\d:\d\d:\d\d UTC", Page(page).text)
    assert f'hx-get="{address}/tickets?outcome=changed"' in page
    assert listed(part) == tickets[:2]
    assert "<html" not in part.text


def test_once_it_rests_the_table_stays_as_it_is(owner, mixed):
    page = owner.get(mixed[0]).text

    assert "data-renews" not in page
    assert "As of" not in page


def test_failures_are_told_by_kind_with_a_link_to_their_tickets(owner, mixed):
    address, (*_, _tuesday, monday, _) = mixed

    page = owner.get(address).text

    assert "1 ticket: Zendesk refused the change. Zendesk says: Tuesday" in Page(page).text
    assert "<b>Monday" not in page
    assert "&lt;b&gt;Monday" in page
    kept = f"outcome=failed&amp;reason=refused&amp;like={monday}"
    assert f'href="{address}?{kept}#tickets-title"' in page
    assert listed(owner.get(f"{address}?{kept.replace('&amp;', '&')}")) == [monday]


def test_one_kind_is_retried_from_its_button(owner, sandbox, mixed):
    address, (*_, tuesday, monday, _) = mixed
    form = re.search(
        rf'action="({address}/retry[^"]*like={tuesday}[^"]*)"', owner.get(address).text
    )

    plan = owner.submit(address, form[1].replace("&amp;", "&"))

    assert listed(owner.get(plan.location)) == [tuesday]
    owner.submit(plan.location, f"{plan.location}/apply")
    assert sandbox.tags_of(tuesday) == {"refund"}
    assert sandbox.tags_of(monday) == set()


def test_failures_of_a_paused_job_are_told_but_not_retried_yet(owner, mixed):
    put(db.session.query(Job).one(), status="paused", planned_count=1)

    page = owner.get(mixed[0]).text

    assert "What went wrong" in page
    assert "Retry these" not in page


def test_ticked_tickets_are_undone_after_their_plan_was_seen(owner, sandbox, mixed):
    address, (first, second, *others) = mixed
    page = owner.get(address).text
    boxes = [int(one) for one in re.findall(r'name="ticked" value="(\d+)"', page)]
    assert boxes == [first, second]
    assert not re.search(r'name="ticked"[^>]* checked', page)

    plan = owner.submit(address, f"{address}/undo-ticked", ticked=[second, others[1]])

    assert listed(owner.get(plan.location)) == [second]
    assert "refund" in sandbox.tags_of(second)
    owner.submit(plan.location, f"{plan.location}/apply")
    assert [sandbox.tags_of(one) for one in (first, second)] == [{"refund"}, set()]
    assert "Plan the undo of 2 tickets" in owner.get(address).text


def test_undoing_nothing_says_what_to_do_and_shows_the_same_tickets(owner, mixed):
    address, _ = mixed
    place = "outcome=changed&ticket=%231"

    answer = owner.submit(address, f"{address}/undo-ticked?{place}")

    assert answer.location == f"{address}?{place}#tickets-title"
    assert "Tick the tickets that you want to undo." in owner.get(address).text


def test_what_cannot_be_undone_has_no_boxes(owner, sandbox, mixed):
    put(db.session.query(Job).one(), pinned={"reversible": "not"})

    assert 'name="ticked"' not in owner.get(mixed[0]).text


@pytest.mark.parametrize("verb", ["undo-ticked", "retry?reason=refused"])
def test_whoever_may_not_use_the_tool_any_more_does_not_change_tickets_with_it(owner, mixed, verb):
    put(db.session.query(Job).one(), tool_slug="apply-macro-to-view")
    address, tickets = mixed
    token = Page(owner.get(address).text).fields["csrf_token"]

    fields = {"csrf_token": token, "ticked": tickets[:1]}
    answer = owner.open(f"{address}/{verb}", "POST", data=fields)

    assert answer.status_code == 403
    assert db.session.query(Job).count() == 1


def test_an_admin_undoes_ticked_tickets_of_somebody_elses_job(sign_in, mixed):
    admin = sign_in("admin@giga.test", Role.ADMIN)
    address, (first, *_) = mixed

    plan = admin.submit(address, f"{address}/undo-ticked", ticked=[first])

    assert child_of(plan).title == "Undo of 1 ticket: Add refund to some tickets"


def test_exports_hold_what_the_filter_shows(owner, mixed):
    address, (first, _, tuesday, monday, gone) = mixed

    def exported(ending, query):
        return owner.get(f"{address}/export.{ending}?{query}").text

    of_csv = csv.DictReader(io.StringIO(exported("csv", "reason=refused&reason=not_found")))
    of_json = json.loads(exported("json", f"ticket={first},{gone},5"))
    of_lines = exported("ndjson", f"outcome=failed&reason=refused&like={monday}").splitlines()

    assert [int(row["ticket_id"]) for row in of_csv] == [tuesday, monday, gone]
    assert [row["ticket_id"] for row in of_json] == [first, gone]
    assert [json.loads(line)["ticket_id"] for line in of_lines] == [monday]


def test_a_comment_that_waits_to_be_sent_does_not_stand_in_an_exports_way(owner, mixed):
    """It is kept as a secret, for which the app's keys are needed; files are written without the app."""
    address, tickets = mixed
    db.session.query(JobTicket).update({"filled_in": "Dear customer"})
    db.session.commit()

    answer = owner.get(f"{address}/export.ndjson").text

    assert len(answer.splitlines()) == len(tickets)
    assert "Dear customer" not in answer


def test_lines_of_json_are_a_download_of_their_kind(owner, mixed):
    answer = owner.get(f"{mixed[0]}/export.ndjson")

    assert answer.headers["Content-Type"] == "application/x-ndjson"
    assert re.search(
        r'attachment; filename="giga-tools-.*\.ndjson"', answer.headers["Content-Disposition"]
    )
