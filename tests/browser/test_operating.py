"""The pages on which an admin watches over Giga Tools, and stops it."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


@pytest.fixture
def admin(open_page, signed_in, stack):
    page = open_page(signed_in(stack.admin))
    yield page
    page.goto("/admin/writing")
    lift = page.get_by_role("button", name="Let jobs write to Zendesk again")
    if lift.is_visible():
        lift.click()


def test_an_admin_stops_all_writing_and_everybody_sees_it(admin, page):
    admin.goto("/")
    admin.get_by_role("link", name="Stop all writing to Zendesk").click()
    admin.get_by_role("button", name="Stop all writing to Zendesk").click()
    expect(admin.locator("#error-summary")).to_be_focused()
    admin.get_by_label("Why").fill("Wrong tags went out")
    admin.get_by_role("button", name="Stop all writing to Zendesk").click()

    bar = "Nothing is written to Zendesk:"
    expect(admin.get_by_text(bar)).to_be_visible()
    check(admin)
    page.goto("/jobs")
    expect(page.locator("q")).to_have_text("Wrong tags went out")
    admin.goto("/")
    admin.get_by_role("link", name="Let it go on").click()
    admin.get_by_role("button", name="Let jobs write to Zendesk again").click()
    expect(admin.get_by_text("Jobs may write to Zendesk again.")).to_be_visible()
    expect(admin.get_by_text(bar)).to_have_count(0)


@pytest.mark.long
@pytest.mark.parametrize("name", ["Settings", "Retention", "Health"])
def test_everybody_who_is_an_admin_can_use_the_other_pages(admin, name):
    admin.goto("/admin")
    menu = admin.get_by_role("navigation", name="Admin")
    menu.get_by_role("link", name=name, exact=True).click()

    expect(admin.get_by_role("heading", name=name, exact=True)).to_be_visible()
    check(admin)
