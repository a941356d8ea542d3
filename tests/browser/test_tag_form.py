"""The tag manager's form: what it offers, and what it does with bad input."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import (
    SMALL,
    choose_view,
    expect_state,
    fill_in,
    make_plan,
    new_tag,
    start,
    view_box,
)
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


BAD_TAGS = {
    "none": ("", "Type at least one tag."),
    "only spaces": ("  \n ,  ", "Type at least one tag."),
    "over-long": ("x" * 256, "has 256 characters. A tag can have at most 255."),
    "5,000 of them": (" ".join(f"t{i}" for i in range(5000)), "These are 5,000 tags. At most 100"),
    "markup": ("</textarea><script>alert(1)</script>", "has the character “<”"),
}


@pytest.mark.parametrize("case", BAD_TAGS)
def test_bad_tags_are_refused_beside_the_field_and_kept(case, page):
    typed, words = BAD_TAGS[case]
    fill_in(page, typed, limit=1234)

    page.get_by_role("button", name="Show the plan").click()

    tags = page.get_by_label("Tags", exact=True)
    expect(page.locator("#error-summary")).to_be_focused()
    expect(page.locator("#tags-error")).to_contain_text(words)
    expect(tags).to_have_attribute("aria-describedby", "tags-hint tags-error")
    expect(tags).to_have_value(typed)
    expect(view_box(page, SMALL)).to_be_checked()
    expect(page.get_by_label("At most")).to_have_value("1234")


def test_a_summary_names_everything_that_is_wrong_and_leads_to_it(page):
    page.goto("/tools/tag-manager")
    page.get_by_label("At most").fill("many")

    page.get_by_role("button", name="Show the plan").click()

    summary = page.locator("#error-summary")
    expect(summary.get_by_role("link")).to_have_text(
        ["Choose a view.", "Type at least one tag.", "Type a whole number from 1 to 50,000."]
    )
    summary.get_by_role("link", name="Choose a view.").click()
    expect(page.get_by_role("group", name="Views").first).to_be_focused()
    check(page)


def test_a_refused_form_works_once_it_is_mended(page):
    fill_in(page, "")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#tags-error")).to_be_visible()

    page.get_by_label("Tags", exact=True).fill("mended")
    choose_view(page, SMALL)
    page.get_by_role("button", name="Show the plan").click()

    expect(page.get_by_role("heading", name=f"Add mended to {SMALL}")).to_be_visible()


def test_a_tag_is_completed_with_the_keyboard_alone(page):
    fill_in(page, "")
    tags = page.get_by_label("Tags", exact=True)
    options = page.get_by_role("listbox", name="Tags to choose from").get_by_role("option")

    tags.press_sequentially("mended rec")
    expect(options.first).to_contain_text("recall-batch-7 on 100 of the first 100")
    check(page)
    tags.press("ArrowDown")
    expect(options.first).to_have_attribute("aria-selected", "true")
    check(page)
    tags.press("Enter")

    expect(tags).to_have_value("mended recall-batch-7 ")
    expect(options).to_have_count(0)
    expect(tags).to_be_focused()


def test_escape_keeps_what_was_typed(page):
    fill_in(page, "")
    tags = page.get_by_label("Tags", exact=True)
    options = page.get_by_role("option")
    tags.press_sequentially("rec")
    expect(options.first).to_be_visible()

    tags.press("ArrowDown")
    tags.press("Escape")

    expect(tags).to_have_value("rec")
    expect(options).to_have_count(0)


def test_the_tags_of_the_chosen_tickets_are_listed_on_a_click(page):
    fill_in(page, "")
    page.get_by_label("Rename a tag").check()

    page.get_by_role("combobox", name="Tag to rename").click()
    page.get_by_role("option", name="recall-batch-7").click()

    expect(page.get_by_role("combobox", name="Tag to rename")).to_have_value("recall-batch-7")


def test_suggestions_that_fail_stop_nobody(page, troubles):
    troubles.expected = ["503"]
    page.route("**/tag-manager/tags?*", lambda route: route.fulfill(status=503))
    fill_in(page, "")

    page.get_by_label("Tags", exact=True).press_sequentially("rec")

    expect(page.get_by_text("No suggestions now.").first).to_be_visible()
    expect(page.get_by_label("Tags", exact=True)).to_have_value("rec")
    check(page)


def test_a_tag_is_renamed(page, zendesk):
    old, new = new_tag(), new_tag()
    make_plan(page, old)
    start(page)
    expect_state(page, "Completed")
    page.goto("/tools/tag-manager")
    choose_view(page, SMALL)
    page.get_by_label("Rename a tag").check()
    expect(page.get_by_label("Tags", exact=True)).to_be_hidden()
    page.get_by_label("Tag to rename").fill(old)
    page.get_by_label("New name").fill(new)
    check(page)

    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#apply")).to_have_text(f"Rename {old} to {new} on 120 tickets")
    check(page)
    start(page)

    expect_state(page, "Completed")
    assert [zendesk.summary(tag)["with_tag"] for tag in (old, new)] == [0, 120]


@pytest.fixture
def ticket(zendesk):
    """A ticket that only this test has to do with."""
    return zendesk.add_ticket(tags=["a", "b"])


@pytest.fixture
def admins_page(open_page, signed_in, stack):
    return open_page(signed_in(stack.admin))


def test_tags_are_set_only_with_the_number_typed(admins_page, zendesk, ticket):
    page, tag = admins_page, new_tag()
    page.goto("/tools/tag-manager")
    page.get_by_label("Those whose numbers I have").check()
    page.get_by_label("Ticket numbers", exact=True).fill(str(ticket))
    page.get_by_label("Set the tags").check()
    page.get_by_label("Tags", exact=True).fill(f"b {tag}")
    page.get_by_role("button", name="Show the plan").click()
    number = page.get_by_label("Type the number of tickets that will change")
    check(page)

    number.fill("12")
    start(page)

    expect(page.locator("#error-summary")).to_be_focused()
    expect(number).to_have_value("12")
    check(page)
    page.get_by_role("link", name="Type 1 to say that this is what you want").click()
    expect(number).to_be_focused()
    number.fill("1")
    number.press("Enter")
    expect_state(page, "Completed")
    assert zendesk.summary(tag)["with_tag"] == 1
