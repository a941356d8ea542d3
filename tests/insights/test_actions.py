"""From an issue to what is done with its tickets, and back."""

import re
from html import unescape

import pytest

from app.database import writing
from app.extensions import db
from app.models import Issue, IssueTicket, Job, JobStatus, JobTicket
from app.services import accounts, jobs, permissions, selections
from app.services.insights import acted
from app.services.permissions import NotPermitted
from app.services.selections import OfIssue, SelectionGone
from tests.fixtures.running_jobs import finish, permit
from tests.fixtures.visitor import Page


@pytest.fixture
def issue(sandbox, put_issue):
    """Of 130 tickets that Zendesk has: two of its pages."""
    tickets = [sandbox.add_ticket() for _ in range(130)]
    assert tickets == list(range(tickets[0], tickets[0] + 130))
    return put_issue("Toaster burns <b>bread</b>", 130, first=tickets[0])


def planned(job):
    rows = db.session.query(JobTicket.ticket_id).filter_by(job_id=job.id)
    return [row.ticket_id for row in rows.order_by(JobTicket.position)]


def gather(issue):
    rows = db.session.query(IssueTicket.ticket_id).filter_by(issue_id=issue.id)
    return sorted((row.ticket_id for row in rows), reverse=True)


def test_the_tickets_of_an_issue_are_a_selection_newest_first(issue, plan_job):
    job = plan_job(selection={"issue_key": issue.key})

    assert planned(job) == gather(issue)
    assert job.matched == 130


def test_what_joins_while_the_plan_is_made_is_left_out(sandbox, issue, client, put_tickets):
    selection = selections.of({"issue_key": issue.key})
    first = selection.read(client, None)
    late = put_tickets(("Late", "one"), first=sandbox.add_ticket())[0]
    with writing():
        db.session.add(IssueTicket(ticket_id=late, issue_id=issue.id, similarity=1.0))
        db.session.commit()

    second = selection.read(client, first.cursor)

    assert (len(first.tickets), len(second.tickets), second.cursor) == (100, 30, None)
    assert late not in {ticket.id for ticket in [*first.tickets, *second.tickets]}


def test_a_ticket_that_zendesk_has_no_more_is_told_as_missing(put_issue, client):
    issue = put_issue(tickets=2, first=999_000)

    page = selections.of({"issue_key": issue.key}).read(client, None)

    assert (page.tickets, page.missing) == ([], [999_001, 999_000])


def test_an_issue_that_was_merged_meanwhile_changes_no_ticket(issue, put_issue, make_job):
    other = put_issue("Other", first=1_000_000)
    job = make_job(selection={"issue_key": issue.key})
    with writing():
        db.session.get(Issue, issue.id).merged_into_id = other.id
        db.session.commit()

    finish(job)

    assert job.status == JobStatus.FAILED
    assert "was merged into another" in job.error
    with pytest.raises(SelectionGone):
        OfIssue(issue.key).number()


@pytest.mark.parametrize("limits", [{"view_ids": frozenset({7})}, {"group_ids": frozenset({7})}])
def test_an_issue_is_no_way_around_views_and_groups(issue, make_user, order, limits):
    user = accounts.by_email(make_user())
    wanted = order(selection={"issue_key": issue.key})
    permissions.check_order(user, wanted)
    permit("user", "tag-manager", **limits)

    with pytest.raises(NotPermitted) as refused:
        jobs.create(user, wanted)

    assert refused.value.field == "source"


def test_the_page_leads_to_the_tools_that_one_may_use(agent, admin, issue):
    ways = [
        re.findall(r'href="(/tools/[^"]+)">([^<]+)</a>', visitor.get(f"/issues/{issue.key}").text)
        for visitor in (agent, admin)
    ]

    tag = (f"/tools/tag-manager?issue={issue.key}", "Tag these tickets")
    macro = (f"/tools/apply-macro-to-view?issue={issue.key}", "Apply macro to these tickets")
    assert [way for way in ways[0] if "issue=" in way[0]] == [tag]
    assert {way for way in ways[1] if "issue=" in way[0]} == {tag, macro}


def test_a_tool_has_the_issue_chosen_and_room_for_all_its_tickets(agent, issue, put_issue):
    with writing():
        db.session.get(Issue, issue.id).ticket_count = 1_234
        db.session.commit()

    form = agent.get(f"/tools/tag-manager?issue={issue.key}").text

    assert re.search(r'<input[^>]*checked[^>]*value="issue"', form)
    assert "The 130 tickets of the issue “Toaster burns <b>bread</b>”" in unescape(form)
    assert "<b>bread</b>" not in form
    assert re.search(r'name="limit"[^>]*value="1234"', form)


def test_a_job_is_made_of_the_issue_and_its_page_tells(agent, issue):
    address = f"/tools/tag-manager?issue={issue.key}"

    agent.submit(address, source="issue", operation="add_tags", tags="burnt", limit="500")

    db.session.rollback()
    job = db.session.query(Job).one()
    assert job.selection == {"issue_key": issue.key}
    assert job.title == "Add burnt to 130 tickets of the issue “Toaster burns <b>bread</b>”"
    page = unescape(Page(agent.get(f"/issues/{issue.key}").text).text)
    assert "What was done about it Add burnt to 130 tickets" in page


def test_an_issue_that_is_gone_is_not_chosen(agent, issue):
    page = f"/tools/tag-manager?issue={issue.key}"

    answer = agent.submit(page, source="issue", issue="gone", operation="add_tags", tags="x")

    assert answer.status_code == 422
    assert "This issue is gone" in answer.text


def test_jobs_of_others_and_of_merged_issues(issue, put_issue, make_job, make_user):
    other = put_issue("Other", first=1_000_000)
    mine = make_job(selection={"issue_key": issue.key})
    make_job(selection={"issue_key": issue.key}, email="other@giga.test")
    with writing():
        db.session.get(Issue, issue.id).merged_into_id = other.id
        db.session.commit()

    seen = [
        acted.jobs_of(other, accounts.by_email(one))
        for one in ("agent@giga.test", make_user("new@giga.test"))
    ]

    assert [[job.id for job in one] for one in seen] == [[mine.id], []]


def test_the_tags_of_its_tickets_are_suggested(sandbox, agent, put_issue):
    ticket = sandbox.add_ticket(tags=["burnt-one"])
    issue = put_issue(tickets=1, first=ticket)

    told = agent.get(f"/tools/tag-manager/tags?source=issue&issue={issue.key}&start=").json

    assert [one["name"] for one in told["tags"]] == ["burnt-one"]
