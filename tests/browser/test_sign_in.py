"""Signing in, and what a newcomer sees first."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check, sign_in
from tests.fixtures.stack import Person

pytestmark = pytest.mark.xdist_group("stack")


def test_a_stranger_is_asked_to_sign_in_and_then_gets_the_page_they_wanted(stranger, stack):
    stranger.goto("/tools/tag-manager")
    check(stranger)

    sign_in(stranger, stack.agent)

    expect(stranger).to_have_url(f"{stack.url}/tools/tag-manager")
    expect(stranger.get_by_text(stack.agent.email)).to_be_visible()


def test_a_wrong_password_keeps_the_email_and_says_so_beside_the_field(stranger, stack):
    stranger.goto("/login")

    sign_in(stranger, Person(stack.agent.email, "not my password"))

    password = stranger.get_by_label("Password")
    expect(stranger.get_by_label("Email")).to_have_value(stack.agent.email)
    expect(password).to_have_value("")
    expect(password).to_be_focused()
    expect(password).to_have_accessible_description(
        r"Error: This email and password do not "
        "belong together, or the account is switched off."
    )
    check(stranger)


def test_signing_out_closes_the_door(stranger, stack):
    stranger.goto("/login")
    sign_in(stranger, stack.agent)

    stranger.get_by_role("button", name="Sign out").click()

    expect(stranger.get_by_text("You are signed out.")).to_be_visible()
    stranger.goto("/jobs")
    expect(stranger.get_by_role("heading", name="Sign in")).to_be_visible()
