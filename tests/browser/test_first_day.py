"""The first day of an installation, by people who never saw the tool: all is done on its pages."""

import re

import pyotp
import pytest
from playwright.sync_api import expect
from pytest_httpserver import HTTPServer

from tests.browser.walk import expect_state, make_plan, new_tag, start
from tests.fixtures.chromium import WIDE, check, sign_in
from tests.fixtures.stack import Person, local_http, running

# Zendesk's clock runs fast here, and a demo of its own has to be started.
pytestmark = [pytest.mark.long, pytest.mark.xdist_group("first-day"), pytest.mark.timeout(300)]

NEW = Person("new.agent@giga.test", "blue kettle tram")
CLIENT, SECRET = "sandbox-client", "sandbox-secret"


@pytest.fixture
def receiver():
    """A program of theirs, within their network."""
    with HTTPServer(host="127.0.0.1") as server:
        server.expect_oneshot_request("/hook").respond_with_data("thanks")  # which a test waits for
        server.expect_request("/hook").respond_with_data("thanks")
        yield server


@pytest.fixture
def installation(tmp_path):
    """As it is when only its address of Zendesk, and what webhooks may reach, were set by the operator."""
    allowed = {"WEBHOOK_ALLOWED_HOSTS": "127.0.0.1", "WEBHOOK_ALLOW_HTTP": "true"}
    with running(tmp_path, GIGA_DEMO_CONNECTED="no", **allowed) as stack:
        yield stack


@pytest.fixture
def open_browser(installation, new_context, troubles):
    """A browser of somebody's own, in which nobody has signed in."""

    def open_browser():
        usual = {"base_url": installation.url, "viewport": WIDE, "reduced_motion": "reduce"}
        page = new_context(**usual).new_page()
        troubles.watch(page)
        return page

    return open_browser


def open_admin(page, name):
    page.get_by_role("link", name="Admin", exact=True).click()
    page.get_by_role("navigation", name="Admin").get_by_role("link", name=name, exact=True).click()


def press(page, name):
    page.get_by_role("button", name=name, exact=True).click()


def connect(admin):
    """From the first page; first by the client's secret, then by a person's consent."""
    expect(admin.get_by_role("link", name="Zendesk account: Not connected")).to_be_visible()
    check(admin)
    admin.get_by_role("link", name="Set up the connection").click()
    check(admin)
    admin.get_by_label("Zendesk subdomain").fill("sandbox")
    admin.get_by_label("OAuth, by client secret").check()
    admin.get_by_label("Identifier").fill(CLIENT)
    admin.get_by_label("Secret", exact=True).fill(SECRET)
    press(admin, "Save")
    press(admin, "Test connection")
    expect(admin.get_by_role("heading", name="The connection works")).to_be_visible()

    admin.get_by_label("OAuth, by connecting").check()
    press(admin, "Save")
    press(admin, "Connect to Zendesk")
    press(admin, "Allow")
    expect(admin.get_by_text("Connected as")).not_to_have_count(0)
    press(admin, "Test connection")
    expect(admin.get_by_role("heading", name="The connection works")).to_be_visible()
    admin.get_by_role("link", name="Giga Tools", exact=True).click()
    expect(admin.get_by_role("link", name="Set up the connection")).to_have_count(0)


def do_a_first_job(admin):
    make_plan(admin, new_tag(), limit=500)
    start(admin)
    expect_state(admin, "Completed")


def invite(admin):
    open_admin(admin, "People")
    admin.get_by_role("link", name="Invite somebody").click()
    admin.get_by_label("Email").fill(NEW.email)
    press(admin, "Invite")
    return admin.get_by_label("Their link").input_value()


def accept(page, link):
    page.goto(link)
    page.get_by_label("New password").fill(NEW.password)
    page.get_by_label("The same password once more").fill(NEW.password)
    page.keyboard.press("Enter")
    sign_in(page, NEW)


def set_up_two_factor(page):
    page.get_by_role("link", name=NEW.email).click()
    page.get_by_role("link", name="Two-factor").first.click()
    page.get_by_label("Current password").fill(NEW.password)
    press(page, "Set it up")
    key = page.locator("#key").inner_text().replace(" ", "")
    page.get_by_label("Code").fill(pyotp.TOTP(key).now())
    press(page, "Switch two-factor on")
    expect(page.get_by_role("heading", name="Two-factor is on")).to_be_visible()


def limit_users(admin):
    open_admin(admin, "Permissions")
    admin.get_by_role("link", name="Change what users may do with Tag manager").click()
    admin.get_by_label("Largest job").fill("500")
    admin.get_by_label("Ask for an approval above").fill("3")
    press(admin, "Save")
    expect(admin.get_by_text("Above 3 tickets")).to_be_visible()


def add_webhook(admin, receiver):
    open_admin(admin, "Webhooks")
    admin.get_by_label("Address").fill(receiver.url_for("/hook"))
    press(admin, "Add it")
    admin.get_by_role("link", name="I have copied it").click()
    with receiver.wait(timeout=30) as test:
        press(admin, "Send a test")
    assert test.result


def ask_for_approval_and_get_it(admin, agent):
    make_plan(agent, new_tag(), limit=500)
    start(agent)
    expect(agent.get_by_role("heading", name="Waits for another admin's approval")).to_be_visible()
    admin.get_by_role("link", name="Giga Tools", exact=True).click()
    waiting = admin.get_by_role("region", name="Plans that wait for your approval")
    waiting.get_by_role("link").click()
    admin.get_by_role("button", name="Approve and start").click()
    expect_state(agent, "Completed")


def stop_and_lift(admin, agent):
    open_admin(admin, "Stop writing")
    admin.get_by_label("Why").fill("Wrong tags went out")
    press(admin, "Stop all writing to Zendesk")
    agent.goto("/jobs")
    expect(agent.get_by_text("Nothing is written to Zendesk:")).to_be_visible()
    admin.get_by_role("button", name="Let jobs write to Zendesk again").click()
    expect(admin.get_by_text("Jobs may write to Zendesk again.")).to_be_visible()


def let_a_program_in(agent, installation):
    agent.get_by_role("link", name=NEW.email).click()
    agent.get_by_role("link", name="Access tokens").first.click()
    agent.get_by_label("Name", exact=True).fill("Nightly clean-up")
    agent.get_by_label("Current password").fill(NEW.password)
    press(agent, "Make the token")
    token = agent.get_by_label("Token", exact=True).input_value()
    sent = {"Authorization": f"Bearer {token}"}
    answer = local_http().get(f"{installation.url}/api/v1/jobs", headers=sent, timeout=20)
    assert answer.status_code == 200
    return answer.json()


def test_an_admin_connects_a_new_installation_and_lets_an_agent_work(
    open_browser, installation, receiver
):
    admin, agent = open_browser(), open_browser()
    admin.goto("/")
    sign_in(admin, installation.admin)
    connect(admin)
    do_a_first_job(admin)

    accept(agent, invite(admin))
    set_up_two_factor(agent)
    limit_users(admin)
    add_webhook(admin, receiver)
    ask_for_approval_and_get_it(admin, agent)
    stop_and_lift(admin, agent)

    jobs = let_a_program_in(agent, installation)
    assert [job["status"] for job in jobs["jobs"]] == ["completed"]
    open_admin(admin, "Audit log")
    told = re.sub(r"\s+", " ", admin.locator("table").inner_text())
    for words in (
        f"{NEW.email} made an access token",
        "let Giga Tools write to Zendesk again",
        "stopped all writing to Zendesk",
        "approved the plan of a job",
        f"{NEW.email} asked for a second person's approval of a plan",
        "made webhook 1",
        "changed what users may do with Tag manager",
        f"{NEW.email} switched on two-factor",
        f"invited {NEW.email}",
        "started the plan of a job",
        "connected to Zendesk",
        "changed the connection to Zendesk",
    ):
        assert words in told
