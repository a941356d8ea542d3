"""Making an access token, and reading how programs use it."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


def test_a_token_is_made_copied_and_revoked(page, stack):
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/account")
    page.get_by_role("link", name="Access tokens").first.click()
    page.get_by_label("Name", exact=True).fill("Nightly clean-up")
    page.get_by_label("Current password").fill(stack.agent.password)
    page.get_by_role("button", name="Make the token").click()
    check(page)

    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_text("Copied.")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == page.get_by_label("Token", exact=True).input_value()

    page.get_by_role("link", name="How programs use Giga Tools").click()
    expect(page.get_by_role("heading", name="Giga Tools for programs")).to_be_visible()
    check(page)
    page.goto("/account/tokens")
    page.get_by_role("button", name="Revoke Nightly clean-up").click()
    expect(page.get_by_text("“Nightly clean-up” is revoked.")).to_be_visible()
