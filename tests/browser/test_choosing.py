"""Choosing tickets, as every tool's form begins."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walk import SMALL, choose_view, expect_state, new_tag, start, view_box
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

FORM = "/tools/tag-manager"


def plan(page, tag=None):
    page.get_by_label("Tags", exact=True).fill(tag or new_tag())
    page.get_by_role("button", name="Show the plan").click()


def test_the_counts_arrive_after_the_page_and_ticks_stay(page):
    page.goto(FORM)
    box = view_box(page, SMALL)
    box.check()

    page.get_by_role("link", name="Count again").click()

    expect(page.locator("#view label").filter(has_text=SMALL)).to_have_text(f"{SMALL} (120)")
    expect(page.locator("#counted-at")).to_contain_text("Counted")
    expect(box).to_be_checked()


def test_a_view_is_found_by_its_words_and_what_is_ticked_stays_in_sight(page):
    page.goto(FORM)
    choose_view(page, SMALL)
    words = page.get_by_label("Show only views with these words")

    words.press_sequentially("partner")
    words.press("Enter")

    expect(page).to_have_url(re.compile(f"{FORM}$"))
    expect(view_box(page, "Partner escalations")).to_be_visible()
    expect(view_box(page, SMALL)).to_be_visible()
    expect(view_box(page, "All tickets")).to_be_hidden()


def test_two_views_are_one_plan_and_each_can_have_its_own(page):
    page.goto(FORM)
    for title in (SMALL, "Partner escalations"):
        choose_view(page, title)
    plan(page)
    expect_state(page, "Plan ready")
    expect(page.locator("h1")).to_contain_text(f"{SMALL} and 1 more view")

    page.goto(FORM)
    for title in (SMALL, "Partner escalations"):
        choose_view(page, title)
    page.get_by_label("Make a job of its own for each view").check()
    tag = new_tag()
    plan(page, tag)

    expect(page.locator("main")).to_contain_text("2 plans are being made, one for each view.")
    for title in (SMALL, "Partner escalations"):
        expect(page.get_by_role("link", name=f"Add {tag} to {title}")).to_be_visible()


def test_a_search_is_counted_as_one_types_and_its_trouble_is_told(page):
    page.goto(FORM)
    page.get_by_label("Those that a search finds").check()
    search = page.get_by_label("Search", exact=True)

    search.press_sequentially("tags:recall-batch-7")
    expect(page.locator("#found")).to_have_text("120 tickets match now.")
    check(page)
    search.fill("status:moon")
    expect(page.locator("#found")).to_contain_text("Zendesk does not understand the search")

    search.fill("tags:recall-batch-7")
    plan(page)
    expect(page.locator("#sentence")).to_contain_text("120 of 120 tickets will change")


def test_pasted_numbers_with_a_bad_line_are_kept_and_the_line_is_named(page):
    page.goto(FORM)
    page.get_by_label("Those whose numbers I have").check()
    numbers = page.get_by_label("Ticket numbers", exact=True)
    numbers.fill("1 #2\nnot a number\n3")
    plan(page)

    expect(page.locator("#ticket_ids-error")).to_contain_text("line 2 (“not”)")
    expect(numbers).to_have_value("1 #2\nnot a number\n3")
    check(page)
    page.get_by_label("Leave out the lines that have no ticket number").check()
    plan(page)

    expect_state(page, "Plan ready")
    expect(page.locator("#tickets tbody tr")).to_have_count(3)


def test_a_csv_file_is_read_and_a_bad_one_is_told_beside_its_field(page):
    page.goto(FORM)
    page.get_by_label("Those whose numbers I have").check()
    upload = page.get_by_label("Or a CSV file that has them")
    lines = "".join(f"Order {one},{one}\n" for one in range(1, 121))
    named = {"name": "orders.csv", "mimeType": "text/csv"}

    upload.set_input_files(named | {"buffer": f"Order,Number\n{lines}".encode()})
    plan(page)
    expect(page.locator("#file-error")).to_be_visible()
    check(page)

    upload.set_input_files(named | {"buffer": f"Order,Number\n{lines}".encode()})
    page.get_by_label("Name of the column").fill("Number")
    plan(page)

    expect(page.locator("#sentence")).to_contain_text("of 120 tickets will change")


def test_the_tickets_of_an_earlier_job_are_chosen_by_their_result(page):
    first, second = new_tag(), new_tag()
    page.goto(FORM)
    choose_view(page, SMALL)
    plan(page, first)
    expect_state(page, "Plan ready")
    start(page)
    expect_state(page, "Completed")

    page.goto(FORM)
    page.get_by_label("Those of an earlier job").check()
    page.get_by_label("Changed").check()
    check(page)
    plan(page, second)
    expect(page.locator("#job-error")).to_have_text(re.compile("Choose a job that is over."))
    expect(page.get_by_label("Changed")).to_be_checked()

    earlier = page.locator("#job option").filter(has_text=f"Add {first} to {SMALL}")
    page.get_by_label("Job", exact=True).select_option(earlier.get_attribute("value"))
    plan(page, second)

    expect_state(page, "Plan ready")
    expect(page.locator("h1")).to_have_text(
        f"Add {second} to 120 tickets of “Add {first} to {SMALL}”"
    )


def test_single_tickets_are_left_out_of_a_plan_with_the_keyboard_alone(page):
    page.goto(FORM)
    choose_view(page, SMALL)
    plan(page)
    expect_state(page, "Plan ready")
    boxes = page.locator("#tickets tbody input[type=checkbox]")

    boxes.first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("#untick").focus()
    page.keyboard.press("Enter")

    expect(page.locator("#apply")).to_contain_text("118 tickets")
    check(page)
    start(page)
    expect_state(page, "Completed")
    expect(page.locator("#sentence")).to_contain_text("118 changed")


def test_a_plan_is_not_started_past_ticks_that_it_does_not_know_of(page):
    page.goto(FORM)
    choose_view(page, SMALL)
    plan(page)
    expect_state(page, "Plan ready")
    page.locator("#tickets tbody input[type=checkbox]").first.uncheck()

    start(page)

    expect(page.locator("#unsent-ticks")).to_contain_text("you have changed the ticks of 1 ticket")
    expect(page.locator("#untick")).to_be_focused()
    check(page)
    page.keyboard.press("Enter")
    expect(page.locator("#apply")).to_contain_text("119 tickets")
    start(page)
    expect(page.locator("#sentence")).to_contain_text("119 changed")


def test_all_tickets_of_a_page_of_the_plan_are_unticked_at_once(page):
    page.goto(FORM)
    choose_view(page, SMALL)
    plan(page)
    expect_state(page, "Plan ready")
    expect(page.get_by_label("All on this page")).to_be_checked()

    page.get_by_label("All on this page").uncheck()
    page.locator("#tickets tbody input[type=checkbox]").first.check()
    page.locator("#untick").click()

    expect(page.locator("#apply")).to_contain_text("71 tickets")


def test_tickets_are_chosen_without_javascript(open_page, signed_in, stack):
    page = open_page(signed_in(stack.agent), java_script_enabled=False)
    page.goto(f"{FORM}?count=now")
    expect(page.locator("#view label").filter(has_text=SMALL)).to_have_text(f"{SMALL} (120)")
    page.get_by_label("Those that a search finds").check()
    page.get_by_label("Search", exact=True).fill("tags:recall-batch-7")
    plan(page)

    expect(page.locator("#sentence")).to_contain_text("120 of 120 tickets will change")
