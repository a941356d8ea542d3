"""The plan: what will change, seen and agreed to before anything is written."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    SMALL,
    SMALL_PAGES,
    counts,
    expect_state,
    fill_in,
    make_plan,
    new_tag,
    start,
)
from tests.fixtures.chromium import check
from tests.fixtures.stack import TICKETS

pytestmark = pytest.mark.xdist_group("stack")


def test_removing_tags_shows_what_goes(page):
    fill_in(page, "recall-batch-7")
    page.get_by_label("Remove tags").check()

    page.get_by_role("button", name="Show the plan").click()

    row = page.locator("#tickets tbody tr").first
    expect(row.locator("del")).to_have_text("remove recall-batch-7")
    expect(page.locator("#apply")).to_have_text("Remove recall-batch-7 from 120 tickets")


def test_a_plan_without_changes_is_over_at_once_and_says_so(page):
    fill_in(page, "recall-batch-7")

    page.get_by_role("button", name="Show the plan").click()

    expect_state(page, "Completed")
    expect(page.locator("#sentence")).to_contain_text("every ticket is already as you want it")
    assert counts(page) == {"Changed": 0, "Already so": 120, "Failed": 0}


def test_the_tickets_of_a_plan_are_paged(page):
    make_plan(page, new_tag())
    tickets = page.locator("#tickets td[data-label=Ticket]")
    first = tickets.all_inner_texts()

    page.get_by_role("link", name="Next").click()
    expect(tickets.first).not_to_have_text(first[0])
    second = tickets.all_inner_texts()
    page.get_by_role("link", name="Next").click()
    expect(tickets).to_have_count(20)
    third = tickets.all_inner_texts()

    assert len({*first, *second, *third}) == 120
    page.get_by_role("link", name="Previous").click()
    expect(tickets).to_have_text(second)


def test_a_plan_of_a_part_is_started_only_with_its_tick(page, zendesk):
    tag = new_tag()
    make_plan(page, tag, LARGE, limit=100)
    tick = page.get_by_label("I want to change only these 100 tickets")
    expect(page.get_by_text(f"your limit of 100: {TICKETS:,} in all")).to_be_visible()
    check(page)

    start(page)
    expect(tick).to_be_focused()
    assert tick.evaluate("box => box.validity.valueMissing")
    page.locator("#apply-form").evaluate("form => form.noValidate = true")
    start(page)
    expect(page.locator("#agreed_to_part-error")).to_contain_text("Tick the box")
    assert zendesk.summary(tag)["with_tag"] == 0

    tick.check()
    start(page)
    expect_state(page, "Completed")
    assert zendesk.summary(tag)["effective_events"] == {"1": 100}


def test_a_discarded_plan_changes_nothing(page, zendesk):
    tag = new_tag()
    make_plan(page, tag)

    page.get_by_role("button", name="Discard this plan").click()

    expect_state(page, "Cancelled")
    assert counts(page)["Not reached"] == 120
    expect(page.locator("#apply")).to_have_count(0)
    assert zendesk.summary(tag)["with_tag"] == 0


def test_a_plan_is_made_while_one_watches(page, zendesk):
    zendesk.change(**SMALL_PAGES)

    fill_in(page, new_tag(), LARGE, EVERYTHING)
    page.get_by_role("button", name="Show the plan").click()

    expect_state(page, "Planning")
    expect(page.locator("#sentence")).to_contain_text("Nothing is changed.")
    check(page)
    zendesk.hurry()
    expect_state(page, "Plan ready")
    expect(page.locator("#apply")).to_contain_text(f"{TICKETS:,} tickets")
    expect(page.locator("#tickets tbody tr")).to_have_count(50)


def test_a_double_click_makes_one_plan_and_one_job(page, zendesk):
    tag = new_tag()
    fill_in(page, tag)

    page.get_by_role("button", name="Show the plan").dblclick()
    expect_state(page, "Plan ready")
    page.locator("#apply").dblclick()
    expect_state(page, "Completed")

    page.goto("/jobs")
    expect(page.get_by_role("link", name=f"Add {tag} to {SMALL}")).to_have_count(1)
    assert zendesk.summary(tag)["effective_events"] == {"1": 120}


def test_the_same_form_arriving_twice_makes_one_job(page):
    tag = new_tag()
    fill_in(page, tag)
    with page.expect_request(lambda request: request.method == "POST") as sent:
        page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")

    again = page.request.post(
        sent.value.url,
        data=sent.value.post_data_buffer,
        headers={"Content-Type": sent.value.headers["content-type"], "Referer": page.url},
    )

    assert again.url == page.url
    page.goto("/jobs")
    expect(page.get_by_role("link", name=f"Add {tag} to {SMALL}")).to_have_count(1)


def test_going_back_and_sending_the_form_again_changes_nothing_twice(page, zendesk):
    tag = new_tag()
    make_plan(page, tag)
    first = page.url
    page.go_back()
    expect(page.get_by_label("Tags", exact=True)).to_have_value(tag)

    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")
    for address in {page.url, first}:
        page.goto(address)
        start(page)
        expect_state(page, "Completed")

    assert zendesk.summary(tag)["effective_events"] == {"1": 120}
