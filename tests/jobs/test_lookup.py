"""Looking a ticket up."""

import re

import pytest

from app.extensions import db
from app.models import JobTicket, Role
from tests.fixtures.visitor import Page
from tests.jobs.shape import link


def jobs_in(text):
    return re.findall(r'data-label="Job"><div><a href="[^"]*">([^<]*)</a>', text)


def test_tells_each_job_newest_first_with_what_it_did(owner, sandbox, run_job, plan_job):
    ticket, other = sandbox.add_ticket(tags=["vip"]), sandbox.add_ticket()
    run_job(tickets=[ticket], tags=["refund"], title="First")
    run_job(tickets=[other], title="Not about it")
    run_job(tickets=[ticket], tags=["refund"], title="Again")
    plan_job([ticket], tags=["late"], title="Only planned")

    page = owner.get(f"/jobs/tickets?ticket={ticket}").text
    words = Page(page).text

    assert jobs_in(page) == ["Only planned", "Again", "First"]
    assert re.search(r"Only planned .*Will change.*Again .*Already so.*First .*Changed", words)
    assert (
        '<ins class="tag tag-added"><span class="visually-hidden">add</span> refund</ins>' in page
    )
    assert "The ticket is already as you want it." in words


@pytest.mark.parametrize(
    "typed",
    ["{}", "#{}", " {} ", "https://acme.zendesk.com/agent/tickets/{}", "http://x.test/tickets/{}/"],
)
def test_a_ticket_is_named_as_people_have_it(owner, sandbox, run_job, typed):
    ticket = sandbox.add_ticket()
    run_job(tickets=[ticket], title="Did it")

    page = owner.get("/jobs/tickets", query_string={"ticket": typed.format(ticket)})

    assert jobs_in(page.text) == ["Did it"]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("vip", "Type the number of a ticket"),
        ("0", "Type the number of a ticket"),
        ("-5", "Type the number of a ticket"),
        ("9" * 40, "Type the number of a ticket"),
        ("'; drop", "Type the number of a ticket"),
        ("1, 2", "Type the number of one ticket only."),
    ],
)
def test_what_is_no_ticket_is_told_and_kept(owner, typed, words):
    page = owner.get("/jobs/tickets", query_string={"ticket": typed})

    assert page.status_code == 200
    assert page.text.count(words) == 2  # in the summary, and beside the field
    assert 'aria-invalid="true"' in page.text
    assert typed.replace("'", "&#39;") in page.text


def test_a_ticket_that_no_job_had_says_so(owner):
    assert "No job of yours had this ticket" in owner.get("/jobs/tickets?ticket=5").text


def test_jobs_of_others_are_seen_by_admins_alone(sign_in, sandbox, run_job):
    ticket = sandbox.add_ticket()
    run_job(tickets=[ticket], title="Secret")
    curious, admin = sign_in("curious@giga.test"), sign_in("admin@giga.test", Role.ADMIN)

    assert jobs_in(curious.get(f"/jobs/tickets?ticket={ticket}").text) == []
    seen = admin.get(f"/jobs/tickets?ticket={ticket}").text
    assert jobs_in(seen) == ["Secret"]
    assert "by agent@giga.test" in seen


def test_many_jobs_are_paged_there_and_back(owner, make_many):
    touched(make_many(60), 77)

    pages, address = [], "/jobs/tickets?ticket=77"
    while address:
        text = owner.get(address).text
        pages.append((address, jobs_in(text)))
        address = link(text, "next")
    back = owner.get(link(owner.get(pages[-1][0]).text, "prev")).text

    assert [title for _, page in pages for title in page] == [
        f"Job {n:02}" for n in range(59, -1, -1)
    ]
    assert jobs_in(back) == pages[-2][1]


def touched(jobs, ticket_id):
    for job in jobs:
        db.session.add(JobTicket(job_id=job.id, position=0, ticket_id=ticket_id))
    db.session.commit()


def test_hostile_words_are_shown_as_text(owner, sandbox, run_job):
    ticket, evil = sandbox.add_ticket(), "<script>alert(1)</script>"
    run_job(tickets=[ticket], title=evil)
    db.session.query(JobTicket).update({"detail": evil, "after": {"tags": [evil], "subject": evil}})
    db.session.commit()

    page = owner.get(f"/jobs/tickets?ticket={ticket}").text

    assert "<script>alert" not in page
    assert page.count("&lt;script&gt;alert(1)") >= 4
