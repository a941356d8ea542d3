"""The steps that a person takes with the tag manager, as tests say them."""

import re
import uuid

from playwright.sync_api import expect

SMALL, LARGE = "Recall of batch 7", "All tickets"
EVERYTHING = 50_000
RUNNING = re.compile(r"[\d,]+ of 2,500 tickets done, [\d,]+ a minute, about .+ left\.")
# One Zendesk job after the other, each of three seconds: 2,500 tickets last eighty, longer than any test waits. Few of
# them are queued, since Giga Tools gives up on one that is not over in half an hour, which here is thirty seconds.
SLOWLY = {"job_rate": 0.5, "jobs_at_once": 1, "max_jobs": 3}
# Planning 2,500 tickets takes 1,250 calls, and four minutes.
SMALL_PAGES = {
    "max_page_size": 2,
    "faults": [{"kind": "slow", "route": "GET /views/{id}/tickets", "seconds": 0.2}],
}


def new_tag():
    """A tag that no ticket has."""
    return f"tag-{uuid.uuid4().hex[:10]}"


def fill_in(page, tags, view=SMALL, limit=None):
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill(tags)
    choose_view(page, view)
    if limit:
        page.get_by_label("At most").fill(str(limit))


def choose_view(page, title):
    view_box(page, title).check()


def choose_numbers(page, tickets):
    page.get_by_label("Those whose numbers I have").check()
    page.get_by_label("Ticket numbers", exact=True).fill(" ".join(map(str, tickets)))


def view_box(page, title):
    """The box to tick for the view of this title, whatever its count."""
    return page.get_by_label(re.compile(rf"^{re.escape(title)}( \(|$)"))


def make_plan(page, tags, view=SMALL, limit=None):
    """Fill in the form and send it; returns when the plan is there."""
    fill_in(page, tags, view, limit)
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")


def do_with_one_refused(page, zendesk):
    """A job of 120 tickets, done, of which Zendesk refused the first."""
    make_plan(page, new_tag())
    first = page.locator("#tickets td[data-label=Ticket]").first.inner_text()
    zendesk.fail(int(re.search(r"\d+", first)[0]), "Not on a Tuesday")
    start(page)
    expect_state(page, "Completed")


def start(page):
    page.locator("#apply").click()


def expect_state(page, words, **limit):
    """Wait for the state, and for the page's scripts: before them, its links and forms open pages of their own."""
    expect(page.locator(".job-card .state:not(.findings *)")).to_have_text(words, **limit)
    page.wait_for_load_state()


def counts(page):
    """The numbers that the page shows, by what it calls them."""
    shown = page.locator(".count").all_inner_texts()
    pairs = (text.split("\n") for text in shown)
    return {words.strip(): int(number.replace(",", "")) for words, number in pairs}
