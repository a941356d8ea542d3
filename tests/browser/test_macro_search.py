"""Searching for macros: as one types, without JavaScript, with the keyboard, and what hostile texts do."""

import csv
import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.zendesk.sandbox.words import AWKWARD_BODIES, AWKWARD_SUBJECTS
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

PAGE = "/tools/macro-search"
HOSTILE = "Quokka"


@pytest.fixture(scope="module")
def macros(stack):
    """Macros whose texts are hostile, beside those of the account."""
    added = []
    for number, title in enumerate(AWKWARD_SUBJECTS):
        body = AWKWARD_BODIES[number % len(AWKWARD_BODIES)]
        does = {"comment_value_html": body, "current_tags": title, "subject": body}
        actions = [{"field": name, "value": value} for name, value in does.items()]
        title = f"{HOSTILE}::{title}"
        added.append(stack.zendesk.put_macro(title=title, actions=actions, description=body))
    yield
    for macro in added:  # nobody else is to meet them
        stack.zendesk.put_macro(id=macro, active=False)


def search_page(page, address=PAGE):
    """Open the page, and wait until there is a copy."""
    page.goto(address)
    expect(page.locator("#words")).to_be_visible(timeout=60_000)


@pytest.fixture
def copied(page, macros):
    """The page of somebody who asked for the newest macros."""
    search_page(page)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_role("button", name="Refresh")).to_be_visible()
    return page


def found(page):
    return page.locator(".macro-list h2 a")


@pytest.mark.long
def test_the_first_copy_comes_by_itself_and_the_page_with_it(page, macros):
    page.goto(PAGE)

    expect(found(page)).to_have_count(25, timeout=60_000)  # beat looks every twenty seconds
    expect(page.locator("#found")).to_have_text(re.compile(r"^\d+ macros$"))
    check(page)


def test_the_list_follows_what_one_types_and_the_address_with_it(copied):
    page = copied
    words = page.get_by_label("Words of the title")

    words.press_sequentially("refund tak")

    expect(found(page).first).to_contain_text("Refund takes five days")
    expect(page.locator("mark").first).to_have_text("Refund")
    expect(words).to_be_focused()
    expect(page).to_have_url(re.compile(r"\?words=refund\+tak$"))
    check(page)
    page.reload()
    expect(words).to_have_value("refund tak")
    expect(found(page).first).to_contain_text("Refund takes five days")


def test_going_back_from_a_macro_finds_the_same_list(copied):
    page = copied
    page.get_by_label("Words of the title").fill("firmware")
    expect(page).to_have_url(re.compile("words=firmware"))
    expect(page.locator("mark").first).to_have_text("firmware", ignore_case=True)
    titles = found(page).all_inner_texts()

    found(page).first.click()
    expect(page.get_by_role("heading", name="What it does")).to_be_visible()
    check(page)
    page.go_back()

    expect(page.get_by_label("Words of the title")).to_have_value("firmware")
    assert found(page).all_inner_texts() == titles


def test_filters_narrow_the_list_and_can_be_taken_off(copied):
    page = copied
    page.get_by_text("Filters and order").click()

    page.get_by_label("Category").select_option("Billing")
    page.get_by_label("What it does").select_option(label="Public reply")
    page.get_by_label("Uses the tag").fill("outage-told")

    expect(found(page).first).to_contain_text("Payment outage")
    expect(page).to_have_url(re.compile("category=Billing.*does=public_reply.*tag=outage-told"))
    check(page)
    page.get_by_label("Words of the title").fill("nothing like this")
    expect(page.get_by_text("No macro matches.")).to_be_visible()
    check(page)
    page.locator("#results").get_by_role("link", name="Start anew").click()
    expect(found(page)).to_have_count(25)


def test_a_macro_shows_who_else_uses_its_tags(copied):
    page = copied
    page.get_by_label("Words of the title").fill("double charge found")
    found(page).filter(has_text="Double charge found").click()

    expect(page.get_by_text("Add tags double-charge, refund-due")).to_be_visible()
    row = page.get_by_role("row", name=re.compile("refund-due"))
    row.get_by_role("link", name="Refund sent").click()

    expect(page.get_by_role("heading", name="Refund sent")).to_be_visible()
    expect(page.get_by_role("link", name="Open in Zendesk")).to_have_attribute(
        "href", re.compile(r"/admin/workspaces/agent-workspace/macros/\d+$")
    )


@pytest.mark.long
def test_hostile_texts_stay_texts_and_within_the_page(copied):
    page = copied
    page.goto(f"{PAGE}?category={HOSTILE}")
    expect(found(page)).to_have_count(len(AWKWARD_SUBJECTS))
    check(page)

    for place in (0, 10, 15):
        found(page).nth(place).click()
        expect(page.get_by_role("heading", name="What it does")).to_be_visible()
        check(page)
        page.go_back()
    assert page.locator("img, #results script").count() == 0


def test_what_is_found_can_be_taken_away(copied):
    page = copied
    page.goto(f"{PAGE}?words=refund")
    number = int(page.locator("#found").inner_text().split()[0])

    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    with page.expect_download() as other:
        page.get_by_role("link", name="JSON").click()

    with Path(download.value.path()).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == number
    assert [row["id"] for row in rows] == [
        str(row["id"]) for row in json.loads(Path(other.value.path()).read_text())
    ]


def test_with_the_keyboard_alone(copied):
    page = copied
    page.get_by_label("Words of the title").focus()
    page.keyboard.type("close and thank")
    expect(found(page)).to_have_count(1)

    page.keyboard.press("Enter")
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.closest('.macro-list') !== null"):
            break
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Close and thank")).to_be_visible()


def test_without_javascript_it_works_as_a_form(open_page, signed_in, stack, copied):
    page = open_page(signed_in(stack.agent), java_script_enabled=False)
    search_page(page)

    page.get_by_label("Words of the title").fill("strike")
    page.get_by_text("Filters and order").click()
    page.get_by_label("Category").select_option("Shipping")
    page.get_by_role("button", name="Search").click()
    expect(found(page).first).to_contain_text("Depot strike")
    page.get_by_role("button", name="Refresh").click()

    expect(page.get_by_label("Words of the title")).to_have_value("strike")
    expect(page.get_by_label("Category")).to_have_value("Shipping")
    expect(found(page).first).to_contain_text("Depot strike")


@pytest.mark.long
def test_a_copy_that_cannot_be_renewed_says_why_and_is_still_there(copied, zendesk):
    page = copied
    zendesk.change(down=True)

    page.get_by_role("button", name="Refresh").click()

    expect(
        page.get_by_text("The macros could not be renewed: Zendesk answered 503")
    ).to_be_visible()
    expect(found(page)).to_have_count(25)
    check(page)
    zendesk.change(down=False)
    page.get_by_role("button", name="Refresh").click()
    expect(page.get_by_text("The macros could not be renewed")).to_have_count(0)
