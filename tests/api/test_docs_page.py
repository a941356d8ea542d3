"""The page on the API, for people."""

import re
from html import unescape

import pytest

from tests.fixtures.visitor import Page

PAGE = "/api/v1/docs"


def letters(text):
    return "".join(re.findall(r"\w", text))


def test_every_address_of_the_document_is_on_the_page(agent, visitor):
    document = visitor.open("/api/v1/openapi.json").json

    page = agent.get(PAGE).text
    said = letters(unescape(Page(page).text))

    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"<code>{method.upper()} {path}</code>" in page
            assert letters(operation["description"]) in said
    for name in document["components"]["schemas"]:
        assert f'id="part-{name}"' in page


def test_the_page_shows_commands_that_can_be_copied(agent):
    page = agent.get(PAGE).text

    assert "curl -X POST http://localhost/api/v1/jobs" in page
    assert "Authorization: Bearer $GIGA_TOKEN" in page


def test_the_page_links_only_to_what_is_on_it(agent):
    page = agent.get(PAGE).text

    links = {part.partition('"')[0] for part in page.split('href="#')[1:]}

    assert len(links) > 40
    assert [one for one in links if f'id="{one}"' not in page] == []


@pytest.mark.parametrize("path", [PAGE, "/account/tokens"])
def test_somebody_signed_out_is_asked_to_sign_in(visitor, path):
    assert visitor.get(path).location.startswith("/login")
