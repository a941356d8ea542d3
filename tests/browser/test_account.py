"""What people set for themselves: a second factor, from the picture to a sign-in with it, and their sessions."""

import pyotp
import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check, sign_in

pytestmark = pytest.mark.xdist_group("stack")


def test_somebody_sets_up_two_factor_and_signs_in_with_a_recovery_code(stranger, stack):
    person, page = stack.add_person("careful@giga.test"), stranger
    page.goto("/account/two-factor")
    sign_in(page, person)

    page.get_by_label("Current password").fill(person.password)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Set up two-factor")).to_be_visible()
    check(page)
    key = page.locator("#key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(key).now())
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Two-factor is on")).to_be_visible()
    check(page)
    code = page.get_by_label("Recovery codes").locator("code").first.inner_text()

    page.get_by_role("button", name="Sign out").click()
    sign_in(page, person)
    expect(page.get_by_label("Code")).to_be_focused()
    check(page)
    page.get_by_role("link", name="Use a recovery code instead").click()
    page.get_by_label("Code").fill(code)
    page.keyboard.press("Enter")
    expect(page.get_by_text("9 are left")).to_be_visible()
    page.goto("/account/sessions")
    expect(page.get_by_text("Chrome on Linux")).to_be_visible()
    check(page)
