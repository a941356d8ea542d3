"""What Giga Tools promises, a test for each promise, as somebody at a browser would see it kept."""

import csv
import json
import re
from collections import Counter
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import create_engine, delete, select
from sqlalchemy.orm import Session

from app.database import now
from app.models import Job, JobStatus, User
from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    RUNNING,
    SLOWLY,
    choose_numbers,
    choose_view,
    counts,
    do_with_one_refused,
    expect_state,
    fill_in,
    make_plan,
    new_tag,
    start,
)
from tests.deploy.processes import eventually
from tests.fixtures.chromium import check, sign_in
from tests.fixtures.stack import TICKETS, local_http, running
from tests.jobs.shape import HOUR

of_the_stack = pytest.mark.xdist_group("stack")

OUTCOMES = {"Changed": "changed", "Already so": "unchanged", "Failed": "failed"}


@of_the_stack
def test_worker_connects(page, open_page, stack):
    operator = open_page(
        base_url=stack.flower_url,
        http_credentials={"username": "operator", "password": stack.flower_password},
    )

    page.goto("/")
    operator.goto("/")

    expect(page.get_by_text("Worker is running.")).to_be_visible()
    worker = operator.get_by_role("row").filter(has_text="celery@")
    expect(worker).to_have_count(1)
    expect(worker).to_contain_text("Online")


@of_the_stack
def test_the_tag_manager_is_on_the_dashboard(page, stack):
    page.goto("/")
    check(page)

    page.get_by_role("main").get_by_role("link", name="Tag manager").click()

    expect(page).to_have_url(f"{stack.url}/tools/tag-manager")
    expect(page.get_by_role("heading", name="Tag manager")).to_be_visible()


@of_the_stack
def test_the_form_has_the_view_list_filled(page):
    page.goto("/tools/tag-manager")

    views = page.locator("#view label")

    # Counts are up to a minute old, and may know tickets that an earlier test has taken away again.
    expect(views.filter(has_text="Partner")).to_have_text("Partner escalations (450)")
    expect(views.filter(has_text=LARGE)).to_have_text(re.compile(rf"^{LARGE} \(2,50\d\)$"))
    expect(views.filter(has_text="Old: holiday sale")).to_have_count(0)
    check(page)


@of_the_stack
def test_a_dry_run_shows_the_plan(page, zendesk):
    tag = new_tag()

    make_plan(page, tag)

    assert counts(page) == {"Will change": 120, "Already so": 0, "Cannot change": 0}
    row = page.locator("#tickets tbody tr").first
    expect(row.locator("ins")).to_have_text(f"add {tag}")
    # Which it keeps depends on the tests before this one: only the first eight are shown.
    expect(row.locator(".tag").first).to_have_text(re.compile(r"^(?!tag-)[a-z]"))
    expect(row).to_contain_text("Will change")
    expect(page.locator("#apply")).to_have_text(f"Add {tag} to 120 tickets")
    assert zendesk.summary(tag)["with_tag"] == 0, "something was written before anybody agreed"
    check(page)


@of_the_stack
def test_100_tickets_run_at_once(page, zendesk):
    tag = new_tag()
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill(tag)
    choose_numbers(page, range(1, 101))
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")
    asked = requests_for_progress(page)

    start(page)

    expect_state(page, "Completed")
    assert not asked, "a worker did it, not the request"
    assert counts(page) == {"Changed": 100, "Already so": 0, "Failed": 0}
    assert zendesk.summary(tag)["effective_events"] == {"1": 100}
    check(page)


@of_the_stack
def test_1000_and_more_are_dispatched(page, zendesk, stack):
    tag = new_tag()
    make_plan(page, tag, LARGE, limit=1200)
    assert eventually(lambda: was_dispatched(stack, page.url.rsplit("/", 1)[1]))
    page.get_by_label("I want to change only these 1,200 tickets").check()
    zendesk.hold_jobs(after=1)

    start(page)

    expect(page.locator("#sentence")).to_contain_text("of 1,200 tickets done")
    expect_state(page, "Running")  # and so the request was answered before the job was over
    zendesk.hurry()
    expect_state(page, "Completed")
    assert counts(page) == {"Changed": 1200, "Already so": 0, "Failed": 0}
    assert zendesk.summary(tag)["effective_events"] == {"1": 1200}


def was_dispatched(stack, job_id):
    """Does Flower know of a task for the job?"""
    http = local_http()
    http.auth = ("operator", stack.flower_password)
    tasks = http.get(f"{stack.flower_url}/api/tasks", timeout=20).json().values()
    named = [one for one in tasks if one["name"] == "app.tasks.zendesk_tasks.tag_tickets_async"]
    return any(job_id in one["args"] for one in named)


WORDS = {
    JobStatus.PENDING: "Waiting to start",
    JobStatus.PLANNING: "Planning",
    JobStatus.PLANNED: "Plan ready",
    JobStatus.RUNNING: "Running",
    JobStatus.PAUSING: "Pausing",
    JobStatus.PAUSED: "Paused",
    JobStatus.CANCELLING: "Cancelling",
    JobStatus.CANCELLED: "Cancelled",
    JobStatus.COMPLETED: "Completed",
    JobStatus.FAILED: "Failed",
}


@pytest.fixture
def owner_of_each(stack):
    """Somebody with a job in each status, called by it, which no worker moves on."""
    person = stack.add_person("each-status@giga.test")
    engine = create_engine(stack.database_url)
    with Session(engine) as session:
        owner = session.scalars(select(User).filter_by(email=person.email)).one().id
        session.add_all(resting_job(owner, status) for status in JobStatus)
        session.commit()
    yield person
    with Session(engine) as session:
        session.execute(delete(Job).filter_by(user_id=owner))
        session.commit()
    engine.dispose()


def resting_job(owner, status):
    return Job(
        user_id=owner,
        tool_slug="tag-manager",
        operation="add_tags",
        selection={"ticket_ids": []},
        title=f"It is {status}",
        act_words="Add vip to {tickets}",
        limit=500,
        status=status,
        wake_at=now() + HOUR,  # long after the test
    )


@of_the_stack
def test_the_jobs_page_shows_every_status(open_page, signed_in, owner_of_each):
    page = open_page(signed_in(owner_of_each))
    page.goto("/jobs")
    listed = page.locator(".jobs-table tbody tr")
    states = page.get_by_role("navigation", name="Jobs by state")

    assert set(WORDS) == set(JobStatus)
    expect(listed).to_have_count(len(WORDS))
    for status, words in WORDS.items():
        row = listed.filter(has=page.get_by_role("link", name=f"It is {status}", exact=True))
        expect(row.locator(".state")).to_have_text(words)
    check(page)

    for status, words in WORDS.items():
        states.get_by_role("link", name=f"{words} 1", exact=True).click()
        expect(page.locator(".jobs-table .job-title a")).to_have_text([f"It is {status}"])


@of_the_stack
def test_progress_moves_live(page, zendesk):
    zendesk.change(**SLOWLY)
    page.clock.install()  # so that the test need not wait to see that nothing follows
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    page.evaluate("window.untouched = true")
    asked = requests_for_progress(page)

    expect(page.locator("#sentence")).to_have_text(RUNNING)
    seen = progress(page), counts(page)["Changed"]
    expect(page.locator(".job-bar")).not_to_have_attribute("value", str(seen[0]))
    assert progress(page) > seen[0]
    assert counts(page)["Changed"] > seen[1]
    zendesk.hurry()
    expect_state(page, "Completed")

    expect(page.locator("#tickets .outcome-changed")).to_have_count(50)
    assert page.evaluate("window.untouched"), "the page was loaded again"
    assert counts(page) == {"Changed": TICKETS, "Already so": 0, "Failed": 0}
    before = len(asked)
    assert before > 1
    page.clock.run_for(60_000)
    assert len(asked) == before, "it is over, and yet the page goes on asking"


@of_the_stack
def test_a_running_job_is_cancelled(page, zendesk):
    tag = new_tag()
    zendesk.hold_jobs(after=1)
    make_plan(page, tag, LARGE, EVERYTHING)
    start(page)
    expect(page.locator("#sentence")).to_have_text(RUNNING)
    check(page)

    page.get_by_role("button", name="Cancel the job").click()
    zendesk.hurry()
    expect_state(page, "Cancelled")

    shown, told = counts(page), zendesk.summary(tag)
    assert shown["Not reached"] > 0
    assert shown["Changed"] + shown["Not reached"] == TICKETS
    assert told["with_tag"] == shown["Changed"]
    assert told["effective_events"] == {"1": shown["Changed"]}
    expect(page.get_by_label(f"Not reached ({shown['Not reached']:,})")).to_be_visible()
    check(page)


@of_the_stack
def test_a_completed_job_shows_results(page, zendesk):
    do_with_one_refused(page, zendesk)

    assert counts(page) == {"Changed": 119, "Already so": 0, "Failed": 1}
    expect(page.locator("#sentence")).to_have_text(
        re.compile(r"^\s*Done in .+: 119 changed, 1 failed\.\s*$")
    )
    expect(page.locator("#tickets-shown")).to_have_text("Tickets 1–50 of 120.")
    refused, changed, *_ = page.locator("#tickets tbody tr").all()
    expect(refused).to_contain_text("Zendesk says: Not on a Tuesday")
    expect(changed.locator(".outcome")).to_have_text("Changed")
    expect(changed.locator("ins")).to_contain_text("add tag-")
    expect(changed.get_by_role("link", name="in Zendesk, in a new tab")).to_have_attribute(
        "href", re.compile(r"/agent/tickets/\d+$")
    )
    check(page)


READERS = {
    "CSV": lambda file: list(csv.DictReader(file)),
    "JSON": json.load,
    "NDJSON": lambda file: list(map(json.loads, file)),
}


@of_the_stack
def test_export_works(page, zendesk):
    do_with_one_refused(page, zendesk)
    shown = Counter({OUTCOMES[words]: number for words, number in counts(page).items() if number})

    for kind, read in READERS.items():
        with page.expect_download() as download:
            page.get_by_role("link", name=kind, exact=True).click()
        with Path(download.value.path()).open(newline="") as file:
            rows = read(file)

        assert download.value.suggested_filename.endswith(f".{kind.lower()}")
        assert Counter(row["outcome"] for row in rows) == shown == {"changed": 119, "failed": 1}
        assert len({row["ticket_id"] for row in rows}) == 120
        assert [row["detail"] for row in rows if row["outcome"] == "failed"] == ["Not on a Tuesday"]


@of_the_stack
def test_errors_are_shown_gracefully(page, stack, zendesk):
    fill_in(page, "", limit=1234)
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#tags-error")).to_contain_text("Type at least one tag.")
    expect(page.get_by_label("At most")).to_have_value("1234")
    check(page)

    zendesk.change(view_cursor_depth=100)
    fill_in(page, new_tag(), LARGE, EVERYTHING)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Failed")
    expect(page.locator("#sentence")).to_contain_text("nothing more was changed")
    check(page)

    page.goto("/no/such/page")
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()
    check(page)
    page.get_by_role("link", name="To the first page").click()
    expect(page).to_have_url(f"{stack.url}/")


@of_the_stack
def test_failed_tickets_do_not_stop_the_rest(page, zendesk):
    tag = new_tag()
    make_plan(page, tag, LARGE, EVERYTHING)
    for ticket in (7, 1234, 2400):
        zendesk.fail(ticket, "Not this one")

    start(page)
    expect_state(page, "Completed")

    assert counts(page) == {"Changed": TICKETS - 3, "Already so": 0, "Failed": 3}
    expect(page.locator(".failure-list")).to_contain_text("Zendesk says: Not this one")
    assert zendesk.summary(tag)["with_tag"] == TICKETS - 3
    check(page)


@of_the_stack
def test_the_rate_limit_causes_no_failure(page, zendesk):
    tag = new_tag()
    make_plan(page, tag, LARGE, EVERYTHING)
    refused = zendesk.summary(tag)["faults"].get("rate_limited", 0)
    says_no = {"kind": "rate_limited", "route": "PUT /tickets/*", "times": 3, "retry_after": 1}
    zendesk.change(faults=[says_no | {"after": 2}])

    start(page)
    expect_state(page, "Completed", timeout=60_000)

    told = zendesk.summary(tag)
    assert told["faults"]["rate_limited"] > refused, "Zendesk never said no"
    assert counts(page) == {"Changed": TICKETS, "Already so": 0, "Failed": 0}
    assert told["effective_events"] == {"1": TICKETS}
    page.get_by_text("Speed and waits").click()
    expect(page.locator("#speed-words")).to_contain_text("for Zendesk's minute limit")


@pytest.fixture
def many_tickets(tmp_path):
    """A stack of its own, with more tickets than the others need."""
    with running(tmp_path, tickets=10_000) as stack:
        yield stack


@pytest.mark.long
@pytest.mark.timeout(300)  # with the time that its stack takes to start
@pytest.mark.xdist_group("10,000 tickets")
def test_10000_tickets_complete(many_tickets, new_context, troubles):
    page, tag = new_context(base_url=many_tickets.url).new_page(), new_tag()
    troubles.watch(page)
    page.goto("/login")
    sign_in(page, many_tickets.agent)
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill(tag)
    choose_view(page, LARGE)
    page.get_by_label("At most").fill("10000")
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready", timeout=60_000)

    start(page)

    expect_state(page, "Completed", timeout=100_000)
    assert counts(page) == {"Changed": 10_000, "Already so": 0, "Failed": 0}
    assert many_tickets.summary(tag)["effective_events"] == {"1": 10_000}


def progress(page):
    return int(page.locator(".job-bar").get_attribute("value"))


def requests_for_progress(page):
    asked = []
    page.on(
        "request",
        lambda request: asked.append(request.url) if request.url.endswith("/progress") else None,
    )
    return asked
