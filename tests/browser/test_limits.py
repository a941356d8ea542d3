"""The page that shows Zendesk's limits, while something goes on."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


def test_shows_figures_and_a_chart_and_keeps_them_fresh(page):
    page.goto("/tools/tag-manager")  # asks Zendesk for its views
    page.get_by_role("link", name="Limits").click()

    expect(page.get_by_text("Kept for people")).to_be_visible()
    expect(page.locator("#limits-chart canvas")).to_be_visible()
    expect(page.locator("#limits-chart")).to_contain_text("Giga Tools")
    expect(page.get_by_text("The chart needs JavaScript")).to_have_count(0)
    with page.expect_response("**/limits/now"), page.expect_response("**/limits/chart"):
        pass
    check(page)


def test_without_javascript_the_figures_are_there(open_page, signed_in, stack):
    page = open_page(signed_in(stack.agent), java_script_enabled=False)
    page.goto("/tools/tag-manager")

    page.goto("/limits")

    expect(page.get_by_text("Kept for people")).to_be_visible()
    expect(page.get_by_text("The chart needs JavaScript")).to_be_visible()
