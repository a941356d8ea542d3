"""The table of a job's tickets: filter, retry one kind of failure, undo ticked tickets, and take the results away."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    SLOWLY,
    counts,
    expect_state,
    make_plan,
    new_tag,
    start,
)
from tests.fixtures.chromium import NARROW, check

pytestmark = pytest.mark.xdist_group("console")

HOSTILE = "<img src=x onerror=alert(1)> Status: is required"


def rows(page):
    return page.locator("#tickets tbody tr")


def shown(page):
    """The tickets that the table lists."""
    found = page.locator("#tickets td[data-label=Ticket]").all_inner_texts()
    return [int(re.search(r"\d+", one)[0]) for one in found]


def showing(page, words):
    expect(page.locator("#tickets-shown")).to_contain_text(words)


@pytest.fixture
def done(page, zendesk):
    """A finished job of 120 tickets, three of which were refused in two ways: its tag, and those three."""
    tag = new_tag()
    make_plan(page, tag)
    refused = shown(page)[:3]
    for ticket, words in zip(refused, ("On holiday", HOSTILE, HOSTILE), strict=True):
        zendesk.fail(ticket, words)
    start(page)
    expect_state(page, "Completed")
    return tag, refused


def test_filter_retry_one_kind_undo_ticked_tickets_and_export(page, zendesk, done):
    tag, (holiday, *hostile) = done
    job = page.url
    kinds = page.locator(".failure-list li")
    expect(kinds).to_have_count(2)
    expect(kinds.first).to_contain_text(f"Zendesk says: {HOSTILE}")
    check(page)

    kinds.first.get_by_role("link", name="Show them").click()
    showing(page, "Tickets 1–2 of 2.")
    assert shown(page) == hostile
    check(page)
    page.reload()
    assert shown(page) == hostile

    page.locator(".failure-list li").first.get_by_role("button", name="Retry these (2)").click()
    expect_state(page, "Plan ready")
    assert shown(page) == hostile
    start(page)
    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 119

    page.goto(job)
    page.get_by_label(re.compile(r"^Changed \(")).check()
    page.get_by_role("button", name="Filter").click()
    showing(page, "Tickets 1–50 of 117.")
    expect(page.get_by_label(re.compile(r"^Changed \("))).to_be_checked()
    first, second, *_ = shown(page)
    page.get_by_label(f"Undo ticket {first}", exact=True).check()
    page.get_by_label(f"Undo ticket {second}", exact=True).check()
    check(page)
    page.get_by_role("button", name="Undo the ticked tickets").click()
    expect_state(page, "Plan ready")
    assert shown(page) == [first, second]
    start(page)
    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 117

    page.goto(job)
    page.get_by_label("Ticket numbers").fill(f"#{first}, {holiday}")
    page.keyboard.press("Enter")
    showing(page, "Tickets 1–2 of 2.")
    with page.expect_download() as download:
        page.get_by_role("link", name="NDJSON").click()
    lines = Path(download.value.path()).read_text().splitlines()
    found = {row["ticket_id"]: row for row in map(json.loads, lines)}
    assert set(found) == {first, holiday}
    assert found[first]["outcome"] == "changed"
    assert found[holiday]["detail"] == "On holiday"
    page.go_back()
    showing(page, "Tickets 1–50 of 120.")


def test_the_rest_is_undone_after_ticked_tickets_and_those_not_twice(page, zendesk, done):
    tag, _ = done
    job = page.url
    page.get_by_label(re.compile("^Undo ticket")).first.check()
    page.get_by_role("button", name="Undo the ticked tickets").click()
    expect_state(page, "Plan ready")
    start(page)
    expect_state(page, "Completed")

    page.goto(job)
    page.get_by_text("Undo this job…").click()
    page.get_by_role("button", name="Plan the undo of 117 tickets").click()

    expect_state(page, "Plan ready")
    assert counts(page) == {"Will change": 116, "Already so": 1, "Cannot change": 0}
    start(page)
    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 0


def test_all_boxes_of_the_page_are_ticked_at_once(page, done):
    boxes = page.get_by_label(re.compile("^Undo ticket"))
    number = boxes.count()

    page.get_by_label("All on this page").check()
    assert page.locator("input[name=ticked]:checked").count() == number
    boxes.first.uncheck()

    expect(page.get_by_label("All on this page")).not_to_be_checked()


def test_the_table_keeps_up_with_the_job_while_one_looks_at_it(page, zendesk):
    zendesk.change(**SLOWLY)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    expect_state(page, "Running")
    page.evaluate("window.untouched = true")
    expect(page.locator("#tickets-shown")).to_contain_text("As of")
    expect(rows(page).first).to_contain_text("To do")

    page.locator("#tickets-title").scroll_into_view_if_needed()

    expect(rows(page).first).to_contain_text("Changed", timeout=30_000)
    assert page.evaluate("window.untouched"), "the page was loaded again"
    assert page.locator("#sentence").inner_text().startswith(tuple("123456789"))


@pytest.mark.long
def test_what_is_typed_and_ticked_outlives_the_end_of_the_job(page, zendesk):
    zendesk.change(**SLOWLY)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    expect_state(page, "Running")
    page.get_by_label(re.compile(r"^To do \(")).check()
    page.get_by_label("Ticket numbers").press_sequentially("#12, 3")

    zendesk.hurry()
    expect_state(page, "Completed", timeout=60_000)  # it may wait a while for Zendesk's turn

    expect(page.locator("#tickets .outcome-changed")).to_have_count(50)
    expect(page.get_by_label("Ticket numbers")).to_have_value("#12, 3")
    expect(page.get_by_label("Ticket numbers")).to_be_focused()


def test_the_table_is_worked_by_keyboard_alone(page, zendesk, done):
    tag, _ = done
    numbers = page.get_by_label("Ticket numbers")
    page.get_by_label(re.compile(r"^Changed \(")).focus()
    page.keyboard.press("Space")
    for _ in range(20):
        page.keyboard.press("Tab")
        if numbers.evaluate("field => field === document.activeElement"):
            break
    expect(numbers).to_be_focused()
    page.keyboard.press("Enter")
    showing(page, "Tickets 1–50 of 117.")

    page.get_by_label(re.compile("^Undo ticket")).first.focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Undo the ticked tickets").focus()
    page.keyboard.press("Enter")
    expect_state(page, "Plan ready")
    page.locator("#apply").focus()
    page.keyboard.press("Enter")

    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 116


def test_without_javascript_it_all_works(open_page, signed_in, stack, page, done):
    tag, _ = done
    plain = open_page(signed_in(stack.agent), java_script_enabled=False)
    plain.goto(page.url)
    expect(plain.get_by_label("All on this page")).to_be_hidden()

    plain.get_by_label(re.compile(r"^Failed \(")).check()
    plain.get_by_role("button", name="Filter").click()
    expect(plain.locator("#tickets td[data-label=Ticket]")).to_have_count(3)
    plain.get_by_role("link", name="Show all", exact=True).click()
    plain.get_by_label(re.compile("^Undo ticket")).first.check()
    plain.get_by_role("button", name="Undo the ticked tickets").click()
    expect_state(plain, "Plan ready")
    start(plain)
    expect_state(plain, "Completed")

    assert stack.summary(tag)["with_tag"] == 116


def test_on_a_telephone_a_link_leads_past_the_tickets(page):
    make_plan(page, new_tag())
    past = page.get_by_role("link", name="Go past the tickets to how it went")
    expect(past).to_be_hidden()

    page.set_viewport_size(NARROW)
    past.click()

    expect(page.locator("#history-title")).to_be_in_viewport()
