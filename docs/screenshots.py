"""Makes the pictures of README and guide from a running demo, best a new one: `python docs/screenshots.py`.

Its own large jobs are cancelled at the end; the small ones stay. Needs the development requirements and a Chromium.
"""

import argparse
import base64
import json
import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

CHECKOUT = Path(__file__).resolve().parent.parent
IMAGES = CHECKOUT / "docs" / "images"
GUIDE = CHECKOUT / "docs" / "guide" / "images"
SIZE = {"width": 1200, "height": 800}
GUIDE_SIZE = {"width": 980, "height": 700}
PATIENCE_MS = 120_000
TAGS = "recall-2026 callback-promised"
SMALL, MIDDLING, LARGE = "Recall of batch 7", "Unsolved tickets", "All tickets"

# A browser's own encoder: a picture of a page takes a quarter of what PNG takes.
TO_WEBP = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  canvas.getContext("2d").drawImage(image, 0, 0);
  return canvas.toDataURL("image/webp", 0.8).split(",")[1];
}"""


def main() -> None:
    chosen = parser().parse_args()
    for folder in (IMAGES, GUIDE):
        folder.mkdir(exist_ok=True)
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
        of_readme = [] if chosen.guide else OF_README
        for size, pictures in ((SIZE, of_readme), (GUIDE_SIZE, OF_GUIDE)):
            page = open_page(browser, chosen, size)
            for make in pictures:
                make(page)
        browser.close()


def open_page(browser: Browser, chosen: argparse.Namespace, size: dict) -> Page:
    page = browser.new_page(base_url=chosen.url, viewport=size, color_scheme="light")
    page.emulate_media(reduced_motion="reduce")
    sign_in(page, chosen.email, chosen.password or password_of_demo(chosen.instance))
    return page


def sign_in(page: Page, email: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("Email").fill(email)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("button", name="Sign out")).to_be_visible()


def plan_and_job(page: Page) -> None:
    make_plan(page, LARGE)
    expect(page.locator("#tickets tbody tr")).to_have_count(50)
    take(page, "plan")
    run(page)
    take(page, "job")
    page.get_by_role("button", name="Cancel the job").click()


def make_plan(page: Page, view: str, tags: str = TAGS) -> None:
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill(tags)
    choose_view(page, view)
    page.get_by_label("At most").fill("50000")
    show_the_plan(page)


def choose_view(page: Page, view: str) -> None:
    page.get_by_label(re.compile(rf"^{view}( \(|$)")).check()


def show_the_plan(page: Page) -> None:
    page.get_by_role("button", name="Show the plan").click()
    expect(page.locator("#apply")).to_be_visible()


def discard(page: Page) -> None:
    page.get_by_role("button", name="Discard this plan").click()
    expect(page.locator("#apply")).to_have_count(0)


def run(page: Page) -> None:
    """Start the job, and wait until a third of it is done: a bar that has hardly begun shows nothing."""
    page.locator("#apply").click()
    expect(page.locator(".job-percent")).to_have_text(re.compile(r"[3-9]\d %"))
    page.reload()  # so that the first tickets of the list show what has become of them


def views(page: Page) -> None:
    page.goto("/tools/tag-manager")
    expect(page.locator("#view label").filter(has_text=SMALL)).to_contain_text("(")
    choose_view(page, SMALL)
    illustrate(page, "views")


def tag_plan(page: Page) -> None:
    page.goto("/tools/tag-manager")
    choose_view(page, SMALL)
    page.get_by_label("Rename a tag").check()
    page.get_by_label("Tag to rename").fill("recall-batch-7")
    page.get_by_label("New name").fill("recall-2026")
    show_the_plan(page)
    illustrate(page, "tag-plan")


def macro(page: Page) -> None:
    """The form with a macro chosen, and its plan: a public reply, which nobody gets."""
    page.goto("/tools/apply-macro-to-view")
    choose_view(page, SMALL)
    page.locator("#macro_words").fill("refund takes")
    found = page.locator("#macro-list label").first
    expect(found).to_contain_text("Refund takes five days")
    found.click()
    expect(page.locator("#macro-chosen .findings")).to_be_visible()
    illustrate(page, "macro-form", below=page.locator("#macro_words"))
    show_the_plan(page)
    illustrate(page, "macro-plan", below=page.locator("#does-title"))
    discard(page)


def do_small(page: Page) -> None:
    """A job that completes. In a demo that had this before, it has nothing to do, and completes at once."""
    page.goto("/tools/tag-manager")
    page.get_by_label("Tags", exact=True).fill("callback-promised")
    choose_view(page, SMALL)
    page.get_by_role("button", name="Show the plan").click()
    state = page.locator(".job-card .state")
    expect(state).to_have_text(re.compile("Plan ready|Completed"))
    if page.locator("#apply").count():
        page.locator("#apply").click()
    expect(state).to_have_text("Completed")


def job(page: Page) -> None:
    """One that runs, the list of all, where another is done and one a plan, and who uses the limit meanwhile."""
    do_small(page)
    # Not the tags of the README's job, so that all tickets are to do.
    make_plan(page, MIDDLING, "battery-checked")
    run(page)
    illustrate(page, "job")
    address = page.url
    jobs(page)
    limits(page)
    page.goto(address)
    page.get_by_role("button", name="Cancel the job").click()


def jobs(page: Page) -> None:
    page.goto("/jobs")
    expect(page.locator(".jobs-table")).to_be_visible()
    illustrate(page, "jobs")


def macro_search(page: Page) -> None:
    page.goto("/tools/macro-search?words=refund")
    expect(page.locator("#results mark").first).to_be_visible()
    illustrate(page, "macro-search")


def limits(page: Page) -> None:
    page.goto("/limits")
    page.wait_for_timeout(5_000)  # until the chart has something to show
    illustrate(page, "limits")


def connection(page: Page) -> None:
    page.goto("/admin/connection")
    page.get_by_role("button", name="Test connection").click()
    expect(page.locator("#findings-title")).to_be_visible()
    illustrate(page, "connection")


OF_README: list[Callable[[Page], None]] = [plan_and_job]
OF_GUIDE: list[Callable[[Page], None]] = [
    views,
    tag_plan,
    macro_search,
    macro,
    job,
    connection,
]


def take(page: Page, name: str) -> None:
    save(settled(page), IMAGES / f"{name}.png")


def illustrate(page: Page, name: str, below: Locator | None = None) -> None:
    """`below`: what comes near the top of the picture, if not the head of the page."""
    if below:
        below.evaluate("element => window.scrollBy(0, element.getBoundingClientRect().top - 48)")
    png = base64.b64encode(settled(page)).decode()
    save(base64.b64decode(page.evaluate(TO_WEBP, png)), GUIDE / f"{name}.webp")


def settled(page: Page) -> bytes:
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    return page.screenshot()


def save(content: bytes, path: Path) -> None:
    path.write_bytes(content)
    print(f"{path.relative_to(CHECKOUT)}: {len(content) // 1000} kB")


def chromium() -> str:
    found = shutil.which("chromium-headless-shell") or shutil.which("chromium")
    return found or sys.exit("Chromium is missing.")


def password_of_demo(instance: Path) -> str:
    secrets = instance / "demo" / "secrets.json"
    if not secrets.exists():
        sys.exit(f"There is no {secrets}: start `make demo` first, or give a --password.")
    return json.loads(secrets.read_text())["admin_password"]


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("--url", default="http://127.0.0.1:5000")
    made.add_argument("--email", default="admin@giga.test")
    made.add_argument("--password", help="default: that of the demo's admin")
    made.add_argument("--guide", action="store_true", help="only the pictures of the guide")
    made.add_argument("--instance", type=Path, default=CHECKOUT / "instance", metavar="DIR")
    return made


if __name__ == "__main__":
    main()
