"""Watching a job, stopping it, taking its results away, and removing it."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    RUNNING,
    SMALL_PAGES,
    do_with_one_refused,
    expect_state,
    fill_in,
    make_plan,
    new_tag,
    start,
)
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("stack")


@pytest.mark.long
def test_a_job_says_what_it_waits_for_and_goes_on(page, zendesk):
    zendesk.change(**SMALL_PAGES)
    fill_in(page, new_tag(), LARGE, EVERYTHING)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Planning")

    zendesk.change(down=True)
    waiting = page.locator(".waiting")
    expect(waiting).to_contain_text("Zendesk cannot be reached or is in trouble")
    check(page)

    zendesk.change(down=False)
    zendesk.hurry()
    expect_state(
        page, "Plan ready", timeout=60_000
    )  # it asks the more seldom, the longer it lasted
    expect(waiting).to_have_count(0)


def test_a_lost_connection_is_said_and_the_page_recovers(page, zendesk, troubles):
    troubles.expected += ["ERR_INTERNET_DISCONNECTED", "^htmx:(afterRequest|sendError)"]
    zendesk.change(**SMALL_PAGES)
    fill_in(page, new_tag(), LARGE, EVERYTHING)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Planning")
    notice = page.get_by_text("The connection to Giga Tools is lost.")

    page.context.set_offline(True)
    expect(notice).to_be_visible()
    page.context.set_offline(False)

    expect(notice).to_be_hidden()
    zendesk.hurry()
    expect_state(page, "Plan ready")


@pytest.fixture
def finished(page, zendesk):
    """A finished job of 120 tickets, of which Zendesk refused one. Its title."""
    do_with_one_refused(page, zendesk)
    return page.get_by_role("heading", level=1).inner_text()


def test_a_filtered_page_exports_what_it_shows(page, finished):
    page.get_by_label(re.compile(r"^Failed \(")).check()
    page.get_by_role("button", name="Filter").click()
    expect(page.locator("#tickets tbody tr")).to_have_count(1)
    expect(page.locator("#tickets tbody")).to_contain_text("Zendesk says: Not on a Tuesday")

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()

    lines = Path(download.value.path()).read_text().splitlines()
    assert len(lines) == 2
    assert ",failed,refused,Not on a Tuesday," in lines[1]


def test_deleting_a_finished_job_asks_first_and_then_it_is_gone(page, finished, stack):
    address = page.url
    page.get_by_text("Delete this job…").click()
    expect(page.get_by_text("nobody can look them up any more")).to_be_visible()
    check(page)

    page.get_by_role("button", name="Delete the job and its results").click()

    expect(page).to_have_url(f"{stack.url}/jobs")
    expect(page.get_by_text(f"Deleted: {finished}.")).to_be_visible()
    expect(page.get_by_role("link", name=finished)).to_have_count(0)
    page.goto(address)
    expect(page.get_by_role("heading", name="There is no such page")).to_be_visible()


def test_what_zendesk_says_is_shown_as_text(page, zendesk):
    markup = "<script>alert(1)</script><img/src=x/onerror=alert(1)>"
    ticket = zendesk.add_ticket(tags=["legal-hold", markup])
    zendesk.fail(ticket, markup)
    fill_in(page, new_tag(), "Legal holds")
    page.get_by_label("Why").fill(markup)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")

    start(page)
    expect_state(page, "Completed")
    page.get_by_label(re.compile(r"^Failed \(")).check()
    page.get_by_role("button", name="Filter").click()

    row = page.locator("#tickets tbody tr", has_text=str(ticket))
    expect(row.locator(".tag", has_text="<script>")).to_have_text(markup)
    expect(row).to_contain_text(f"Zendesk says: {markup}")
    expect(page.get_by_role("main")).to_contain_text(f"Why: {markup}")
    assert page.locator("main script, main img").count() == 0
    check(page)


def test_a_job_is_paused_and_goes_on(page, zendesk):
    zendesk.hold_jobs(after=1)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    expect(page.locator("#sentence")).to_have_text(RUNNING)

    page.get_by_role("button", name="Pause").click()
    expect(page.locator("#sentence")).to_contain_text("No new tickets are sent")
    zendesk.hurry()
    expect_state(page, "Paused")
    expect(page.locator("#sentence")).to_contain_text("none is in flight")
    check(page)
    zendesk.hold_jobs()
    page.get_by_role("button", name="Resume").click()
    expect_state(page, "Running")
    page.get_by_role("button", name="Cancel the job").click()
    zendesk.hurry()
    expect_state(page, "Cancelled")


def test_a_job_is_verified_and_undone(page, zendesk):
    tag = new_tag()
    make_plan(page, tag)
    start(page)
    expect_state(page, "Completed")

    page.get_by_role("button", name="Verify what it changed (120)").click()
    expect(page.locator("#sentence")).to_have_text(
        "Verified: 120 as the job left them, 0 changed since, 0 gone."
    )
    check(page)
    page.get_by_role("link", name=f"Add {tag} to").click()
    page.get_by_text("Undo this job…").click()
    check(page)
    page.get_by_role("button", name="Plan the undo of 120 tickets").click()
    expect_state(page, "Plan ready")
    expect(page.locator("#tickets tbody tr").first.locator("del")).to_have_text(f"remove {tag}")
    start(page)

    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 0
