"""Tags to choose from: those of the chosen tickets, and those that Zendesk finds."""

import pytest

from app.services import tag_suggestions
from app.services.tag_suggestions import OFFERED, Suggestion


@pytest.fixture
def view(sandbox):
    for tags in (["late", "vip"], ["late"], ["late", "gift"]):
        sandbox.add_ticket(tags=[*tags, "parcel"])
    return sandbox.add_view("Parcels", lambda ticket: "parcel" in ticket.tags)


def calls(sandbox, path):
    return sandbox.requests[f"GET /api/v2/{path}"]


def test_the_tags_of_the_tickets_come_first_with_their_counts(in_app, sandbox, view):
    sandbox.add_ticket(tags=["latex"])

    told = tag_suggestions.matching("lat", {"view_ids": [view]})

    assert told.found[:2] == [Suggestion("late", "on 3 of the 3"), Suggestion("latex", "")]
    assert not told.is_partial


def test_the_tags_of_the_tickets_are_found_by_any_of_their_words(in_app, sandbox):
    ticket = sandbox.add_ticket(tags=["too-late", "translated"])

    told = tag_suggestions.matching("late", {"ticket_ids": [ticket]})

    assert [one.name for one in told.found if one.words] == ["too-late"]


def test_before_anything_is_typed_the_tags_of_the_tickets_are_told(in_app, sandbox, view):
    told = tag_suggestions.matching("", {"view_ids": [view]})

    assert [one.name for one in told.found][:2] == ["late", "parcel"]
    assert not calls(sandbox, "autocomplete/tags")


def test_of_many_tickets_only_the_first_are_looked_at_and_that_is_said(in_app, sandbox):
    for _ in range(101):
        sandbox.add_ticket(tags=["many"])
    view = sandbox.add_view("Many", lambda ticket: "many" in ticket.tags)

    told = tag_suggestions.matching("man", {"view_ids": [view]})

    assert told.found[0] == Suggestion("many", "on 100 of the first 100")
    assert calls(sandbox, "views/{id}/tickets") == 1


def test_the_same_is_asked_of_zendesk_once(in_app, sandbox, view):
    for _ in range(3):
        tag_suggestions.matching("lat", {"view_ids": [view]})

    assert calls(sandbox, "autocomplete/tags") == calls(sandbox, "views/{id}/tickets") == 1


def test_no_more_are_offered_than_fit(in_app, sandbox):
    ticket = sandbox.add_ticket(tags=[f"zz{number}" for number in range(50)])

    told = tag_suggestions.matching("zz", {"ticket_ids": [ticket]})

    assert len(told.found) == OFFERED


def test_a_view_that_is_gone_stops_nobody(in_app, sandbox):
    sandbox.add_ticket(tags=["latex"])

    told = tag_suggestions.matching("latex", {"view_ids": [999]})

    assert [one.name for one in told.found] == ["latex"]
    assert told.is_partial


def test_zendesk_out_of_reach_is_no_error(in_app, sandbox):
    sandbox.change_settings(down=True)

    told = tag_suggestions.matching("late")

    assert (told.found, told.is_partial) == ([], True)


def test_no_connection_is_no_error(in_app):
    in_app.config["ZENDESK_SUBDOMAIN"] = ""

    assert tag_suggestions.matching("late").is_partial
