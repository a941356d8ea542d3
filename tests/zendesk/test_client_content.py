"""The client against what a help desk holds: histories, tags, macros at work, search, exports, people, fields."""

import pytest

from app.zendesk.errors import NotFound
from app.zendesk.sandbox.directory import FIRST_ORGANIZATION


def test_the_newest_audit_tells_what_changed_and_our_token(sandbox, client):
    ticket = sandbox.add_ticket(tags=["kept"])
    client.update(ticket, {"additional_tags": ["vip"], "metadata": {"console_job": "b0b1"}})

    newest = next(iter(client.audits(ticket, newest_first=True)))
    change = next(event for event in newest.events if event.field_name == "tags")

    assert newest.custom == {"console_job": "b0b1"}
    assert newest.author_id == client.me().id
    assert set(change.value) - set(change.previous_value) == {"vip"}


def test_audits_come_oldest_first_where_nothing_is_said(sandbox, client):
    ticket = sandbox.add_ticket()
    for tag in ("a", "b"):
        client.update(ticket, {"additional_tags": [tag]})

    ids = [audit.id for audit in client.audits(ticket)]

    assert len(ids) >= 2
    assert ids == [audit.id for audit in client.audits(ticket, newest_first=True)][::-1]


def test_a_comment_is_listed_with_its_author_and_its_audience(sandbox, client):
    ticket = sandbox.add_ticket()
    client.update(ticket, {"comment": {"body": "We look into it.", "public": False}})

    newest = next(iter(client.comments(ticket, newest_first=True)))

    assert (newest.body.strip(), newest.public) == ("We look into it.", False)
    assert newest.author_id == client.me().id


def test_the_history_of_a_ticket_that_is_not_there_is_not_found(client):
    with pytest.raises(NotFound):
        list(client.audits(999_999))


def test_lists_tags_and_those_that_start_so(sandbox, client):
    sandbox.add_ticket(tags=["lamp_bright", "other"])

    assert {"lamp_bright", "other"} <= {tag.name for tag in client.tags()}
    assert "lamp_bright" in client.tags_matching("la")
    assert "other" not in client.tags_matching("la")


def test_active_macros_are_active_and_found_by_a_word_of_their_title(client):
    macros = list(client.active_macros())
    wanted = macros[0]

    found = client.search_macros(wanted.title.split("::")[-1])

    assert all(macro.active for macro in macros)
    assert wanted.id in [macro.id for macro in found]


def test_a_macro_is_tried_without_changing_anything(sandbox, client):
    ticket = sandbox.add_ticket(status="open")
    before = client.ticket(ticket)
    macro = next(one for one in client.active_macros() if "status" in dict(one.actions))

    alone, on_ticket = client.apply_macro(macro.id), client.apply_macro_to(ticket, macro.id)

    wanted = dict(macro.actions)["status"]
    assert alone.ticket["status"] == wanted
    assert (on_ticket.ticket["id"], on_ticket.ticket["status"]) == (ticket, wanted)
    assert client.ticket(ticket) == before


def test_a_search_finds_tickets_and_says_how_many(sandbox, client):
    wanted = {sandbox.add_ticket(tags=["lamp"]) for _ in range(130)}
    sandbox.add_ticket(tags=["other"])

    first = client.search("tags:lamp")
    second = client.search("tags:lamp", page=2)

    assert {ticket.id for page in (first, second) for ticket in page.items} == wanted
    assert (first.count, first.cursor, second.cursor) == (130, "2", None)
    assert client.search_count("tags:lamp") == 130


def test_a_search_export_gives_all_that_match_by_cursor(sandbox, client):
    wanted = {sandbox.add_ticket(tags=["lamp"]) for _ in range(130)}

    first = client.search_export("tags:lamp")
    second = client.search_export("tags:lamp", first.cursor)

    assert {ticket.id for page in (first, second) for ticket in page.items} == wanted
    assert second.cursor is None


def test_an_incremental_export_ends_and_goes_on_from_its_cursor(sandbox, client):
    sandbox.add_ticket()

    page = client.incremental_tickets(start_time=1)
    later = client.incremental_tickets(cursor=page.cursor)

    assert page.end_of_stream
    assert page.cursor
    assert all(ticket.generated_timestamp for ticket in page.items)
    assert later.end_of_stream


def test_people_and_groups_are_known_by_id(client):
    me = client.me()

    assert client.users([me.id, 999_999_999])[me.id].role == "admin"
    assert all(group.name for group in client.groups())
    assert list(client.groups())


def test_the_fields_of_tickets_are_listed_with_their_options(client):
    fields = list(client.ticket_fields())

    assert {"subject", "status"} <= {field.type for field in fields}
    assert any(field.options for field in fields)


def test_forms_and_brands_are_known_by_name(client):
    assert [form.name for form in client.ticket_forms()] == ["Anything else", "Returns and repairs"]
    assert {brand.id: brand.name for brand in client.brands()}[8102] == "Hearth Trade"


def test_the_settings_say_what_an_update_does(client):
    assert client.account_settings().has_tags


def test_statuses_of_the_account_tell_which_status_they_are(client):
    statuses = client.custom_statuses()

    usual = {one.category for one in statuses if one.default}
    assert usual == {"new", "open", "pending", "hold", "solved", "closed"}
    assert ("hold", "Waiting for parts") in {(one.category, one.label) for one in statuses}


def test_the_files_of_a_macro_are_named(sandbox, client):
    macro = sandbox.add_macro("With papers", [("status", "open")], attachments=2)

    assert client.macro_attachments(macro) == ["guide-1.pdf", "guide-2.pdf"]


def test_a_ticket_tells_who_follows_it(sandbox, client):
    ticket = sandbox.add_ticket(follower_ids=[9001, 9002])

    assert client.ticket(ticket).follower_ids == (9001, 9002)


def test_organisations_have_names(client):
    found = client.organizations([FIRST_ORGANIZATION, 1])

    assert list(found) == [FIRST_ORGANIZATION]
    assert found[FIRST_ORGANIZATION].name
