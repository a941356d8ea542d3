"""A plan that waits for a second person, from the rule that an admin makes to the admin who starts it."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import expect_state, make_plan, new_tag, start
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("stack")


@pytest.fixture
def admin(open_page, signed_in, stack):
    page = open_page(signed_in(stack.admin))
    yield page
    demand(page, "")  # the other tests start their plans alone


def demand(page, above):
    page.goto("/admin/permissions/user/tag-manager")
    page.get_by_label("Ask for an approval above").fill(above)
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", name="Permissions", exact=True)).to_be_visible()


def test_a_plan_waits_for_an_admin_and_its_owner_sees_it_start(admin, page):
    demand(admin, "100")
    admin.goto("/admin/permissions/user/apply-macro-to-view")
    admin.get_by_label("Only tickets of these views").check()
    check(admin)

    make_plan(page, new_tag())
    start(page)
    expect(page.get_by_role("heading", name="Waits for another admin's approval")).to_be_visible()
    admin.goto(page.url)
    check(admin)
    admin.get_by_role("button", name="Approve and start").click()

    expect_state(page, "Completed")
