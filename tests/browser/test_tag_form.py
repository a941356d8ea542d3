"""The tag manager's form: what it offers, and what it does with bad input."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.walk import LARGE, SMALL, choose_view, fill_in, view_box
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("stack")


def test_views_are_offered_by_name_with_their_number_of_tickets(page):
    page.goto("/tools/tag-manager")

    views = page.locator("#view label")

    # Counts are up to a minute old, and may know tickets that an earlier test has taken away again.
    expect(views.filter(has_text="Partner")).to_have_text("Partner escalations (450)")
    expect(views.filter(has_text=LARGE)).to_have_text(re.compile(rf"^{LARGE} \(2,50\d\)$"))
    expect(views.filter(has_text="Old: holiday sale")).to_have_count(0)
    check(page)


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
