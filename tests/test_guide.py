"""The user guide, as the console shows it."""

import re

import pytest

from app.services import guide
from tests.fixtures.visitor import Page


@pytest.mark.parametrize("name", guide.names())
def test_each_page_of_the_guide_is_shown_with_its_title(name, agent):
    first_line = (guide.FOLDER / f"{name}.md").read_text().splitlines()[0]

    page = agent.get(f"/help/{name}")

    assert page.status_code == 200
    assert first_line.removeprefix("# ") in Page(page.text).text


@pytest.mark.parametrize("name", guide.names())
def test_what_a_page_links_to_is_there(app, name, agent):
    html = str(guide.page(name).html)

    for address in re.findall(r'(?:href|src)="([^"]+)"', html):
        if not address.startswith("https://"):
            place, _, anchor = address.partition("#")
            answer = agent.get(f"/help/{place or name}" if not place.startswith("/") else place)
            assert answer.status_code == 200, address
            assert not anchor or f'id="{anchor}"' in answer.text, address


def test_a_page_that_is_not_there_is_not_found(agent):
    for name in ("nothing", "..%2fjobs", "images/../../../README.md"):
        assert agent.get(f"/help/{name}").status_code == 404


HELP_OF = {
    "/": "",
    "/tools/tag-manager": "/tag-manager",
    "/tools/apply-macro-to-view": "/apply-macro",
    "/tools/macro-search": "/macro-search",
    "/jobs": "/jobs",
    "/jobs/tickets": "/jobs",
    "/limits": "/limits",
    "/issues": "/issues",
    "/admin": "/admin",
    "/admin/connection": "/connection",
    "/admin/people": "/people",
    "/admin/people/invite": "/people",
    "/admin/permissions/user/tag-manager": "/permissions",
    "/admin/webhooks": "/notifications",
    "/admin/pipeline": "/pipeline",
    "/admin/pipeline/schedules/daily_sync": "/pipeline",
    "/admin/settings": "/settings",
    "/admin/retention": "/settings",
    "/admin/writing": "/writing",
    "/admin/health": "/health",
    "/admin/audit-log": "/audit-log",
    "/account": "/account",
    "/account/password": "/account",
    "/account/two-factor": "/account",
    "/account/sessions": "/account",
    "/account/tokens": "/account",
    "/account/notifications": "/notifications",
    "/api/v1/docs": "/account",
    "/help/jobs": "",
    "/no/such/page": "",
}


@pytest.mark.parametrize("address", HELP_OF)
def test_each_page_leads_to_its_help(address, admin):
    page = admin.get(address).text

    found = re.search(r'href="/help([\w/-]*)"[^>]*>Help</a>', page)

    assert found[1].removesuffix("/index") == HELP_OF[address]


def test_the_exports_of_a_job_lead_to_what_is_in_them(agent, plan_job, sandbox):
    job = plan_job([sandbox.add_ticket()])

    assert 'href="/help/exports"' in agent.get(f"/jobs/{job.job_id}").text


def test_raw_html_in_the_guide_is_shown_as_text(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text("# Odd\n\n<script>alert(1)</script> [x](javascript:alert(1))")
    monkeypatch.setattr(guide, "FOLDER", tmp_path)
    guide.page.cache_clear()

    html = str(guide.page("odd").html)

    assert "<script" not in html
    assert 'href="javascript' not in html
