"""The list of jobs: empty, in pages, filtered, live, and cleared up; and whose jobs one sees."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import tab_to
from tests.browser.walk import EVERYTHING, LARGE, SLOWLY, SMALL, make_plan, new_tag, start
from tests.e2e.http import Console
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

A_PAGE = 25
HOSTILE = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def busy_person(stack):
    """Somebody with 52 jobs: 51 discarded plans, and the newest still a plan."""
    person = stack.add_person("busy@giga.test")
    newest = Console(stack, person).plan("job-51", SMALL, limit=1)
    stack.add_discarded(newest, *(f"Add job-{number} to {SMALL}" for number in range(51)))
    return person


def rows(page):
    return page.locator(".jobs-table .job-title a")


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
    expect(rows(page)).to_have_count(A_PAGE)
    expect(rows(page).first).to_have_text(f"Add job-51 to {SMALL}")
    check(page)

    page.get_by_role("link", name="Next").click()
    expect(rows(page).first).to_have_text(f"Add job-26 to {SMALL}")
    page.get_by_role("link", name="Next").click()

    expect(rows(page)).to_have_text([f"Add job-1 to {SMALL}", f"Add job-0 to {SMALL}"])
    expect(page.get_by_role("link", name="Next")).to_have_count(0)
    page.get_by_role("link", name="Previous").click()
    expect(rows(page)).to_have_count(A_PAGE)
    page.get_by_role("link", name="Previous").click()
    expect(rows(page).first).to_have_text(f"Add job-51 to {SMALL}")
    expect(page.get_by_role("link", name="Previous")).to_have_count(0)


def test_jobs_are_filtered_and_stay_so_on_the_next_page_and_after_a_reload(
    open_page, signed_in, busy_person
):
    page = open_page(signed_in(busy_person))
    page.goto("/jobs")

    page.get_by_role("link", name="Cancelled 51").click()
    page.get_by_text("Filters and order").click()
    page.get_by_label("Tool").select_option(label="Tag manager")
    page.get_by_label("Order").select_option(label="Oldest first")
    check(page)
    page.get_by_role("button", name="Show these").click()
    expect(rows(page).first).to_have_text(f"Add job-0 to {SMALL}")
    page.get_by_role("link", name="Next").click()
    expect(rows(page).first).to_have_text(f"Add job-25 to {SMALL}")
    page.reload()

    expect(rows(page).first).to_have_text(f"Add job-25 to {SMALL}")
    expect(page.get_by_role("link", name="Cancelled 51")).to_have_attribute("aria-current", "true")
    expect(page.get_by_label("Tool")).to_have_value("tag-manager")
    expect(page.get_by_label("Order")).to_have_value("oldest")


def test_jobs_are_found_by_their_words(open_page, signed_in, busy_person):
    page = open_page(signed_in(busy_person))
    page.goto("/jobs")

    page.get_by_label("Words of the title").fill("JOB-33")
    page.keyboard.press("Enter")

    expect(rows(page)).to_have_text([f"Add job-33 to {SMALL}"])
    expect(page.get_by_role("link", name="Cancelled 1")).to_be_visible()
    page.goto(f"/jobs?text={HOSTILE}&from=never")
    expect(page.get_by_label("Words of the title")).to_have_value(HOSTILE)
    expect(page.get_by_text("“never” is no day")).to_be_visible()
    check(page)


@pytest.mark.long
def test_a_filter_that_nothing_matches_says_so_and_can_be_dropped(page):
    page.goto("/jobs?status=paused&text=nothing-has-this-word")
    expect(page.get_by_text("No job matches.")).to_be_visible()
    check(page)

    page.get_by_role("link", name="Show all jobs").click()

    expect(page.get_by_role("heading", name="Jobs")).to_be_visible()
    assert page.url.endswith("/jobs")


def test_rows_are_renewed_without_losing_focus_ticks_or_place(open_page, signed_in, stack, zendesk):
    person = stack.add_person("watching@giga.test")
    Console(stack, person).plan("older", SMALL, limit=1)
    page, tag = open_page(signed_in(person)), new_tag()
    zendesk.change(**SLOWLY)
    make_plan(page, tag, LARGE, EVERYTHING)
    start(page)
    expect(page.locator(".job-card .state")).to_have_text(re.compile("Running|Waiting to start"))
    page.goto("/jobs")
    row = page.locator(".jobs-table tbody tr", has_text=tag)
    box = page.get_by_label(f"Tick Add older to {SMALL}")
    box.check()
    page.get_by_role("link", name="Plan ready 1").focus()
    page.evaluate("window.scrollTo(0, 40)")
    place = page.evaluate("window.scrollY")

    zendesk.hurry()

    expect(row.locator(".state")).to_have_text("Completed", timeout=60_000)
    expect(page.get_by_role("link", name="Completed 1")).to_be_visible()
    expect(page.get_by_role("link", name="Plan ready 1")).to_be_focused()
    expect(box).to_be_checked()
    assert page.evaluate("window.scrollY") == place
    expect(page.locator("#jobs-now")).not_to_have_attribute("hx-get", re.compile("."))


@pytest.mark.long
def test_jobs_are_deleted_with_the_keyboard_alone(open_page, signed_in, stack):
    person = stack.add_person("tidy@giga.test")
    console = Console(stack, person)
    for number in range(3):
        job = console.plan(f"tidy-{number}", SMALL, limit=1)
        if number:
            job.post("cancel")
    page = open_page(signed_in(person))
    page.goto("/jobs?sort=oldest")

    tab_to(page, page.get_by_label("Tick all 3 on this page"))
    page.keyboard.press("Space")
    expect(page.locator("#ticked")).to_have_text("3 ticked")
    check(page)
    tab_to(page, page.get_by_role("button", name="Delete the ticked jobs…"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Delete these 2 jobs?")).to_be_visible()
    expect(page.get_by_text("The results of 2 tickets go with them")).to_be_visible()
    expect(page.get_by_text("1 job is not over yet, and stays")).to_be_visible()
    check(page)
    tab_to(page, page.get_by_role("button", name="Delete 2 jobs and their results"))
    page.keyboard.press("Enter")

    expect(page.get_by_text("Deleted 2 jobs.")).to_be_visible()
    expect(rows(page)).to_have_text([f"Add tidy-0 to {SMALL}"])
    assert page.url.endswith("/jobs?sort=oldest")


def test_jobs_are_deleted_without_javascript(open_page, signed_in, stack):
    person = stack.add_person("plain@giga.test")
    Console(stack, person).plan("plain", SMALL, limit=1).post("cancel")
    page = open_page(signed_in(person), java_script_enabled=False)
    page.goto("/jobs")

    page.get_by_role("link", name="Tick all 1 on this page").click()
    page.get_by_role("button", name="Delete the ticked jobs…").click()
    page.get_by_role("button", name="Delete the job and its results").click()

    expect(page.get_by_text("Deleted 1 job.")).to_be_visible()
    expect(page.get_by_text("No jobs yet.")).to_be_visible()


@pytest.mark.long
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
    check(admin)
    admin.get_by_role("link", name=title).click()

    expect(admin.get_by_text(f"By {stack.agent.email}").first).to_be_visible()
