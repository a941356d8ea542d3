"""Choosing tickets in a tool's form: several views, a search, numbers, a file."""

import re
from datetime import timedelta
from html import unescape
from io import BytesIO

import pytest
import time_machine

from app.database import now
from app.extensions import db
from app.models import Job
from tests.fixtures.visitor import Page

PAGE = "/tools/tag-manager"


@pytest.fixture
def views(sandbox):
    """Two views, with one ticket in both."""
    for tags in (["x"], ["x", "y"], ["y"]):
        sandbox.add_ticket(tags=tags)
    return [
        sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags),
        sandbox.add_view("Lost parcels", lambda ticket: "y" in ticket.tags),
    ]


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


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("tags:x", "2 tickets match now."),
        ("tags:x tags:y status:open", "tickets match now."),
        ("tags:nothing", "0 tickets match now."),
        ("status:moon", "Zendesk does not understand the search: "),
        ("", ""),
    ],
)
def test_a_search_is_counted_while_one_types(agent, views, query, words):
    answer = agent.get("/choosing/search", query_string={"search": query})

    assert answer.status_code == 200
    assert words in answer.text


def test_a_search_that_cannot_be_counted_now_is_no_error(sandbox, agent):
    sandbox.change_settings(down=True)

    answer = agent.get("/choosing/search?search=tags:x")

    assert "Zendesk cannot say now" in answer.text


def count_of(view, text):
    return text.partition(f'id="count-{view}"')[2].partition("</span>")[0].partition(">")[2].strip()


def test_the_counts_come_after_the_page_and_are_kept_for_the_next(agent, views):
    first = agent.get(PAGE).text
    more = agent.get("/choosing/counts?done=0").text
    second = agent.get(PAGE).text

    assert [count_of(views[0], text) for text in (first, more, second)] == ["", "(2)", "(2)"]
    assert 'hx-swap-oob="true"' in more
    assert "/choosing/counts" in first, "there is something to count"
    assert "/choosing/counts" not in more + second, "all is counted"


def test_more_views_than_zendesk_counts_at_once_are_counted_in_turn(sandbox, agent):
    views = [sandbox.add_view(f"View {n}", lambda ticket: False) for n in range(45)]
    answers = [agent.get(f"/choosing/counts?done={n}").text for n in range(3)]

    assert [answer.count('id="count-') for answer in answers] == [20, 20, 17], (
        "with those that the account has"
    )
    assert ["/choosing/counts?done=" in answer for answer in answers] == [True, True, False]
    page = agent.get(PAGE).text
    assert {count_of(view, page) for view in views} == {"(0)"}


def test_counting_gives_up_when_zendesk_has_enough_of_it(sandbox, agent, views):
    sandbox.change_settings(count_many_per_minute=0)

    answer = agent.get("/choosing/counts?done=0")

    assert answer.status_code == 200
    assert "/choosing/counts" not in answer.text


def test_counts_grow_old_and_are_made_again(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.add_ticket(tags=["x"])
    assert count_of(views[0], agent.get("/choosing/counts").text) == "", "not so soon"

    with time_machine.travel(now() + timedelta(seconds=61)):
        old = agent.get(PAGE).text
        again = agent.get("/choosing/counts").text

    assert count_of(views[0], old) == "(2)", "an old one is better than none"
    assert "/choosing/counts" in old
    assert count_of(views[0], again) == "(3)"


def test_a_view_that_zendesk_is_still_counting_has_no_count_yet(sandbox, agent, views):
    sandbox.change_settings(view_count_delay=3600)
    answer = agent.get("/choosing/counts").text
    assert count_of(views[0], answer) == ""
    assert 'hx-trigger="load delay:11s"' in answer, "it will be asked again"
    sandbox.change_settings(view_count_delay=0)

    with time_machine.travel(now() + timedelta(seconds=11)):
        again = agent.get("/choosing/counts?done=1").text

    assert count_of(views[0], again) == "(2)"


def test_views_are_counted_again_when_asked_and_keep_their_ticks(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.add_ticket(tags=["x"])
    assert count_of(views[0], agent.get("/choosing/views").text) == "(2)", "not for a second click"

    with time_machine.travel(now() + timedelta(seconds=6)):
        again = agent.get(f"/choosing/views?view={views[1]}").text

    assert count_of(views[0], again) == "(3)"
    assert again.count(" checked ") == 1


def test_the_views_are_counted_with_the_page_where_there_is_no_script(agent, views):
    assert count_of(views[0], agent.get(f"{PAGE}?count=now").text) == "(2)"


def test_views_that_cannot_be_read_again_stay(sandbox, agent, views):
    agent.get("/choosing/counts")
    sandbox.change_settings(down=True)

    with time_machine.travel(now() + timedelta(seconds=6)):
        again = agent.get("/choosing/views").text

    assert "They could not be counted again" in again
    assert count_of(views[0], again) == "(2)"


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
