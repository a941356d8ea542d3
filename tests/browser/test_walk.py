"""The whole walk, for those who use a keyboard only, and for those without JavaScript."""

import time

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    SMALL,
    counts,
    expect_state,
    fill_in,
    new_tag,
    start,
    view_box,
)
from tests.fixtures.stack import TICKETS

pytestmark = pytest.mark.xdist_group("stack")

DEADLINE_SECONDS = 60


def test_a_job_is_made_and_done_with_the_keyboard_alone(stranger, stack, zendesk):
    page, keys, tag = stranger, stranger.keyboard, new_tag()
    page.goto("/login")

    expect(page.get_by_label("Email")).to_be_focused()
    keys.type(stack.agent.email)
    tab_to(page, page.get_by_label("Password"))
    keys.type(stack.agent.password)
    keys.press("Enter")
    tab_to(page, page.get_by_role("main").get_by_role("link", name="Tag manager"))
    keys.press("Enter")
    tab_to(page, page.get_by_label("Show only views with these words"))
    keys.type(SMALL[:6])
    tab_to(page, view_box(page, SMALL))
    keys.press("Space")
    tab_to(page, page.get_by_label("Tags", exact=True))
    keys.type(tag)
    tab_to(page, page.get_by_role("button", name="Show the plan"))
    keys.press("Space")
    expect_state(page, "Plan ready")
    tab_to(page, page.locator("#apply"))
    keys.press("Space")

    expect_state(page, "Completed")
    assert zendesk.summary(tag)["effective_events"] == {"1": 120}


def test_the_first_tab_leads_past_the_menu(page):
    page.goto("/jobs")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("main")).to_be_focused()


def tab_to(page, wanted):
    """Press Tab until the wanted thing has the focus, as a person would."""
    expect(wanted).to_be_visible()
    for _ in range(40):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"40 times Tab do not lead to {wanted}")


def test_everything_works_without_javascript(open_page, signed_in, stack, zendesk):
    page, tag = open_page(signed_in(stack.agent), java_script_enabled=False), new_tag()

    fill_in(page, tag, LARGE, EVERYTHING)
    page.get_by_role("button", name="Show the plan").click()
    reload_until(page, "Plan ready")
    start(page)
    reload_until(page, "Completed")

    assert counts(page)["Changed"] == TICKETS
    assert zendesk.summary(tag)["effective_events"] == {"1": TICKETS}
    page.get_by_text("Delete this job…").click()
    page.get_by_role("button", name="Delete the job and its results").click()
    expect(page.get_by_text("The audit log keeps that it was there.")).to_be_visible()


def reload_until(page, state):
    deadline = time.monotonic() + DEADLINE_SECONDS
    while page.locator(".job-card .state").inner_text() != state:
        assert time.monotonic() < deadline, page.locator(".job-card").inner_text()
        page.reload()
