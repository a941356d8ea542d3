"""The pages for webhooks and notifications, as people see them."""

import re

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")

ELSEWHERE = "https://93.184.216.34/hook"  # nothing is sent there: no job waits for the sign-in
EVENT = "A job waits for the sign-in to Zendesk"


@pytest.fixture
def admin(open_page, signed_in, stack):
    return open_page(signed_in(stack.admin))


def test_an_admin_adds_a_webhook_and_deletes_it(admin):
    admin.goto("/admin")
    admin.get_by_role("navigation", name="Admin").get_by_role("link", name="Webhooks").click()
    admin.get_by_label("Address").fill("https://10.0.0.1/")
    admin.get_by_role("button", name="Add it").click()
    expect(admin.locator("#error-summary")).to_be_focused()
    check(admin)

    admin.get_by_label("Address").fill(ELSEWHERE)
    for box in admin.get_by_role("checkbox").all():
        box.uncheck()
    admin.get_by_label(EVENT).check()
    admin.get_by_role("button", name="Add it").click()
    expect(admin.get_by_label("Secret")).to_have_value(re.compile("whsec_"))

    admin.get_by_role("link", name="I have copied it").click()
    expect(admin.get_by_text("Nothing was sent yet.")).to_be_visible()
    check(admin)
    admin.get_by_text("Delete this webhook…").click()
    admin.get_by_role("button", name="Delete this webhook").click()
    expect(admin.get_by_text("There are no webhooks yet.")).to_be_visible()


def test_a_person_chooses_what_they_hear_of(admin):
    admin.goto("/account/notifications")
    check(admin)

    admin.get_by_label("Never").check()
    admin.get_by_role("button", name="Save").click()

    expect(admin.get_by_text("Saved.")).to_be_visible()
    expect(admin.get_by_label("Never")).to_be_checked()
