"""The pages for what roles may do with tools."""

import pytest
import requests

from app.extensions import db
from app.models import AuditEvent, Role, ToolLimit
from app.services import accounts, permissions
from app.services.permissions import Limits
from tests.fixtures.running_jobs import permit
from tests.fixtures.visitor import Page
from tests.fixtures.zendesk import Fault

PAGE = "/admin/permissions"
USERS = f"{PAGE}/user/tag-manager"
MACROS = f"{PAGE}/user/apply-macro-to-view"


@pytest.fixture
def save(admin):
    def save(path=USERS, **fields):
        usual = {
            "may_use": "1",
            "largest_job": "50,000",
            "which_views": "all",
            "which_groups": "all",
        }
        return admin.submit(path, **usual | fields)

    return save


def users(slug="tag-manager"):
    db.session.rollback()
    return permissions.of_role(Role.USER, slug)


def test_it_lists_every_tool_for_every_role(app, admin):
    text = admin.get(PAGE).text

    for tool in app.extensions["tools"]:
        for role in Role:
            assert f"{PAGE}/{role}/{tool.slug}" in text
            assert admin.get(f"{PAGE}/{role}/{tool.slug}").status_code == 200


def test_what_is_chosen_holds_and_is_shown_again(in_app, save, admin):
    answer = save(
        largest_job="1,200",
        approval_above="100",
        which_groups="some",
        group_ids="7",
        other_group_ids="8 9",
    )

    assert users() == Limits(True, 1200, group_ids=frozenset({7, 8, 9}), approval_above=100)
    assert "Saved." in admin.get(answer.location).text
    shown = admin.get(USERS).text
    assert 'value="1200"' in shown
    assert 'value="7, 8, 9"' in shown, "groups that Zendesk does not list are kept"


def test_every_change_is_noted_with_before_and_after(in_app, save):
    save(largest_job="10")

    note = db.session.query(AuditEvent).filter_by(action="permissions.change").one()
    assert (note.actor, note.target) == ("admin@giga.test", "tag-manager/user")
    assert (note.detail["before"]["largest_job"], note.detail["after"]["largest_job"]) == (
        50_000,
        10,
    )


def test_what_was_not_changed_is_not_noted(in_app, save, admin):
    assert "Nothing was changed" in admin.get(save().location).text

    assert db.session.query(AuditEvent).filter_by(action="permissions.change").count() == 0


def test_going_back_to_what_the_tool_says_leaves_nothing_behind(in_app, save):
    save(largest_job="10")
    save()

    assert db.session.query(ToolLimit).count() == 0


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("largest_job", "0", "Type a whole number from 1 to 50,000."),
        ("largest_job", "60,000", "Type a whole number from 1 to 50,000."),
        ("approval_above", "many", "Type a whole number, or leave it empty."),
        ("approval_above", "60000", "Type a whole number from 0 to 50,000, or leave it empty."),
        ("other_view_ids", "<7>", "“&lt;7&gt;” is no number of Zendesk&#39;s."),
        ("which_views", "some", "Choose a view, or let them choose tickets of every view."),
        ("which_groups", "some", "Choose a group, or let them choose tickets of every group."),
        ("which_views", "none", "Choose one of these."),
        ("which_groups", "", "Choose one of these."),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field_and_kept(in_app, save, field, typed, words):
    answer = save(**{field: typed})

    assert answer.status_code == 422
    assert words in answer.text
    assert db.session.query(ToolLimit).count() == 0


def test_views_and_groups_are_chosen_from_zendesks_lists(admin, sandbox):
    page = Page(admin.get(USERS).text)

    assert "Unsolved tickets" in page.text
    assert 'name="group_ids"' in page.html


def test_without_zendesk_numbers_can_be_typed_and_what_was_chosen_stays(
    in_app, save, admin, transport
):
    permit("user", "tag-manager", view_ids=frozenset({11}))
    transport.faults += [Fault(requests.ConnectionError()) for _ in range(12)]

    page = Page(admin.get(USERS).text)
    assert "could not be read from Zendesk" in page.text
    assert 'value="11"' in page.html
    save(which_views="some", other_view_ids="11, 12")

    assert users().view_ids == {11, 12}


def test_users_can_be_permitted_a_tool_that_is_for_admins(in_app, save, agent):
    assert agent.get("/tools/apply-macro-to-view").status_code == 403

    save(MACROS, public_replies="1")

    assert agent.get("/tools/apply-macro-to-view").status_code == 200
    assert "/tools/apply-macro-to-view" in agent.get("/").text


def test_replies_are_asked_about_only_where_a_tool_may_write_to_customers(admin):
    assert 'name="public_replies"' in admin.get(MACROS).text
    assert 'name="public_replies"' not in admin.get(USERS).text


def test_a_tool_that_makes_no_jobs_is_only_open_or_not(in_app, save, agent):
    save(f"{PAGE}/user/macro-search", may_use="")

    assert not users("macro-search").may_use
    assert agent.get("/tools/macro-search").status_code == 403


@pytest.mark.parametrize("path", [f"{PAGE}/nobody/tag-manager", f"{PAGE}/user/none"])
def test_there_are_no_others(admin, path):
    assert admin.get(path).status_code == 404


def test_nobody_but_admins_changes_them(in_app, agent, admin):
    fields = Page(agent.get("/tools/tag-manager").text).fields

    answer = agent.open(MACROS, "POST", data=fields | {"may_use": "1", "largest_job": "5"})

    assert answer.status_code == 403
    assert not permissions.of(accounts.by_email("agent@giga.test"), "apply-macro-to-view").may_use
