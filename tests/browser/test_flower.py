"""Flower, where operators see the tasks run."""

import pytest
from playwright.sync_api import expect

from tests.browser.walk import EVERYTHING, LARGE, make_plan, new_tag
from tests.fixtures.stack import local_http

pytestmark = pytest.mark.xdist_group("stack")


def test_flower_shows_the_task_and_its_job(page, open_page, stack):
    make_plan(page, new_tag(), LARGE, EVERYTHING)
    job_id = page.url.rsplit("/", 1)[1]
    operator = open_page(
        base_url=stack.flower_url,
        http_credentials={"username": "operator", "password": stack.flower_password},
    )

    operator.goto("/tasks")
    row = operator.get_by_role("row", name="app.tasks.zendesk_tasks.tag_tickets_async").first
    row.locator("a[href*='/task/']").click()

    expect(operator.get_by_text(job_id).first).to_be_visible()
    expect(operator.get_by_text("app.tasks.zendesk_tasks.tag_tickets_async").first).to_be_visible()


@pytest.mark.parametrize("password", [None, "a guess"])
def test_flower_lets_nobody_in_without_its_password(password, stack):
    http = local_http()
    if password:
        http.auth = ("operator", password)

    answer = http.get(f"{stack.flower_url}/tasks", timeout=20)

    assert answer.status_code == 401
