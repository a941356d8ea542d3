"""The menus of the admins' pages and of one's own account: they tell where one is."""

import re
from html import unescape

import pytest

from app import account
from app import admin as admins
from tests.fixtures.visitor import Page


def marked(answer):
    """What the menus beneath the header call the page, and how they mark it."""
    (menu,) = re.findall(r'class="sub-menu.*?</nav>', answer.text, re.DOTALL)
    return re.findall(r'aria-current="(\w+)">(.+?)<', menu)


@pytest.mark.parametrize("part", [admins, account])
def test_each_page_is_marked_as_the_one_that_is_shown(app, admin, part):
    with app.test_request_context():
        pages = {page.title: app.url_for(page.endpoint) for page in part.MENU}

    assert {title: marked(admin.get(address)) for title, address in pages.items()} == {
        title: [("page", title)] for title in pages
    }


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/admin/people/invite", "People"),
        ("/admin/people/1", "People"),
        ("/admin/permissions/user/macro-search", "Permissions"),
        ("/account/two-factor/set-up", "Two-factor"),
    ],
)
def test_what_is_beneath_a_page_is_marked_as_a_part_of_it(admin, address, title):
    answer = admin.get(address, follow_redirects=True)

    assert [words for _, words in marked(answer)] == [title]


@pytest.mark.parametrize(
    ("page", "to", "title"),
    [
        ("/admin/connection", "/admin/connection", "Connection"),
        ("/admin/webhooks", "/admin/webhooks", "Webhooks"),
        ("/account/tokens", "/account/tokens", "Access tokens"),
    ],
)
def test_a_form_that_is_refused_is_marked_as_before(admin, page, to, title):
    answer = admin.submit(page, to)

    assert answer.status_code == 422
    assert marked(answer) == [("page", title)]


@pytest.mark.parametrize("part", [admins, account])
def test_the_front_page_of_a_menu_says_what_each_page_is_for_and_marks_none(app, admin, part):
    with app.test_request_context():
        answer = admin.get(app.url_for(f"{part.bp.name}.index"))

    words = unescape(Page(answer.text).text)
    assert [page.title for page in part.MENU if f"{page.title} {page.summary}" not in words] == []
    assert marked(answer) == []
