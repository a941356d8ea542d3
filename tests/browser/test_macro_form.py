"""Applying a macro: found by its words, looked at, planned, previewed, and started with the number typed."""

import re
import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.walk import SMALL, choose_view, expect_state, start
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

PAGE = "/tools/apply-macro-to-view"


@pytest.fixture
def admin_page(open_page, signed_in, stack):
    return open_page(signed_in(stack.admin))


@pytest.fixture
def recall(stack, zendesk, admin_page):
    """A copied macro that answers the requester; its word, by which it is found, is also its tag."""
    word = f"wallaby{uuid.uuid4().hex[:8]}"
    actions = {
        "comment_value_html": "<p>Dear {{ticket.requester.name}}, about <b>{{ticket.title}}</b>.</p>",
        "current_tags": word,
    }
    pairs = [{"field": name, "value": value} for name, value in actions.items()]
    number = zendesk.put_macro(title=f"Recall::Tell {word}", actions=pairs)
    admin_page.goto("/tools/macro-search")
    expect(admin_page.locator("#words")).to_be_visible(timeout=60_000)
    admin_page.get_by_role("button", name="Refresh").click()
    admin_page.get_by_label("Words of the title").fill(word)
    expect(admin_page.locator("#found")).to_have_text("1 macro", timeout=60_000)
    yield word
    zendesk.put_macro(id=number, active=False)


def test_a_reply_is_found_by_keyboard_looked_at_previewed_and_sent(admin_page, recall, zendesk):
    page = admin_page
    page.goto(PAGE)
    choose_view(page, SMALL)
    page.locator("#macro_words").focus()
    page.keyboard.type(recall)
    page.keyboard.press("Enter")
    expect(page.locator("#macro-list label")).to_have_count(1)
    expect(page.locator("#macro_words")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.locator("#macro-chosen")).to_contain_text("It writes a public reply")
    expect(page.locator("#macro-list input")).to_be_focused()
    check(page)
    page.get_by_role("button", name="Show the plan").click()

    expect_state(page, "Plan ready")
    number = re.search(r"^\d+", page.locator("#sentence").inner_text())[0]
    expect(page.locator("#reach")).to_contain_text("Different people")
    expect(page.locator(".findings").first).to_contain_text(f"{number} public replies go out by")
    page.get_by_role("link", name="Show the first ten").press("Enter")
    expect(page.locator(".previews li")).to_have_count(10)
    expect(page.locator("#preview-first")).to_be_focused()
    first = page.locator(".previews li").first.inner_text()
    page.get_by_role("link", name="Show the next ten").click()
    expect(page.locator(".previews li").first).not_to_have_text(first)
    expect(page.locator(".previews")).not_to_contain_text("{{")
    check(page)

    start(page)
    expect(page.locator("#typed_count-error")).to_contain_text(f"Type {number} to say")
    assert zendesk.summary(recall)["with_tag"] == 0
    page.get_by_label("Type the number of tickets that will change").fill(number)
    start(page)
    expect_state(page, "Completed")
    assert zendesk.summary(recall)["with_tag"] == int(number)
    expect(page.locator("#preview")).to_have_count(0)


@pytest.mark.long
def test_one_ticket_is_previewed_by_its_number(admin_page, recall):
    page = admin_page
    page.goto(PAGE)
    choose_view(page, SMALL)
    page.locator("#macro_words").fill(recall)
    page.locator("#macro-list label").filter(has_text=recall).click()
    page.get_by_role("button", name="Show the plan").click()
    expect_state(page, "Plan ready")
    ticket = page.locator("#tickets tbody tr").nth(20).get_by_role("link").inner_text().split()[0]

    page.get_by_label("or ticket").fill(ticket)
    page.get_by_label("or ticket").press("Enter")

    expect(page.locator(".previews h3")).to_contain_text(f"Ticket {ticket}")
    assert page.url.endswith(page.url.rsplit("/", 1)[1]), "the plan is still there"
    page.get_by_label("or ticket").fill("999999999")
    page.get_by_role("button", name="Show it").click()
    expect(page.locator("#preview-trouble")).to_contain_text("is not among those")
    check(page)


def test_without_javascript_the_plan_has_what_to_know_and_a_page_for_the_preview(
    open_page, signed_in, stack, recall
):
    page = open_page(signed_in(stack.admin), java_script_enabled=False)
    page.goto(f"/tools/macro-search?words={recall}")
    page.get_by_role("link", name="Apply to tickets").click()
    expect(page.locator("#macro-chosen")).to_contain_text("It writes a public reply")
    choose_view(page, SMALL)
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#reach")).to_be_visible()

    page.get_by_role("link", name="Show the first ten").click()

    expect(page.get_by_role("heading", name="How it reads")).to_be_visible()
    expect(page.locator(".previews li")).to_have_count(10)
    page.get_by_role("link", name="Back to the plan").click()
    expect(page.locator("#apply")).to_be_visible()


def test_the_macro_search_stays_the_current_part_on_a_macros_page(admin_page, recall):
    page = admin_page
    words = page.get_by_label("Words of the title")
    words.press("Enter")
    expect(words).to_be_focused()

    page.locator(".macro-list h2 a").click()

    expect(page.locator(".site-header [aria-current=page]")).to_have_text("Macro search")
