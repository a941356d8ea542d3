"""Watching a job: its title, what is said aloud, a word when it is done, its history; and what every page weighs."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.test_walk import tab_to
from tests.browser.walk import (
    EVERYTHING,
    LARGE,
    SLOWLY,
    expect_state,
    fill_in,
    make_plan,
    new_tag,
    start,
)
from tests.fixtures.chromium import check

pytestmark = pytest.mark.xdist_group("stack")

MOST_BYTES = 250_000
RUNNING = re.compile(r"[\d,]+ of 2,500 tickets done")
# As the browser would, but into a list; and nobody looks at the page.
NOTED = """
    window.noted = [];
    window.asked = 0;
    window.Notification = class {
      static permission = "default";
      static async requestPermission() { window.asked += 1; return (this.permission = "%s"); }
      constructor(title, options) { window.noted.push([title, options.body]); }
      close() {}
    };
    document.hasFocus = () => %s;
"""
HEARD = """
    window.heard = [];
    const spoken = document.getElementById("spoken");
    new MutationObserver(() => window.heard.push(spoken.textContent)).observe(spoken, { childList: true });
"""


def state_of_the_job(page):
    return page.locator("#progress")


@pytest.mark.long
def test_the_title_tells_how_far_a_running_job_is_and_what_it_came_to(page, zendesk):
    zendesk.hold_jobs(after=5)
    tag = new_tag()
    make_plan(page, tag, LARGE, EVERYTHING)
    expect(page).to_have_title(f"Plan ready – Add {tag} to {LARGE} – Giga Tools")

    start(page)
    expect(page).to_have_title(re.compile(rf"^[1-9]\d? % – Add {tag} to {LARGE} – Giga Tools$"))
    zendesk.hurry()

    expect(page).to_have_title(f"Completed – Add {tag} to {LARGE} – Giga Tools")


@pytest.mark.long
def test_a_job_is_heard_at_its_quarters_and_its_end_and_not_more(page, zendesk):
    zendesk.hold_jobs(after=8)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    page.evaluate(HEARD)
    swaps = []
    page.on("response", lambda answer: swaps.append(1) if answer.url.endswith("/progress") else 0)
    for _ in range(4):
        with page.expect_response("**/progress"):
            pass
    zendesk.hurry()
    expect_state(page, "Completed")

    heard = page.evaluate("window.heard")
    assert heard[-1].startswith("Done in ")
    assert 1 <= len(heard) <= 5
    assert len(heard) < len(swaps)
    assert len(set(heard)) == len(heard)


@pytest.mark.long
def test_who_asked_for_it_is_told_when_the_job_is_done(page, zendesk):
    page.add_init_script(NOTED % ("granted", "false"))
    zendesk.hold_jobs(after=1)
    tag = new_tag()
    make_plan(page, tag, LARGE, EVERYTHING)
    expect(page.get_by_role("button", name="Tell me when it is done")).to_be_hidden()
    start(page)
    tell = page.get_by_role("button", name="Tell me when it is done")
    expect(tell).to_have_attribute("aria-pressed", "false")
    assert page.evaluate("window.asked") == 0, "asked before anybody wanted it"

    tell.click()
    expect(tell).to_have_attribute("aria-pressed", "true")
    check(page)
    zendesk.hurry()
    expect_state(page, "Completed")

    page.wait_for_function("window.noted.length")
    assert len(page.evaluate("window.noted")) == 1
    title, body = page.evaluate("window.noted[0]")
    assert title == f"Add {tag} to {LARGE}"
    assert body.startswith("Done in ")
    expect(tell).to_be_hidden()


@pytest.mark.long
def test_who_looks_at_the_page_is_not_told_besides(page, zendesk):
    page.add_init_script(NOTED % ("granted", "true"))
    zendesk.hold_jobs(after=1)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    page.get_by_role("button", name="Tell me when it is done").click()
    zendesk.hurry()

    expect_state(page, "Completed")

    expect(page).to_have_title(re.compile("^Completed"))
    assert page.evaluate("window.noted") == []


@pytest.mark.long
def test_a_browser_that_refuses_is_not_asked_again(page, zendesk):
    page.add_init_script(NOTED % ("denied", "false"))
    zendesk.hold_jobs(after=1)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)

    page.get_by_role("button", name="Tell me when it is done").click()

    expect(page.get_by_text("Your browser does not allow it.")).to_be_visible()
    expect(page.get_by_role("button", name="Tell me when it is done")).to_be_hidden()
    check(page)
    zendesk.hurry()
    expect_state(page, "Completed")
    assert page.evaluate("window.noted") == []


def test_a_job_is_planned_started_paused_resumed_and_cancelled_by_keys_and_the_focus_stays(
    page, zendesk
):
    keys = page.keyboard
    zendesk.hold_jobs(after=1)
    fill_in(page, new_tag(), LARGE, EVERYTHING)
    tab_to(page, page.get_by_role("button", name="Show the plan"))
    keys.press("Enter")
    expect_state(page, "Plan ready")
    tab_to(page, page.locator("#apply"))
    keys.press("Enter")
    expect(page.locator("#sentence")).to_have_text(RUNNING)
    expect(state_of_the_job(page)).to_be_focused()

    tab_to(page, page.locator("#pause"))
    keys.press("Enter")
    expect(page.locator("#sentence")).to_contain_text("No new tickets are sent")
    expect(state_of_the_job(page)).to_be_focused()
    zendesk.hurry()
    expect_state(page, "Paused")
    expect(state_of_the_job(page)).to_be_focused()

    zendesk.change(**SLOWLY)
    tab_to(page, page.locator("#resume"))
    keys.press("Enter")
    expect_state(page, "Running")
    expect(state_of_the_job(page)).to_be_focused()
    tab_to(page, page.locator("#cancel"))
    with page.expect_response("**/progress"):
        pass
    expect(page.locator("#cancel")).to_be_focused()  # it was put anew, and is the same to a person
    keys.press("Enter")
    expect_state(page, re.compile("Cancel"))
    expect(state_of_the_job(page)).to_be_focused()
    zendesk.hurry()
    expect_state(page, "Cancelled")
    expect(state_of_the_job(page)).to_be_focused()


@pytest.mark.long
def test_a_button_that_fits_no_more_leaves_its_focus_to_the_card(page, zendesk):
    zendesk.hold_jobs(after=1)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    page.locator("#pause").focus()

    zendesk.hurry()
    expect_state(page, "Completed")

    expect(state_of_the_job(page)).to_be_focused()


def test_the_history_is_shown_and_kept_fresh(page, zendesk):
    zendesk.hold_jobs(after=5)
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    expect(page.locator("#sentence")).to_have_text(RUNNING)
    page.get_by_text("Timeline").click()
    page.get_by_text("Speed and waits").click()
    expect(page.locator("#timeline")).to_contain_text("Started to write.")
    expect(page.locator("#speed-words")).to_contain_text("Wrote for")

    zendesk.hurry()
    expect_state(page, "Completed")

    expect(page.locator("#timeline")).to_contain_text("Completed.")
    expect(page.locator("#speed-chart canvas")).to_be_visible()
    expect(page.locator("#speed-chart")).to_contain_text("Tickets a minute")
    check(page)


@pytest.mark.long
def test_the_timeline_tells_what_somebody_else_does_meanwhile(
    page, open_page, signed_in, stack, zendesk
):
    zendesk.hold_jobs()
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    start(page)
    expect(page.locator("#sentence")).to_contain_text("Zendesk is at work on")
    page.get_by_text("Timeline").click()

    admin = open_page(signed_in(stack.admin))
    admin.goto(page.url)
    admin.get_by_role("button", name="Pause").click()

    expect(page.locator("#timeline")).to_contain_text(f"Asked to pause, by {stack.admin.email}.")
    expect_state(page, "Pausing")
    zendesk.hurry()
    expect_state(page, "Paused")


def test_times_are_local_with_utc_to_point_at_also_in_what_is_put_in_later(
    open_page, signed_in, stack
):
    page = open_page(signed_in(stack.agent), timezone_id="Asia/Tokyo", locale="de-DE")
    make_plan(page, new_tag())
    start(page)
    expect_state(page, "Completed")
    page.get_by_text("Timeline").click()

    page.evaluate("htmx.trigger('#timeline', 'renew')")
    with page.expect_response("**/history"):
        page.evaluate("htmx.trigger('#timeline', 'renew')")

    for time in (page.locator("main p time").first, page.locator("#timeline time").last):
        shown = time.evaluate("""time => {
            const exact = "exact" in time.dataset ? "medium" : "short";
            const at = new Date(time.dateTime);
            const local = at.toLocaleString("de-DE", {dateStyle: "medium", timeStyle: exact, timeZone: "Asia/Tokyo"});
            return [time.textContent, local, time.title, time.getAttribute("datetime")];
        }""")
        assert shown[0] == shown[1]
        assert re.fullmatch(r"\d\d \w{3} \d{4}, \d\d:\d\d(:\d\d)? UTC", shown[2])
        assert shown[3].endswith("Z")


def test_without_javascript_times_are_in_utc_and_the_history_is_there(open_page, signed_in, stack):
    page = open_page(signed_in(stack.agent), java_script_enabled=False)
    make_plan(page, new_tag())
    start(page)

    page.get_by_text("Timeline").click()

    expect(page.locator("#timeline li").last).to_contain_text(
        re.compile(r"\d\d:\d\d:\d\d UTC\s+Completed\.")
    )
    page.get_by_text("Speed and waits").click()
    expect(page.locator("#speed-words")).to_contain_text("Wrote for")
    expect(page.locator("#speed-chart")).to_be_hidden()
    expect(page.get_by_role("button", name="Tell me when it is done")).to_be_hidden()


PAGES = (
    "/",
    "/tools/tag-manager",
    "/tools/macro-search",
    "/tools/apply-macro-to-view",
    "/jobs",
    "/limits",
    "/admin/connection",
)


def weight(open_page, state, address):
    """Bytes over the wire at the first visit, with a browser that has seen nothing yet."""
    page = open_page(state)
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    sizes = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address, wait_until="networkidle")
    page.context.close()
    assert len(sizes) > 4, "the page came without what it needs"
    return sum(sizes)


@pytest.mark.long
def test_no_page_weighs_much_at_the_first_visit(open_page, signed_in, stack, page):
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    state = signed_in(stack.admin)

    weights = {
        address: weight(open_page, state, address) for address in (*PAGES, page.url, "/jobs/x")
    }
    weights["/login"] = weight(open_page, None, "/login")

    assert {one: size for one, size in weights.items() if size >= MOST_BYTES} == {}
    page.get_by_role("button", name="Discard this plan").click()
