"""Makes the README's pictures from a running demo, best with 12,000 tickets: `python docs/screenshots.py`.

Its own job is cancelled at the end. Needs the development requirements and a Chromium.
"""

import argparse
import json
import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent
IMAGES = CHECKOUT / "docs" / "images"
SIZE = {"width": 1200, "height": 800}
PATIENCE_MS = 120_000
TAGS = "recall-2026 callback-promised"


def main() -> None:
    chosen = parser().parse_args()
    password = chosen.password or password_of_demo(chosen.instance)
    IMAGES.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        page = browser.new_page(base_url=chosen.url, viewport=SIZE, color_scheme="light")
        page.emulate_media(reduced_motion="reduce")
        sign_in(page, chosen.email, password)
        make_plan(page)
        take(page, "plan")
        run(page)
        take(page, "job")
        page.get_by_role("button", name="Cancel the job").click()
        browser.close()


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def make_plan(page: Page) -> None:
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill(TAGS)
    page.get_by_label("All tickets").check()
    page.get_by_label("At most").fill("50000")
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#apply")).to_be_visible()
    expect(page.locator("#tickets tbody tr")).to_have_count(50)


def run(page: Page) -> None:
    """Start the job, and wait until a third of it is done: a bar that has hardly begun shows nothing."""
    page.locator("#apply").click()
    expect(page.locator(".job-percent")).to_have_text(re.compile(r"[3-9]\d %"))
    page.reload()  # so that the first tickets of the list show what has become of them


def take(page: Page, name: str) -> None:
    path = IMAGES / f"{name}.png"
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    page.screenshot(path=path)
    print(path.relative_to(CHECKOUT))


def chromium() -> str:
    return shutil.which("chromium") or sys.exit("Chromium is missing.")


def password_of_demo(instance: Path) -> str:
    secrets = instance / "demo" / "secrets.json"
    if not secrets.exists():
        sys.exit(f"There is no {secrets}: start `make demo` first, or give a --password.")
    return json.loads(secrets.read_text())["agent_password"]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--url", default="http://127.0.0.1:5000")
    made.add_argument("--email", default="agent@giga.test")
    made.add_argument("--password", help="default: that of the demo's agent")
    made.add_argument("--instance", type=Path, default=CHECKOUT / "instance", metavar="DIR")
    return made


if __name__ == "__main__":
    main()
