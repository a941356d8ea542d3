"""The search language, and its three ways to answer."""

import pytest

from app.zendesk.sandbox.fields import PRODUCT_FIELD


@pytest.fixture
def found(call):
    """The ids that a query finds, of tickets with the tag that every test here gives."""

    def search(query, **more):
        answer = call.get("/search", query=f"{query} tags:mine", **more)
        assert answer.status_code == 200, answer.json
        return [ticket["id"] for ticket in answer.json["results"]]

    return search


@pytest.fixture
def add(sandbox):
    def make(tags=(), **fields):
        return sandbox.add_ticket(tags=["mine", *tags], **fields)

    return make


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("status:open", {"open"}),
        ("status<solved", {"new", "open", "pending", "hold"}),
        ("status>=solved", {"solved", "closed"}),
        ("status:new status:hold", {"new", "hold"}),
        ("-status:closed", {"new", "open", "pending", "hold", "solved"}),
        ("status>open -status:hold", {"pending", "solved", "closed"}),
    ],
)
def test_statuses_have_an_order(add, found, query, wanted):
    statuses = ("new", "open", "pending", "hold", "solved", "closed")
    tickets = {add(status=status): status for status in statuses}

    assert {tickets[number] for number in found(query)} == wanted


def test_priorities_have_an_order_and_may_be_missing(add, found):
    low, high, none = add(priority="low"), add(priority="high"), add(priority=None)

    assert found("priority>low") == [high]
    assert found("priority:none") == [none]
    assert set(found("-priority:high")) == {low, none}


def test_repeated_tags_are_alternatives_and_different_keys_are_not(call, add):
    first, second, _ = add(["red"]), add(["blue"], priority="low"), add(["green"])

    either = call.get("/search", query="tags:red tags:blue").json["results"]
    both = call.get("/search", query="tags:red tags:blue priority:low").json["results"]

    assert {ticket["id"] for ticket in either} == {first, second}
    assert [ticket["id"] for ticket in both] == [second]


def test_tags_by_their_beginning_and_not_at_all(call, add):
    ticket = add(["recall-9"])

    assert [one["id"] for one in call.get("/search", query="tags:recall-9*").json["results"]] == [
        ticket
    ]
    assert call.get("/search", query="tags:mine -tags:recall*").json["count"] == 0


def test_words_phrases_and_beginnings(add, found):
    kettle = add(subject="The blue kettle sings", description="It sings at night.")
    lamp = add(subject="Lamp", description="A BLUE lamp that stays dark; blueberry")

    assert set(found("blue")) == {kettle, lamp}
    assert found('"blue kettle"') == [kettle]
    assert found("blueb*") == [lamp]
    assert found("berry") == []
    assert found("blue sings") == [kettle]
    assert found("blue -sings") == [lamp]
    assert found("subject:lamp") == [lamp]
    assert found("description:sings") == [kettle]


def test_scripts_without_spaces_are_found_within_a_text(add, found):
    ticket = add(subject="新しいケトルが動きません")

    assert found("ケトル") == [ticket]


def test_times_by_day_by_moment_and_by_age(add, found):
    old = add(created_at="2026-01-05T10:00:00Z", updated_at="2026-01-05T11:00:00Z")
    new = add(created_at="2026-02-01T00:00:00Z", updated_at="2026-02-01T00:00:00Z")

    assert found("created:2026-01-05") == [old]
    assert found("created<2026-01-06") == [old]
    assert found("created>2026-01-05") == [new]
    assert found("created>=2026-01-05 created<=2026-02-01 -created:2026-02-01") == [old]
    assert found("updated>2026-01-05T10:59:59Z updated<2026-01-06") == [old]
    assert found("created>4hours") == []
    assert set(found("created<4hours")) == {old, new}


def test_generated_tickets_of_a_day_are_all_found(call, sandbox):
    made = [sandbox.ticket(number) for number in range(1, 301)]
    on_the_day = {one["id"] for one in made if one["created_at"].startswith("2026-09-15")}
    before = {one["id"] for one in made if one["created_at"] < "2026-09-15"}

    found = call.get("/search", query="created:2026-09-15").json["results"]
    counted = call.get("/search/count", query="created<2026-09-15").json["count"]

    assert {ticket["id"] for ticket in found} == on_the_day != set()
    assert counted == len(before)


def test_people_by_number_name_address_and_role_in_the_question(add, found, call):
    mine, gils = add(assignee_id=9001), add(assignee_id=9002, requester_id=100_000)
    nobodys = add(assignee_id=None)

    assert found("assignee:me") == [mine]
    assert found("assignee:9002") == [gils]
    assert found('assignee:"gil sandbox"') == [gils]
    assert found("assignee:agent@sandbox.test") == [gils]
    assert found("assignee:none") == [nobodys]
    assert gils in found("requester:customer.0@customers.example")


def test_groups_and_organizations_by_name(add, found):
    billing, nobody = add(group_id=501, organization_id=6001), add(group_id=None)

    assert found("group:billing") == [billing]
    assert found("group:none") == [nobody]
    assert found("organization:northwick") == [billing]
    assert found("organization:none") == [nobody]


def test_custom_fields(add, found):
    lamp = add(custom_fields=[{"id": PRODUCT_FIELD, "value": "lamp_l1"}])
    empty = add(custom_fields=[{"id": PRODUCT_FIELD, "value": None}])

    assert found(f"custom_field_{PRODUCT_FIELD}:lamp_l1") == [lamp]
    assert found(f"custom_field_{PRODUCT_FIELD}:*") == [lamp]
    assert found(f"custom_field_{PRODUCT_FIELD}:none") == [empty]


def test_results_are_sorted_as_asked(add, found):
    low, urgent, high = (add(priority=name) for name in ("low", "urgent", "high"))

    assert found("", sort_by="priority", sort_order="asc") == [low, high, urgent]
    assert found("order_by:created_at sort:desc") == [high, urgent, low]


def test_a_deleted_ticket_is_not_found_and_a_changed_one_at_once(sandbox, add, found):
    gone, changed = add(["x"]), add(["x"])
    assert set(found("tags:x")) == {gone, changed}

    sandbox.delete_ticket(gone)
    sandbox.set_ticket(changed, additional_tags=["late"])

    assert found("") == [changed]
    assert found("tags:late status:open -tags:gone") == [changed]


def test_an_index_that_lags_finds_tickets_as_they_were(make_sandbox, caller_of):
    sandbox = make_sandbox(search_lag=3600.0, speed=1.0)
    call = caller_of(sandbox)
    sandbox.set_ticket(5, tags=["later"])
    made = sandbox.add_ticket(tags=["later"])

    now = call.get("/search/count", query="tags:later").json["count"]
    sandbox.change_settings(search_lag=0.0)
    afterwards = call.get("/search", query="tags:later").json["results"]

    assert now == 0
    assert {ticket["id"] for ticket in afterwards} == {5, made}


def test_the_count_is_true_and_the_pages_end_at_the_thousandth(make_sandbox, caller_of):
    call = caller_of(make_sandbox(tickets=1500))

    last = call.get("/search", query="type:ticket", page=10)
    beyond = call.get("/search", query="type:ticket", page=11)

    assert (last.json["count"], len(last.json["results"])) == (1500, 100)
    assert beyond.status_code == 422
    words = "Requested response size was greater than Search Response Limits"
    assert words in beyond.json["description"]


def test_search_knows_no_cursors(call):
    answer = call.get("/search", query="kettle", **{"page[size]": 10})

    assert answer.status_code == 400
    assert answer.json["description"] == "page must be an integer"


def test_a_value_that_makes_no_sense_is_refused(call):
    for query in ("status:broken", "created>soon", ""):
        assert call.get("/search", query=query).status_code == 422


def test_an_export_gives_everything_in_order_of_making(make_sandbox, caller_of):
    call = caller_of(make_sandbox(tickets=1500))
    query = {"query": "status<closed", "filter[type]": "ticket", "page[size]": 1000}

    first = call.get("/search/export", **query).json
    query["page[after]"] = first["meta"]["after_cursor"]
    second = call.get("/search/export", **query).json

    everything = first["results"] + second["results"]
    made = [ticket["created_at"] for ticket in everything]
    assert len(first["results"]) == 1000
    assert not second["meta"]["has_more"]
    assert made == sorted(made)
    counted = call.get("/search/count", query="status<closed").json["count"]
    assert len({ticket["id"] for ticket in everything}) == counted


def test_an_export_does_not_take_a_type_in_the_query(call):
    answer = call.get(
        "/search/export", query="type:ticket", **{"filter[type]": "ticket", "page[size]": 5}
    )

    assert answer.status_code == 400


def test_an_exports_cursor_is_good_for_an_hour(call, sandbox):
    query = {"query": "status<closed", "filter[type]": "ticket", "page[size]": 5}
    cursor = call.get("/search/export", **query).json["meta"]["after_cursor"]
    sandbox.change_settings(search_cursor_lifetime=-1)

    answer = call.get("/search/export", **query, **{"page[after]": cursor})

    assert answer.status_code == 400
    assert "expired" in answer.json["errors"][0]["detail"]


def test_people_and_organizations_can_be_searched_for(call):
    users = call.get("/search", query="type:user gil").json["results"]
    organizations = call.get("/search", query="type:organization northwick").json["results"]

    assert "agent@sandbox.test" in {user["email"] for user in users}
    assert {one["result_type"] for one in organizations} == {"organization"}


def test_pages_of_one_search_are_looked_up_once(make_sandbox, caller_of, monkeypatch):
    sandbox = make_sandbox(tickets=3000)
    call = caller_of(sandbox)
    first = call.get("/search", query="kettle")
    monkeypatch.setattr(sandbox.desk.index, "candidates", None)

    second = call.get("/search", query="kettle", page=2)

    assert second.json["count"] == first.json["count"] > 100
