"""The first page while jobs come and go."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import EVERYTHING, LARGE, SLOWLY, SMALL, make_plan, new_tag, start
from tests.e2e.http import Console
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


def part(page, heading):
    return page.locator("section", has=page.get_by_role("heading", name=heading))


def test_a_job_moves_from_running_to_recent_while_one_watches(open_page, signed_in, stack, zendesk):
    person = stack.add_person("first-page@giga.test")
    Console(stack, person).plan("older", SMALL, limit=1)
    page, tag = open_page(signed_in(person)), new_tag()
    zendesk.change(**SLOWLY)
    make_plan(page, tag, LARGE, EVERYTHING)
    start(page)
    page.goto("/")
    older = part(page, "Waiting for you").get_by_role("link", name=f"Add older to {SMALL}")
    expect(part(page, "Running now").get_by_role("link", name=tag)).to_be_visible()
    expect(page.get_by_text("Worker is running.")).to_be_visible()
    check(page)
    older.focus()

    zendesk.hurry()

    expect(part(page, "Recent").get_by_role("link", name=tag)).to_be_visible(timeout=60_000)
    expect(part(page, "Running now").get_by_text("Nothing runs.")).to_be_visible()
    expect(older).to_be_focused()


def test_the_first_page_shows_an_admin_whose_jobs_they_are(open_page, signed_in, stack):
    person = stack.add_person("watched@giga.test")
    Console(stack, person).plan("watched", SMALL, limit=1)
    page = open_page(signed_in(stack.admin))
    page.goto("/")

    waiting = part(page, "Waiting for somebody")

    expect(waiting.get_by_text("by watched@giga.test")).to_be_visible()
    check(page)


def test_an_admin_has_the_head_of_the_page_in_one_row(open_page, signed_in, stack):
    page = open_page(signed_in(stack.admin))

    page.goto("/")

    middles = {
        round(box["y"] + box["height"] / 2)
        for box in (
            one.bounding_box() for one in page.locator(".site-header :is(.site-link, button)").all()
        )
        if box and box["y"] >= 0
    }
    assert len(middles) == 1
    expect(page.get_by_title(stack.admin.email)).to_be_visible()
