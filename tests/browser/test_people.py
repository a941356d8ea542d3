"""Inviting somebody, from the admin's page to the first sign-in."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check, sign_in
from tests.fixtures.stack import Person

pytestmark = pytest.mark.xdist_group("console")


def test_an_admin_invites_somebody_who_chooses_a_password_and_signs_in(
    open_page, signed_in, stranger, stack
):
    new = Person("new.person@giga.test", "blue kettle tram")
    admin = open_page(signed_in(stack.admin), permissions=["clipboard-read", "clipboard-write"])

    admin.goto("/admin/people")
    check(admin)
    admin.get_by_role("link", name="Invite somebody").click()
    admin.get_by_label("Email").fill(new.email)
    admin.get_by_role("button", name="Invite").click()
    expect(admin.get_by_role("heading", name=f"Invited {new.email}")).to_be_visible()
    check(admin)
    admin.get_by_role("button", name="Copy").click()
    expect(admin.get_by_text("Copied.")).to_be_visible()
    link = admin.evaluate("navigator.clipboard.readText()")
    assert link == admin.get_by_label("Their link").input_value()

    stranger.goto(link)
    expect(stranger).to_have_url(f"{stack.url}/new-password")
    check(stranger)
    stranger.get_by_label("New password").fill(new.password)
    stranger.get_by_label("The same password once more").fill(new.password)
    stranger.keyboard.press("Enter")
    expect(stranger.get_by_text(f"The password of {new.email} is set.")).to_be_visible()
    sign_in(stranger, new)
    expect(stranger.get_by_text(new.email)).to_be_visible()
    admin.goto("/admin/people?text=new.person")
    admin.get_by_role("link", name=new.email).click()
    check(admin)
