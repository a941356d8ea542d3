"""Reading tickets and changing them one by one."""

import pytest

from app.zendesk.sandbox.clock import SECOND, from_iso


def test_show_many_answers_in_order_of_ids_and_leaves_out_the_missing(call):
    answer = call.get("/tickets/show_many.json", ids="9,999999,3,5")

    assert [ticket["id"] for ticket in answer.json["tickets"]] == [3, 5, 9]


def test_show_many_refuses_more_than_a_hundred_ids(call):
    answer = call.get("/tickets/show_many", ids=",".join(map(str, range(1, 102))))

    assert answer.status_code == 400
    assert answer.json == {
        "error": "TooManyValues",
        "description": "Parameter  cannot specify more than 100 values",
        "max_count": 100,
    }


def test_pages_by_cursor_reach_every_ticket_once(call):
    seen, more, query = [], True, {"page[size]": 70}

    while more:
        answer = call.get("/tickets", **query).json
        seen += [ticket["id"] for ticket in answer["tickets"]]
        more, query["page[after]"] = answer["meta"]["has_more"], answer["meta"]["after_cursor"]

    assert seen == list(range(1, 301))


def test_backwards_there_is_more_until_the_first_page(call):
    size = {"page[size]": 10}
    place, cursors = size, []
    for _ in range(3):
        meta = call.get("/tickets", **place).json["meta"]
        cursors.append(meta["before_cursor"])
        place = size | {"page[after]": meta["after_cursor"]}

    second, first = (
        call.get("/tickets", **size, **{"page[before]": cursor}).json for cursor in cursors[:0:-1]
    )

    assert [page["tickets"][0]["id"] for page in (second, first)] == [11, 1]
    assert [page["meta"]["has_more"] for page in (second, first)] == [True, False]


def test_an_update_answers_with_the_ticket_and_an_audit(call, sandbox):
    ticket = sandbox.add_ticket(status="open", tags=["vip"])

    answer = call.put(f"/tickets/{ticket}.json", {"ticket": {"status": "pending"}}).json

    assert answer["ticket"]["status"] == "pending"
    assert answer["audit"]["events"][0]["previous_value"] == "open"


def test_tags_are_lower_cased_split_and_kept_once(call, sandbox):
    ticket = sandbox.add_ticket(tags=["vip"])

    call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["VIP", "Big order", "big"]}})

    assert sandbox.ticket(ticket)["tags"] == ["big", "order", "vip"]


def test_custom_fields_merge_by_id(call, sandbox):
    ticket = sandbox.add_ticket(custom_fields=[{"id": 1, "value": "a"}, {"id": 2, "value": "b"}])

    call.put(f"/tickets/{ticket}", {"ticket": {"custom_fields": [{"id": "2", "value": "c"}]}})

    kept = {field["id"]: field["value"] for field in sandbox.ticket(ticket)["custom_fields"]}
    assert kept == {1: "a", 2: "c"}


def test_an_update_that_changes_nothing_leaves_the_time_of_the_last_change(call, sandbox):
    ticket = sandbox.add_ticket(tags=["vip"])
    before = sandbox.ticket(ticket)["updated_at"]

    call.put(f"/tickets/{ticket}", {"ticket": {"additional_tags": ["vip"]}})

    assert sandbox.ticket(ticket)["updated_at"] == before


def test_a_closed_ticket_is_not_updated(call, sandbox):
    ticket = sandbox.add_ticket(status="closed")

    answer = call.put(f"/tickets/{ticket}", {"ticket": {"priority": "high"}})

    assert answer.status_code == 422
    closed = [{"description": "Status: closed prevents ticket update"}]
    assert answer.json["details"] == {"status": closed}


def test_a_priority_once_set_cannot_be_cleared(call, sandbox):
    ticket = sandbox.add_ticket(priority="low")

    answer = call.put(f"/tickets/{ticket}", {"ticket": {"priority": None}})

    description = answer.json["details"]["priority"][0]["description"]
    assert description == "Priority: cannot be reset"


def test_an_outdated_stamp_is_a_conflict_whatever_safe_update_says(call, sandbox):
    ticket = sandbox.add_ticket()
    change = {"subject": "x", "safe_update": False}
    stamp = sandbox.ticket(ticket)["updated_at"]

    first = call.put(f"/tickets/{ticket}", {"ticket": change | {"updated_stamp": stamp}})
    second = call.put(f"/tickets/{ticket}", {"ticket": change | {"updated_stamp": stamp}})

    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json["error"] == "UpdateConflict"


def test_unknown_parameters_are_named_in_a_header_and_do_not_fail(call, sandbox):
    answer = call.put("/tickets/1", {"ticket": {"colour": "red", "subject": "x"}})

    assert "colour" in answer.headers["x-zendesk-api-warn"]


@pytest.mark.parametrize(
    ("path", "query", "warned"),
    [
        ("/tickets", {"shade": "", "page[size]": 1, "colour": "red"}, '"colour", "shade"'),
        ("/tickets/1", {"per_page": 2}, '"per_page"'),
        ("/tickets/999999", {"colour[hue]": "red"}, '"colour[hue]"'),
        ("/tickets/count", {"a\r\nx: \u00e9": 1}, '"a??x: \\xe9"'),
        ("/tickets/1/macros/1/apply", {"include": "users"}, '"include"'),
    ],
)
def test_unknown_parameters_of_the_query_are_named_too(call, path, query, warned):
    words = call.get(path, **query).headers["x-zendesk-api-warn"]

    assert words == f"Removed restricted keys [{warned}] from parameters"


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/tickets", {"page[size]": 5, "include": "users", "sort": "-id"}),
        ("/users", {"role[]": "agent"}),
        ("/search/export", {"filter[type]": "ticket", "query": "vip", "page[size]": 5}),
        ("/incremental/tickets/cursor", {"start_time": 0, "per_page": 5}),
        ("/views/compact", {}),
        ("/tags", {"page": 2}),
    ],
)
def test_of_known_parameters_there_is_no_warning(call, path, query):
    answer = call.get(path, **query)

    assert answer.status_code == 200
    assert "x-zendesk-api-warn" not in answer.headers


def test_unknown_parameters_of_query_and_body_are_both_named(call):
    answer = call.put("/tickets/update_many", {"ticket": {"hue": "red"}}, ids="1", shade="dark")

    warned = answer.headers["x-zendesk-api-warn"]
    assert '"hue"' in warned
    assert '"shade"' in warned
    assert '"ids"' not in warned


def test_an_unknown_id_and_an_unknown_route_differ(call):
    missing, nowhere = call.get("/tickets/999999"), call.get("/nowhere")

    assert missing.json == {"error": "RecordNotFound", "description": "Not found"}
    assert nowhere.json == {"error": "InvalidEndpoint", "description": "Not found"}


@pytest.fixture
def counted(make_sandbox, caller_of):
    """A help desk whose 300 tickets are many, and what it says after so many seconds."""
    sandbox = make_sandbox(speed=0.001, ticket_count_fresh_to=299)
    start = sandbox.clock.now()

    def count(after):
        sandbox.clock.now = lambda: start + after * SECOND
        count = caller_of(sandbox).get("/tickets/count").json["count"]
        moment = count["refreshed_at"]
        return count["value"], moment and (from_iso(moment) - start) // SECOND

    return sandbox, count


def test_many_tickets_are_counted_once_a_day(counted):
    sandbox, count = counted

    assert count(after=0) == (300, 0)
    sandbox.add_ticket()
    assert count(after=86_399) == (300, 0)
    assert count(after=86_400) == (301, 86_400)


def test_while_many_tickets_are_counted_the_number_is_capped(counted):
    sandbox, count = counted
    sandbox.change_settings(ticket_count_delay=60.0)

    assert count(after=0) == count(after=59) == (299, None)
    assert count(after=60) == (300, 60)


def test_few_tickets_are_counted_at_once(counted):
    sandbox, count = counted
    count(after=0)
    for ticket in (1, 2):
        sandbox.delete_ticket(ticket)

    assert count(after=1) == (298, 1)


def test_a_body_that_is_not_json_is_refused(call):
    answer = call.put("/tickets/1", ["not", "an object"])

    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/tickets"),
        ("PUT", "/tickets/1"),
        ("PUT", "/tickets/update_many?ids=1"),
        ("DELETE", "/tickets/1/tags"),
        ("POST", "/views/preview"),
    ],
)
@pytest.mark.parametrize("kind", [None, "application/x-www-form-urlencoded", "text/json"])
def test_a_body_that_is_not_said_to_be_json_is_refused(call, sandbox, method, path, kind):
    before = sandbox.ticket(1)

    answer = call.client.open(
        f"/api/v2{path}",
        method=method,
        headers={"Authorization": f"Bearer {call.access_token()}"},
        data='{"ticket": {"subject": "x", "comment": "x"}, "tags": [], "view": {}}',
        content_type=kind,
    )

    assert answer.status_code == 415
    assert answer.json["error"] == "UnsupportedMediaType"
    assert sandbox.ticket(1) == before


def test_json_may_name_its_character_set(call):
    answer = call.client.put(
        "/api/v2/tickets/1",
        headers={"Authorization": f"Bearer {call.access_token()}"},
        data='{"ticket": {"subject": "x"}}',
        content_type="application/json; charset=utf-8",
    )

    assert answer.json["ticket"]["subject"] == "x"


def test_the_same_seed_makes_the_same_tickets(make_sandbox):
    one, same, other = make_sandbox(), make_sandbox(), make_sandbox(seed=2)

    assert one.ticket(7) == same.ticket(7)
    assert one.ticket(7) != other.ticket(7)


def test_about_the_asked_share_of_tickets_is_closed(make_sandbox):
    summary = make_sandbox(tickets=5000).summary()

    assert 0.10 < summary["closed"] / summary["tickets"] < 0.14


def test_what_was_asked_before_is_asked_again_as_it_is_now(call, sandbox):
    for _ in range(2):
        call.get("/tickets/show_many", ids="1,2")
    sandbox.set_ticket(1, subject="Changed")
    sandbox.delete_ticket(2)

    one, many = call.get("/tickets/1").json, call.get("/tickets/show_many", ids="1,2").json

    assert one["ticket"]["subject"] == "Changed"
    assert many["tickets"] == [one["ticket"]]
    assert call.get("/tickets/2").status_code == 404


def test_urls_begin_as_the_client_wrote_them(call):
    for host in ("one.test", "two.test"):
        answer = call.client.get(
            "/api/v2/tickets/1",
            base_url=f"https://{host}",
            headers={"Authorization": f"Bearer {call.access_token()}"},
        )
        assert answer.json["ticket"]["url"] == f"https://{host}/api/v2/tickets/1.json"


def test_a_page_is_linked_with_the_size_that_was_asked_for_and_no_other(call):
    plain = call.get("/tickets").json
    sized = call.get("/tickets", per_page=7, page=2).json

    assert plain["next_page"] == "http://localhost/api/v2/tickets?page=2"
    assert sized["next_page"] == "http://localhost/api/v2/tickets?page=3&per_page=7"
    assert sized["previous_page"] == "http://localhost/api/v2/tickets?page=1&per_page=7"
