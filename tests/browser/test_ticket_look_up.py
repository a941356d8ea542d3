"""Looking a ticket up, from the first page to what each job did to it."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import SMALL, expect_state, make_plan, new_tag, start
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


def test_a_ticket_is_looked_up_from_the_first_page(page):
    tag = new_tag()
    make_plan(page, tag, SMALL, limit=3)
    page.get_by_label("I want to change only these 3 tickets").check()
    start(page)
    expect_state(page, "Completed")
    ticket = page.locator("#tickets tbody a").first.inner_text().split()[0]

    page.goto("/")
    page.get_by_label("Look up a ticket").last.fill(f"#{ticket}")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name=f"Ticket {ticket}")).to_be_visible()
    newest = page.locator("tbody tr").first
    expect(newest.get_by_role("link", name=f"Add {tag} to {SMALL}")).to_be_visible()
    expect(newest.locator(".outcome")).to_have_text("Changed")
    expect(newest.locator("ins")).to_contain_text(tag)
    check(page)


def test_what_is_no_ticket_is_said_beside_the_field(page):
    page.goto("/jobs")
    page.get_by_role("link", name="Look up a ticket").click()
    check(page)
    page.get_by_label("Ticket", exact=True).fill("vip")
    page.get_by_role("button", name="Look it up").click()

    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.get_by_label("Ticket", exact=True)).to_have_value("vip")
    check(page)


def test_a_ticket_that_no_job_had_says_so(page):
    page.goto("/jobs/tickets?ticket=999999999")

    expect(page.get_by_text("No job of yours had this ticket")).to_be_visible()
    check(page)
