"""The list of jobs: empty, in pages, filtered; and whose jobs one sees."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import SMALL, make_plan, new_tag
from tests.e2e.http import Console
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("stack")

A_PAGE = 25


@pytest.fixture(scope="module")
def busy_person(stack):
    """Somebody with 27 jobs: 26 discarded plans, and the newest still a plan."""
    person = stack.add_person("busy@giga.test")
    console = Console(stack, person)
    for number in range(27):
        job = console.plan(f"job-{number}", SMALL, limit=1)
        if number < 26:
            job.post("cancel")
    return person


def test_somebody_without_jobs_is_told_where_they_come_from(open_page, signed_in, stack):
    page = open_page(signed_in(stack.add_person("new@giga.test")))

    page.goto("/jobs")

    expect(page.get_by_text("No jobs yet.")).to_be_visible()
    check(page)
    page.goto("/")
    expect(page.get_by_text("No jobs yet. Choose a tool above")).to_be_visible()
    check(page)


def test_jobs_are_paged_newest_first(open_page, signed_in, busy_person):
    page = open_page(signed_in(busy_person))
    page.goto("/jobs")
    jobs = page.locator(".jobs-table tbody a")
    expect(jobs).to_have_count(A_PAGE)
    expect(jobs.first).to_have_text(f"Add job-26 to {SMALL}")
    check(page)

    page.get_by_role("link", name="Next").click()

    expect(jobs).to_have_text([f"Add job-1 to {SMALL}", f"Add job-0 to {SMALL}"])
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.get_by_role("link", name="Previous").click()
    expect(jobs).to_have_count(A_PAGE)
    expect(page.get_by_role("link", name="Previous")).to_have_count(0)


def test_jobs_are_filtered_by_state_and_tool_and_stay_so_on_the_next_page(
    open_page, signed_in, busy_person
):
    page = open_page(signed_in(busy_person))
    page.goto("/jobs")
    jobs = page.locator(".jobs-table tbody a")

    page.get_by_label("State").select_option(label="Cancelled")
    page.get_by_label("Tool").select_option(label="Tag manager")
    page.get_by_role("button", name="Filter").click()
    expect(jobs.first).to_have_text(f"Add job-25 to {SMALL}")
    page.get_by_role("link", name="Next").click()

    expect(jobs).to_have_text([f"Add job-0 to {SMALL}"])
    expect(page.get_by_label("State")).to_have_value("cancelled")
    expect(page.get_by_label("Tool")).to_have_value("tag-manager")


def test_a_filter_that_nothing_matches_says_so_and_can_be_dropped(page):
    page.goto("/jobs?status=paused")
    expect(page.get_by_text("No job matches.")).to_be_visible()
    check(page)

    page.get_by_role("link", name="Show all jobs").click()

    expect(page.get_by_label("State")).to_have_value("")


def test_one_sees_ones_own_jobs_and_an_admin_sees_all(page, open_page, signed_in, stack):
    tag = new_tag()
    make_plan(page, tag)
    of_agent, title = page.url, f"Add {tag} to {SMALL}"
    stranger = open_page(signed_in(stack.add_person("other@giga.test")))
    admin = open_page(signed_in(stack.admin))

    stranger.goto(of_agent)
    expect(stranger.get_by_role("heading", name="There is no such page")).to_be_visible()
    stranger.goto("/jobs")
    expect(stranger.get_by_role("link", name=title)).to_have_count(0)
    admin.goto("/jobs")
    admin.get_by_role("link", name=title).click()

    expect(admin.get_by_text(f"By {stack.agent.email}")).to_be_visible()
