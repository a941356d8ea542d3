"""The page of an issue: what it tells, and what people decide there."""

import json
import re
from datetime import timedelta
from html import unescape

import pytest

from app.database import now, writing
from app.extensions import db
from app.models import Issue, IssueTicket, MirroredTicket
from tests.fixtures.visitor import Page
from tests.insights.test_board import BAD
from tests.test_hostile_text import Tags


def words(visitor, issue, more=""):
    return unescape(Page(visitor.get(f"/issues/{issue.key}{more}").text).text)


def fresh(issue_id):
    db.session.rollback()
    return db.session.get(Issue, issue_id)


def test_the_page_tells_who_wrote_what_and_when(agent, put_issue):
    ticket = {"organization_id": 77, "created_at": now() - timedelta(days=2)}
    issue = put_issue(tickets=3, phrases=["burnt bread"], severity="high", ticket=ticket)

    page = agent.get(f"/issues/{issue.key}").text

    told = unescape(Page(page).text)
    assert "Tickets 3 Customers 3 Organisations 1 Severity High" in told
    assert "Organisation 77: 3 tickets" in told
    assert "burnt bread" in told
    assert "Toaster burns the bread Every slice comes out black." in told
    assert re.search(r'href="https?://[^"]+/agent/tickets/1"', page)
    chart = json.loads(unescape(re.search(r'data-trend="([^"]+)"', page)[1]))
    assert chart["tickets"][-3] == 3 == sum(chart["tickets"])
    assert len(chart["at"]) == 90


def test_a_long_description_is_quoted_shortened_and_a_deleted_ticket_not_at_all(agent, put_issue):
    issue = put_issue(texts=[("One", "x" * 5000), ("Two", "gone")])
    with writing():
        db.session.get(MirroredTicket, 2).deleted = True
        db.session.commit()

    told = words(agent, issue)

    assert "x" * 400 + "…" in told
    assert "gone" not in told


def test_tickets_come_in_pages(agent, put_issue):
    issue = put_issue(tickets=60)

    first, last = (
        agent.get(f"/issues/{issue.key}").text,
        agent.get(f"/issues/{issue.key}?before=11").text,
    )

    assert re.findall(r'name="ticket" value="(\d+)"', first) == [str(n) for n in range(60, 10, -1)]
    assert f'href="/issues/{issue.key}?before=11#tickets"' in first
    assert re.findall(r'name="ticket" value="(\d+)"', last) == [str(n) for n in range(10, 0, -1)]


def test_the_page_asks_as_little_for_many_tickets_as_for_few(agent, put_issue, statements):
    one, other = put_issue(tickets=2), put_issue("Other", tickets=40, first=100)
    addresses = [f"/issues/{issue.key}" for issue in (one, other)]
    agent.get("/issues")  # whoever comes for the first time is noted as seen

    few, many = (len(statements(lambda one=one: agent.get(one))) for one in addresses)

    assert many <= few + 2 <= 20


def test_there_is_no_page_of_an_issue_that_is_not_there(agent):
    assert agent.get("/issues/nothing").status_code == 404


def test_hostile_texts_stay_text(agent, put_issue):
    texts = [(BAD + "z" * 900, BAD), ("\u202eright to left", "x")]
    one = put_issue(BAD[:200], texts=texts, phrases=[BAD])
    other = put_issue(BAD[:200], first=50, alike=[{"issue_id": one.id, "similarity": 0.5}])
    agent.submit(f"/issues/{one.key}", f"/issues/{one.key}/rename", label=BAD[:190])
    pages = [
        f"/issues/{one.key}",
        f"/issues/{other.key}",
        f"/issues/{other.key}/merge?into={one.key}",
        f"/issues/{one.key}/split?ticket=1",
    ]

    assert [Tags(agent.get(page).text).evil for page in pages] == [[]] * 4


def test_a_name_is_changed_and_the_page_tells_by_whom(agent, put_issue):
    issue = put_issue("Before")

    agent.submit(f"/issues/{issue.key}", f"/issues/{issue.key}/rename", label=" After  that ")

    assert fresh(issue.id).label == "After that"
    assert "agent@giga.test renamed it from “ Before ” to “ After that ”" in words(agent, issue)


def test_a_name_that_is_none_is_refused_in_words(agent, put_issue):
    issue = put_issue("Before")

    agent.submit(f"/issues/{issue.key}", f"/issues/{issue.key}/rename", label="  ")

    assert "Type a name of 1 to 200 characters." in words(agent, issue)
    assert fresh(issue.id).label == "Before"


def test_an_issue_is_dismissed_and_restored(agent, put_issue):
    issue = put_issue()

    agent.submit(f"/issues/{issue.key}", f"/issues/{issue.key}/dismiss")
    assert fresh(issue.id).dismissed_at is not None
    assert "Restore this issue" in words(agent, issue)

    agent.submit(f"/issues/{issue.key}", f"/issues/{issue.key}/restore")
    assert fresh(issue.id).dismissed_at is None


def test_a_merge_is_said_before_it_is_done_and_the_old_address_leads_on(agent, put_issue):
    other = put_issue("Bread is black", 2, first=50)
    issue = put_issue("Toaster", 3, alike=[{"issue_id": other.id, "similarity": 0.61}])
    assert "Bread is black New 2 tickets, 61 % alike." in words(agent, issue)
    asking = f"/issues/{issue.key}/merge?into=https://x.test/issues/{other.key}"

    assert (
        "The 3 tickets of “ Toaster ” will belong to “ Bread is black ”"
        in Page(unescape(agent.get(asking).text)).text
    )
    answer = agent.submit(asking, f"/issues/{issue.key}/merge")

    assert answer.location == f"/issues/{other.key}"
    assert agent.get(f"/issues/{issue.key}").location == f"/issues/{other.key}"
    assert fresh(other.id).ticket_count == 5


@pytest.mark.parametrize("into", ["", "nothing", "itself"])
def test_a_merge_into_nothing_or_itself_is_asked_for_again(agent, put_issue, into):
    issue = put_issue()
    into = issue.key if into == "itself" else into

    answer = agent.get(f"/issues/{issue.key}/merge?into={into}", follow_redirects=True)

    assert "Choose another issue" in answer.text


def test_tickets_are_split_off_once_it_is_said_which(agent, put_issue):
    issue = put_issue("Toaster", 5)
    asking = f"/issues/{issue.key}/split?ticket=2&ticket=999&ticket=3"
    assert "Make an issue of these 2 tickets?" in agent.get(asking).text

    answer = agent.submit(asking, f"/issues/{issue.key}/split", ticket=["2", "3"], label="Other")

    db.session.rollback()
    new = db.session.query(Issue).filter_by(label="Other").one()
    assert answer.location == f"/issues/{new.key}"
    assert {one.ticket_id for one in db.session.query(IssueTicket).filter_by(issue_id=new.id)} == {
        2,
        3,
    }
    assert "split 2 tickets off, into a new issue" in words(agent, issue)


def test_a_split_of_nothing_is_asked_for_again(agent, put_issue):
    issue = put_issue()

    answer = agent.get(f"/issues/{issue.key}/split?ticket=999", follow_redirects=True)

    assert "Tick the tickets" in answer.text
