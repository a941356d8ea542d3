"""Choosing tickets in a tool's form: several views, a search, numbers, a file."""

import re
from html import unescape
from io import BytesIO

import pytest

from app.extensions import db
from app.models import Job
from tests.fixtures.visitor import Page
from tests.tools.conftest import PAGE


def submit(agent, **fields):
    return agent.submit(PAGE, **{"operation": "add_tags", "tags": "vip", "limit": "500"} | fields)


def planned(agent, answer):
    """What the plan's page says of the job that the form made."""
    assert answer.status_code == 302, Page(answer.text).text
    return Page(agent.get(answer.location).text).text


def made(app):
    with app.app_context():
        jobs = db.session.query(Job).order_by(Job.id)
        return [(job.title, job.selection) for job in jobs]


def test_several_views_make_one_plan_with_each_ticket_once(app, agent, views):
    text = planned(agent, submit(agent, view=[str(one) for one in views]))

    assert "3 tickets will change" in text
    assert made(app) == [
        ("Add vip to Late parcels and 1 more view", {"view_ids": views}),
    ]


def test_each_view_can_have_a_job_of_its_own_and_the_same_form_sent_twice_makes_no_more(
    app, agent, views
):
    form = Page(agent.get(PAGE).text).fields | {"tags": "vip", "limit": "500", "apart": "y"}
    form |= {"operation": "add_tags", "view": [str(one) for one in views]}

    answers = [agent.open(PAGE, "POST", data=form) for _ in range(2)]

    assert {answer.location for answer in answers} == {"/jobs?tool=tag-manager"}
    assert "2 plans are being made, one for each view." in agent.get("/jobs").text
    assert made(app) == [
        ("Add vip to Late parcels", {"view_id": views[0]}),
        ("Add vip to Lost parcels", {"view_id": views[1]}),
    ]


def test_more_views_than_one_can_look_through_are_refused(sandbox, agent):
    many = [sandbox.add_view(f"View {number}", lambda ticket: True) for number in range(21)]

    answer = submit(agent, view=[str(one) for one in many])

    assert answer.status_code == 422
    assert "Choose at most 20 views." in answer.text


def test_what_a_search_finds_is_planned(app, agent, views):
    text = planned(agent, submit(agent, source="search", search=" tags:x "))

    assert "2 tickets will change" in text
    assert made(app) == [("Add vip to tickets found by “tags:x”", {"search": "tags:x"})]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Type what to search for."),
        ("x" * 1_001, "At most 1,000 characters."),
        ("tags:x TYPE:ticket", "Leave out “type:”."),
    ],
)
def test_a_search_that_cannot_be_is_said_beside_it(app, agent, typed, words):
    answer = submit(agent, source="search", search=typed)

    assert answer.status_code == 422
    assert words in answer.text
    assert typed in answer.text
    assert made(app) == []


def test_numbers_are_pasted_in_any_form(sandbox, app, agent):
    one, two = sandbox.add_ticket(), sandbox.add_ticket()
    pasted = f"#{one}, https://acme.zendesk.com/agent/tickets/{two}\n{one}"

    text = planned(agent, submit(agent, source="ids", ticket_ids=pasted))

    assert "2 tickets will change" in text
    assert made(app) == [("Add vip to 2 tickets by number", {"ticket_ids": [one, two]})]


def test_lines_without_a_number_are_named_and_can_be_left_out(sandbox, app, agent):
    ticket = sandbox.add_ticket()
    pasted = f"{ticket}\r\nabc\r\n<b>"

    refused = submit(agent, source="ids", ticket_ids=pasted)
    text = planned(agent, submit(agent, source="ids", ticket_ids=pasted, without_bad="y"))

    assert refused.status_code == 422
    assert "No ticket number: line 2 (“abc”), line 3 (“&lt;b&gt;”)." in refused.text
    assert f"{ticket}\r\nabc\r\n&lt;b&gt;</textarea>" in refused.text
    assert "1 of 1 ticket will change" in text
    assert made(app) == [(f"Add vip to ticket {ticket}", {"ticket_ids": [ticket]})]


def test_a_file_is_read_and_what_is_wrong_in_it_is_shown_as_if_it_had_been_pasted(
    sandbox, app, agent
):
    ticket = sandbox.add_ticket()
    bad, good = f"Subject,ID\na,{ticket}\nb,?\n", f"Subject;Ticket ID\na;{ticket}\n"

    refused = submit(agent, source="ids", file=(BytesIO(bad.encode()), "bad.csv"))
    planned(agent, submit(agent, source="ids", file=(BytesIO(good.encode()), "good.csv")))

    assert "No ticket number: line 3 (“?”)." in refused.text
    assert f"{ticket}\n?</textarea>" in refused.text
    assert made(app) == [(f"Add vip to ticket {ticket}", {"ticket_ids": [ticket]})]


def test_a_file_whose_column_cannot_be_told_lists_them(agent):
    content = BytesIO(b"Case,<b>\n1,2\n")

    answer = submit(agent, source="ids", file=(content, "cases.csv"))

    assert answer.status_code == 422
    assert "Its columns are “Case”, “&lt;b&gt;”. The file must be chosen again" in answer.text
    assert "Type the ticket numbers" not in answer.text


def test_neither_numbers_nor_a_file_is_said(agent):
    assert "Type the ticket numbers, or choose a file." in submit(agent, source="ids").text


def test_fifty_thousand_numbers_fit_into_the_form(app, agent):
    wanted = range(10_000_000, 10_050_000)
    pasted = "\r\n".join(map(str, wanted))

    answer = submit(agent, source="ids", ticket_ids=pasted, limit="1")

    assert answer.status_code == 302
    assert made(app)[0][1] == {"ticket_ids": list(wanted)}


def test_what_belongs_to_another_way_of_choosing_does_not_matter(app, agent, views):
    answer = submit(agent, source="view", view=str(views[0]), search="", ticket_ids="abc")

    assert answer.status_code == 302
    assert made(app) == [("Add vip to Late parcels", {"view_id": views[0]})]


@pytest.fixture
def earlier(app, agent, views):
    """A job that is over: of three tickets, it changed the two that had no tag vip yet."""
    submit(agent, view=str(views[0]))
    with app.app_context():
        first = db.session.query(Job).one()
        path, digest = f"/jobs/{first.job_id}", first.plan_digest
    agent.submit(path, f"{path}/apply", plan_digest=digest)
    with app.app_context():
        assert db.session.query(Job).one().changed_count == 2
    return path.removeprefix("/jobs/")


def test_the_tickets_of_an_earlier_job_can_be_chosen_by_their_result(app, agent, earlier):
    form = agent.get(f"{PAGE}?job={earlier}&outcome=changed").text
    assert re.search('<input checked [^>]*name="source" [^>]*value="job"', form)
    assert re.search('<input checked [^>]*name="outcome" [^>]*value="changed"', form)
    assert f'<option selected value="{earlier}">' in form

    answer = submit(agent, tags="seen", source="job", job=earlier, outcome=["changed", "failed"])

    assert "2 of 2 tickets will change" in planned(agent, answer)
    title = "Add seen to 2 tickets of “Add vip to Late parcels”"
    assert made(app)[-1] == (title, {"job_id": earlier, "outcomes": ["changed", "failed"]})


def test_a_jobs_page_leads_to_the_tools_that_can_take_its_tickets(agent, earlier):
    def links(query=""):
        page = agent.get(f"/jobs/{earlier}{query}").text
        return [unescape(one) for one in re.findall(r'href="(/tools/[^"]*job=[^"]+)"', page)]

    assert links() == [f"{PAGE}?job={earlier}&outcome=changed"], (
        "what it has no ticket of is not asked for"
    )
    both = "outcome=changed&outcome=failed"
    assert links(f"?{both}") == [f"{PAGE}?job={earlier}&{both}"]
    assert links("?ticket=1") == [], "a form cannot choose them by number and by job"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"job": ""}, "Choose a job that is over."),
        ({"job": "1234"}, "Choose a job that is over."),
        ({"job": "{earlier}"}, "Choose which of its tickets."),
        ({"job": "{earlier}", "outcome": "planned"}, "Choose which of its tickets."),
        ({"job": "{earlier}", "outcome": "failed"}, "The job has no ticket with this result."),
    ],
)
def test_a_job_without_the_tickets_is_refused_beside_its_field(agent, earlier, fields, words):
    fields = {name: value.format(earlier=earlier) for name, value in fields.items()}

    answer = submit(agent, source="job", **fields)

    assert answer.status_code == 422
    assert words in answer.text


def test_nobody_chooses_the_tickets_of_a_job_that_they_may_not_see(sign_in, earlier):
    other = sign_in("other@giga.test")

    assert "Late parcels (2)" not in other.get(f"{PAGE}?job={earlier}&outcome=changed").text
    answer = submit(other, source="job", job=earlier, outcome="changed")

    assert "Choose a job that is over." in answer.text


def test_a_job_that_is_not_over_is_not_offered(app, agent, views):
    submit(agent, view=str(views[0]))
    with app.app_context():
        planned_job = db.session.query(Job).one().job_id

    answer = submit(agent, source="job", job=planned_job, outcome="changed")

    assert "Choose a job that is over." in answer.text
