"""Connecting to Zendesk, as an admin does it."""

import pytest
from playwright.sync_api import expect

from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("console")


@pytest.fixture
def admin(open_page, signed_in, stack):
    page = open_page(signed_in(stack.admin))
    yield page
    # The other tests' connection is the one of the environment.
    page.goto("/admin/connection")
    details = page.get_by_text("Go back to what the environment sets…")
    if details.is_visible():
        details.click()
        page.get_by_role("button", name="Forget these settings").click()
        expect(page.get_by_text("The settings in the database are gone.")).to_be_visible()


@pytest.fixture
def connection(admin):
    """The page, found by its link."""
    admin.goto("/")
    admin.get_by_role("link", name="Admin", exact=True).click()
    admin.get_by_role("navigation", name="Admin").get_by_role("link", name="Connection").click()
    expect(admin.get_by_role("heading", name="Connection to Zendesk")).to_be_visible()
    return admin


def test_an_admin_connects_and_is_back_with_a_connection_that_works(connection, stack):
    page = connection
    check(page)

    page.get_by_role("button", name="Connect to Zendesk").click()
    expect(page.get_by_role("heading", name="Allow access to your account?")).to_be_visible()
    assert page.url.startswith(f"{stack.sandbox_url}/oauth/authorizations/new?")
    page.get_by_label("Sign in as").select_option("agent@sandbox.test")
    page.get_by_role("button", name="Allow").click()

    expect(page.get_by_text("Connected as Gil Sandbox, role agent.")).to_be_visible()
    expect(page).to_have_url(f"{stack.url}/admin/connection")
    check(page)
    page.get_by_role("button", name="Test connection").click()
    expect(page.get_by_role("heading", name="The connection works")).to_be_focused()
    expect(page.get_by_text("Signed in to").filter(has_text="Gil Sandbox <agent@")).to_be_visible()
    check(page)


def test_who_denies_is_back_with_nothing_changed(connection):
    connection.get_by_role("button", name="Connect to Zendesk").click()
    connection.get_by_role("button", name="Deny").click()

    expect(connection.get_by_text("Zendesk was told not to allow it.")).to_be_visible()
    expect(connection.get_by_text("the environment of web and worker")).to_be_visible()


def test_a_refused_form_keeps_what_was_typed_but_not_the_secret(connection):
    connection.get_by_label("Zendesk subdomain").fill("https://support.example.test")
    connection.get_by_label("Identifier").fill("giga-tools")
    connection.get_by_label("Secret", exact=True).fill("not-to-be-shown")
    connection.get_by_role("button", name="Save").click()

    expect(connection.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(connection.get_by_label("Identifier")).to_have_value("giga-tools")
    expect(connection.get_by_label("Secret", exact=True)).to_have_value("")
    check(connection)


def test_an_agent_has_no_link_to_it(page):
    page.goto("/")

    expect(page.get_by_role("link", name="Admin", exact=True)).to_have_count(0)
