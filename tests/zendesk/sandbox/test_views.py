"""Views: who is in them, how many, and paging through them."""

import json
from base64 import urlsafe_b64decode

import pytest

from app.zendesk.sandbox.clock import SECOND


@pytest.fixture
def vip(sandbox):
    """A view of three tickets, newest first."""
    tickets = [sandbox.add_ticket(tags=["in-view"]) for _ in range(3)]
    view = sandbox.add_view("In view", lambda ticket: "in-view" in ticket.tags)
    return f"/views/{view}", tickets[::-1]


def ids(answer):
    return [ticket["id"] for ticket in answer.json["tickets"]]


def test_a_view_shows_its_newest_tickets_first(call, vip):
    path, tickets = vip

    answer = call.get(f"{path}/tickets", **{"page[size]": 2})

    assert ids(answer) == tickets[:2]
    assert answer.json["meta"]["has_more"]


def test_the_cursor_is_an_offset_in_disguise(call, vip):
    path, _ = vip

    meta = call.get(f"{path}/tickets", **{"page[size]": 2}).json["meta"]

    cursor = json.loads(urlsafe_b64decode(meta["after_cursor"]))
    assert cursor == {"sort": "nice_id desc", "offset": 2}


def test_a_ticket_that_leaves_the_view_makes_the_next_page_skip_one(call, sandbox, vip):
    path, tickets = vip
    cursor = call.get(f"{path}/tickets", **{"page[size]": 1}).json["meta"]["after_cursor"]

    sandbox.set_ticket(tickets[0], remove_tags=["in-view"])

    following = call.get(f"{path}/tickets", **{"page[size]": 1, "page[after]": cursor})
    assert ids(following) == [tickets[2]]


def test_links_next_is_there_even_at_the_end(call, vip):
    path, _ = vip

    answer = call.get(f"{path}/tickets", **{"page[size]": 3}).json

    assert not answer["meta"]["has_more"]
    assert answer["links"]["next"].startswith(f"http://localhost/api/v2{path}/tickets?page")


def test_pages_by_offset_tell_the_count(call, vip):
    path, tickets = vip

    answer = call.get(f"{path}/tickets", page=2, per_page=2)

    assert ids(answer) == tickets[2:]
    assert (answer.json["count"], answer.json["next_page"]) == (3, None)


def test_offset_paging_ends_at_its_depth(call, sandbox):
    sandbox.change_settings(offset_depth=200)
    view = sandbox.desk.views.all()[0].id

    answer = call.get(f"/views/{view}/tickets", page=3, per_page=100)

    assert answer.status_code == 400
    assert answer.json["errors"][0]["code"] == "InvalidPaginationDepth"


def test_offset_paging_ends_after_a_hundred_pages_however_small(call):
    answers = [call.get("/tickets", page=page, per_page=1) for page in (100, 101)]

    assert [answer.status_code for answer in answers] == [200, 400]
    assert answers[1].json["errors"][0]["code"] == "InvalidPaginationDepth"


def test_a_page_number_and_a_cursor_are_not_mixed(call, vip):
    path, _ = vip

    for cursor in ({"page[size]": 1}, {"page[after]": ""}):
        answer = call.get(f"{path}/tickets", page=2, **cursor)
        assert answer.status_code == 400
        assert answer.json["errors"][0]["code"] == "InvalidPaginationParameter"


def test_a_page_is_never_larger_than_a_hundred(call, sandbox):
    view = sandbox.desk.views.all()[0].id

    answer = call.get(f"/views/{view}/tickets", **{"page[size]": 1000})

    assert len(ids(answer)) == 100


def test_a_broken_cursor_is_refused(call, vip):
    path, _ = vip

    answer = call.get(f"{path}/tickets", **{"page[after]": "nonsense"})

    assert answer.json["errors"][0]["code"] == "InvalidPaginationParameter"


def test_the_count_follows_the_tickets(call, sandbox, vip):
    path, tickets = vip
    sandbox.delete_ticket(tickets[0])

    count = call.get(f"{path}/count").json["view_count"]

    assert (count["value"], count["fresh"]) == (2, True)


def test_a_count_not_yet_known_is_null(call, sandbox, vip):
    path, _ = vip
    sandbox.change_settings(view_count_delay=1e9)

    count = call.get(f"{path}/count").json["view_count"]

    assert (count["value"], count["fresh"]) == (None, False)


def test_a_stale_count_does_not_follow_the_tickets(call, sandbox, vip):
    path, tickets = vip
    sandbox.change_settings(view_count_staleness=1e9)
    call.get(f"{path}/count")
    sandbox.delete_ticket(tickets[0])

    count = call.get(f"{path}/count").json["view_count"]

    assert (count["value"], count["fresh"]) == (3, False)


def test_counting_more_than_twenty_views_is_refused(call):
    answer = call.get("/views/count_many", ids=",".join(map(str, range(21))))

    assert answer.status_code == 400


def test_the_usual_views_have_the_sizes_that_people_know(make_sandbox):
    sandbox = make_sandbox(tickets=3000)

    sizes = {view.title: len(view.ids) for view in sandbox.desk.views.all()}

    assert sizes["All tickets"] == 3000
    assert sizes["Recall of batch 7"] == 120
    assert sizes["Partner escalations"] == 450
    assert sizes["Legal holds"] == 0


def test_inactive_views_are_only_in_the_whole_list(call):
    everything, active = (call.get(f"/views{end}").json["views"] for end in ("", "/active"))

    assert {view["title"] for view in everything} - {view["title"] for view in active} == {
        "Old: holiday sale"
    }


def test_executing_a_view_gives_rows(call, sandbox, vip):
    path, tickets = vip

    rows = call.get(f"{path}/execute").json["rows"]

    assert [row["ticket_id"] for row in rows] == tickets


def test_executing_a_view_gives_columns_as_well(call, vip):
    path, tickets = vip

    content = call.get(f"{path}/execute").json

    columns = {column["id"] for column in content["columns"]}
    assert columns <= content["rows"][0].keys()
    assert content["view"]["url"].endswith(f"{path}.json")
    assert content["count"] == len(tickets)


def test_an_executed_view_is_up_to_ten_minutes_old(call, sandbox, vip):
    path, tickets = vip
    sandbox.change_settings(speed=0.001)
    start = sandbox.clock.now()

    def rows(after, **query):
        sandbox.clock.now = lambda: start + after * SECOND
        return [row["ticket_id"] for row in call.get(f"{path}/execute", **query).json["rows"]]

    assert rows(after=0) == tickets
    sandbox.delete_ticket(tickets[0])
    assert rows(after=599) == tickets
    assert rows(after=599, per_page=50) == tickets[1:]
    assert rows(after=600) == tickets[1:]


def test_an_executed_view_need_not_come_from_a_cache(call, sandbox, vip):
    path, tickets = vip
    sandbox.change_settings(view_execute_lifetime=0.0)
    call.get(f"{path}/execute")
    sandbox.delete_ticket(tickets[0])

    assert len(call.get(f"{path}/execute").json["rows"]) == 2


def test_views_are_searched_by_title_and_shown_many(call):
    found = call.get("/views/search", query="bILL").json["views"]
    active = call.get("/views/search", query="sale", active="true").json["views"]
    shown = call.get("/views/show_many", ids=f"{found[0]['id']},1").json["views"]

    assert [view["title"] for view in found] == ["Billing"]
    assert active == []
    assert shown == found


def preview(call, *every, any_of=(), path=""):
    return call(
        "POST", f"/api/v2/views/preview{path}", {"view": {"all": every, "any": list(any_of)}}
    )


def is_(field, value, operator="is"):
    return {"field": field, "operator": operator, "value": value}


def test_a_preview_shows_what_a_view_would(call, sandbox):
    sandbox.change_settings(view_preview_per_minute=None)
    mine = is_("current_tags", "mine", "includes")
    low = sandbox.add_ticket(tags=["mine"], priority="low", status="open", group_id=501)
    high = sandbox.add_ticket(tags=["mine"], priority="high", status="solved")
    custom = [{"id": 360_002, "value": "lamp_l1"}]
    lamp = sandbox.add_ticket(tags=["mine"], status="new", custom_fields=custom)

    def shown(*conditions, **more):
        return {row["ticket_id"] for row in preview(call, mine, *conditions, **more).json["rows"]}

    assert shown() == {low, high, lamp}
    assert shown(is_("status", "solved", "less_than")) == {low, lamp}
    assert shown(is_("group_id", "501")) == {low}
    assert shown(is_("group_id", "")) == {high, lamp}
    assert shown(is_("custom_fields_360002", "lamp_l1")) == {lamp}
    assert shown(is_("current_tags", "other", "not_includes")) == {low, high, lamp}
    assert shown(any_of=[is_("status", "new"), is_("priority", "high")]) == {lamp, high}
    counted = preview(call, mine, path="/count").json["view_count"]
    assert (counted["value"], counted["view_id"]) == (3, None)


def test_a_preview_with_a_condition_that_no_view_has_is_refused(call):
    assert preview(call, is_("colour", "red")).status_code == 422
    assert preview(call, is_("status", "open", "resembles")).status_code == 422


def test_tickets_of_a_view_are_sorted_by_the_order_of_priorities(call, sandbox, vip):
    path, tickets = vip
    for ticket, priority in zip(tickets, ("high", "low", "urgent"), strict=True):
        sandbox.set_ticket(ticket, priority=priority)

    answer = call.get(f"{path}/tickets", sort_by="priority", sort_order="asc")

    assert ids(answer) == [tickets[1], tickets[0], tickets[2]]
