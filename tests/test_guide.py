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


def test_each_page_leads_to_its_help(agent):
    page = agent.get("/tools/tag-manager").text

    assert re.search(r'href="/help/[\w-]*"[^>]*>Help</a>', page)


def test_raw_html_in_the_guide_is_shown_as_text(tmp_path, monkeypatch):
    (tmp_path / "odd.md").write_text("# Odd\n\n<script>alert(1)</script> [x](javascript:alert(1))")
    monkeypatch.setattr(guide, "FOLDER", tmp_path)
    guide.page.cache_clear()

    html = str(guide.page("odd").html)

    assert "<script" not in html
    assert 'href="javascript' not in html
