"""The page of the tag manager."""

import re

import pytest

from app.extensions import db
from app.models import Job
from tests.fixtures.visitor import Page

PAGE = "/tools/tag-manager"


@pytest.fixture
def view(sandbox):
    """A view of three tickets, one of which has the tag already."""
    for tags in (["x"], ["x", "vip"], ["x", "late"]):
        sandbox.add_ticket(tags=tags)
    return sandbox.add_view("Late parcels", lambda ticket: "x" in ticket.tags)


def fill(view, /, **changes):
    fields = {"operation": "add_tags", "tags": "VIP", "view": str(view), "limit": "500"}
    return fields | changes


def test_the_views_are_offered_before_they_are_counted(agent, view):
    page = agent.get(PAGE).text

    assert f'>Late parcels<span id="count-{view}"></span></label>' in page
    assert 'hx-get="/choosing/counts?done=0"' in page


def test_a_plan_is_shown_before_anything_is_written(sandbox, agent, view):
    answer = agent.submit(PAGE, **fill(view))
    page = agent.get(answer.location)

    assert "2 of 3 tickets will change. Nothing has been changed yet." in Page(page.text).text
    assert "Add vip to 2 tickets" in page.text
    assert sandbox.summary()["deliveries"] == 0


def test_a_small_plan_is_done_at_once_without_a_worker(sandbox, agent, view):
    plan = agent.submit(PAGE, **fill(view)).location

    done = agent.submit(plan, f"{plan}/apply")

    assert "2 changed" in Page(agent.get(done.location).text).text
    assert sandbox.summary(tag="vip")["with_tag"] == 3


def test_a_tag_is_renamed_by_the_form(sandbox, agent, view):
    form = fill(view, operation="rename_tag", tags="", old_tag="Late", new_tag="tardy")

    plan = agent.submit(PAGE, **form).location
    page = agent.get(plan).text
    agent.submit(plan, f"{plan}/apply")

    assert '<h1 class="text-break">Rename late to tardy on Late parcels</h1>' in page
    assert "Rename late to tardy on 1 ticket</button>" in page
    assert sandbox.summary(tag="tardy")["with_tag"] == 1
    assert sandbox.summary(tag="late")["with_tag"] == 0


def test_an_admin_sets_tags_by_the_form(sandbox, admin, view):
    plan = admin.submit(PAGE, **fill(view, operation="set_tags", tags="a b")).location
    page = admin.get(plan).text

    assert "Set the tags of Late parcels to a, b</h1>" in page
    assert "Set the tags of 3 tickets to a, b</button>" in page


def test_all_tags_are_taken_away_only_with_a_tick(app, sandbox, admin, view):
    nothing = fill(view, operation="set_tags", tags="")

    refused = admin.submit(PAGE, **nothing)
    both = admin.submit(PAGE, **nothing | {"wipe": "y", "tags": "a"})
    plan = admin.submit(PAGE, **nothing | {"wipe": "y"}).location

    assert "Type at least one tag." in refused.text
    assert "You typed tags above." in both.text
    assert "Remove all tags from 3 tickets</button>" in admin.get(plan).text


def test_setting_tags_is_offered_to_admins_only(app, agent, admin, view):
    form = fill(view, operation="set_tags")

    assert 'value="set_tags"' in admin.get(PAGE).text
    assert 'value="set_tags"' not in agent.get(PAGE).text
    assert "Not a valid choice" in agent.submit(PAGE, **form).text


def test_an_address_fills_in_the_form(agent, view):
    page = agent.get(f"{PAGE}?operation=rename_tag&old_tag=%3Cb%3E&view={view}").text

    assert re.search(r'<input checked[^>]*value="rename_tag"', page)
    assert re.search(rf'<input checked[^>]*value="{view}"', page)
    assert 'value="&lt;b&gt;"' in page


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"old_tag": "", "new_tag": "b"}, "old_tag", "Type the tag that you want to rename."),
        ({"old_tag": "a", "new_tag": " "}, "new_tag", "Type the new name of the tag."),
        ({"old_tag": "vip", "new_tag": "VIP"}, "new_tag", "This is the name that the tag has now."),
        ({"old_tag": "a b", "new_tag": "c"}, "old_tag", "Type one tag only."),
        ({"old_tag": "<i>", "new_tag": "c"}, "old_tag", "which Zendesk does not keep in tags"),
    ],
)
def test_a_renaming_that_cannot_be_is_refused_beside_its_field(agent, view, typed, field, words):
    answer = agent.submit(PAGE, **fill(view, operation="rename_tag", tags="", **typed))

    assert answer.status_code == 422
    (href,) = re.findall(r'<li><a href="#(\w+)">', answer.text)
    assert href == field
    assert words in answer.text


@pytest.mark.parametrize("operation", ["remove_tags", "rename_tag"])
def test_a_plan_says_that_a_fields_value_goes_with_its_tag(agent, sandbox, operation):
    sandbox.add_ticket(tags=["leaking"])
    view = sandbox.add_view("Leaks", lambda ticket: "leaking" in ticket.tags)
    form = fill(view, operation=operation, tags="leaking", old_tag="leaking", new_tag="leak")

    page = Page(agent.get(agent.submit(PAGE, **form).location).text).text

    assert "The tag leaking belongs to the field “Symptoms”" in page


def test_a_plan_says_how_many_of_its_tickets_are_closed(agent, admin, sandbox):
    for status in ("closed", "closed", "open"):
        sandbox.add_ticket(tags=["x"], status=status)
    view = sandbox.add_view("Some", lambda ticket: "x" in ticket.tags)

    adding = agent.get(agent.submit(PAGE, **fill(view)).location).text
    setting = admin.get(admin.submit(PAGE, **fill(view, operation="set_tags")).location).text

    assert "2 of these tickets are closed. Zendesk lets tags be added" in adding
    assert "2 tickets are closed and left alone." in setting
    assert "closed. Zendesk" not in setting


def test_closed_tickets_that_are_left_out_of_the_plan_are_not_counted(agent, sandbox):
    first, _ = [sandbox.add_ticket(tags=["x"], status="closed") for _ in range(2)]
    view = sandbox.add_view("Some", lambda ticket: "x" in ticket.tags)
    plan = agent.submit(PAGE, **fill(view)).location
    assert "2 of these tickets are closed." in agent.get(plan).text

    agent.submit(plan, f"{plan}/untick", shown=str(first))

    assert "One of these tickets is closed." in agent.get(plan).text


@pytest.mark.parametrize("source", ["view", "ids", "search"])
def test_tags_of_the_chosen_tickets_are_offered_however_they_are_chosen(sandbox, agent, source):
    tickets = [sandbox.add_ticket(tags=["x", "late"]) for _ in range(3)]
    view = sandbox.add_view("Late", lambda ticket: "x" in ticket.tags)
    chosen = {
        "view": {"view": view},
        "ids": {"ticket_ids": "\n".join(map(str, tickets))},
        "search": {"search": "tags:x"},
    }[source]

    told = agent.get(f"{PAGE}/tags", query_string={"start": "LAT", "source": source} | chosen).json

    assert told["tags"][0] == {"name": "late", "words": "on 3 of the 3"}
    assert told["is_partial"] is False


def test_an_address_that_makes_no_sense_offers_what_zendesk_finds(agent, view):
    told = agent.get(f"{PAGE}/tags?start=late&view=one&view=-1&source=nowhere").json

    assert told["tags"][0] == {"name": "late", "words": ""}


def test_removing_is_offered_too(sandbox, agent, view):
    plan = agent.submit(PAGE, **fill(view, operation="remove_tags")).location

    agent.submit(plan, f"{plan}/apply")

    assert sandbox.summary(tag="vip")["with_tag"] == 0


@pytest.mark.parametrize(
    ("field", "typed", "words"),
    [
        ("tags", "", "Type at least one tag."),
        ("tags", " , ", "Type at least one tag."),
        ("tags", "x" * 300, "A tag can have at most 255."),
        ("tags", " ".join(f"t{i}" for i in range(5000)), "These are 5,000 tags."),
        ("tags", "<b>", "which Zendesk does not keep in tags"),
        ("view", [], "Choose a view."),
        ("view", "999", "That view is gone"),
        ("view", "one", "That view is gone"),
        ("limit", "0", "Type a whole number from 1 to 50,000."),
        ("limit", "many", "Type a whole number from 1 to 50,000."),
        ("limit", "", "Type a whole number from 1 to 50,000."),
        ("limit", "50001", "Type a whole number from 1 to 50,000."),
        ("operation", "explode", "Not a valid choice"),
        ("reason", "y" * 501, "At most 500 characters."),
    ],
)
def test_bad_input_gets_a_message_and_what_was_typed_is_kept(app, agent, view, field, typed, words):
    answer = agent.submit(PAGE, **fill(view, **{"reason": "because", field: typed}))

    assert answer.status_code == 422
    assert words in answer.text
    assert f'href="#{field}' in answer.text
    assert "because" in answer.text or field == "reason"
    if field != "tags":
        assert ">VIP</textarea>" in answer.text.replace("\r\n", "").replace("\n", "")
    with app.app_context():
        assert db.session.query(Job).count() == 0


def test_what_was_typed_as_tags_comes_back_as_text(agent, view):
    answer = agent.submit(PAGE, **fill(view, tags='<script>alert("x")</script>'))

    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text


def test_a_number_with_commas_is_a_number(app, agent, view):
    agent.submit(PAGE, **fill(view, limit="12,000"))

    with app.app_context():
        assert db.session.query(Job).one().limit == 12_000


def test_the_same_form_sent_twice_is_one_job(app, agent, view):
    form = Page(agent.get(PAGE).text).fields | fill(view)

    places = {agent.open(PAGE, "POST", data=form).location for _ in range(2)}

    assert len(places) == 1
    with app.app_context():
        assert db.session.query(Job).count() == 1


def test_zendesk_out_of_reach_is_said_and_what_was_typed_is_kept(sandbox, agent, view):
    form = Page(agent.get(PAGE).text).fields | fill(view)
    forget_views(agent)
    sandbox.change_settings(down=True)

    answer = agent.open(PAGE, "POST", data=form)

    assert "The views could not be read from Zendesk" in answer.text
    assert "VIP" in answer.text
    assert answer.status_code == 422


def test_wrong_credentials_are_said(app, agent):
    app.config["ZENDESK_OAUTH_CLIENT_SECRET"] = "wrong"

    answer = agent.get(PAGE)

    assert answer.status_code == 200
    assert "The views could not be read from Zendesk" in answer.text
    assert "401" in answer.text


def test_no_connection_at_all_is_said(app, agent):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    assert "not connected to a Zendesk account yet" in agent.get(PAGE).text


def forget_views(agent):
    with agent.http.application.app_context():
        from app.extensions import redis

        redis.flushdb()


def test_a_views_title_is_shown_as_text(sandbox, agent):
    sandbox.add_view("<img src=x onerror=alert(1)>", lambda ticket: False)

    page = agent.get(PAGE).text

    assert "<img src=x" not in page
    assert "&lt;img src=x" in page
