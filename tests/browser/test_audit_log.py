"""The audit log, as an admin looks through it."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


def test_an_admin_finds_who_signed_in(open_page, signed_in, stack):
    page = open_page(signed_in(stack.admin))
    page.goto("/admin")
    page.get_by_role("navigation", name="Admin").get_by_role("link", name="Audit log").click()

    page.get_by_text("Filters", exact=True).click()
    page.get_by_label("What was done").select_option("sign_in")
    page.get_by_label("Person").fill(stack.admin.email)
    page.get_by_role("button", name="Show these").click()

    expect(page.get_by_role("row").nth(1)).to_contain_text(f"{stack.admin.email} signed in")
    expect(page.get_by_label("Person")).to_have_value(stack.admin.email)
    check(page)
