"""The tag endpoints of one ticket."""

import pytest


@pytest.mark.parametrize(
    ("method", "status", "left"),
    [("POST", 201, ["b", "c"]), ("PUT", 200, ["a", "b", "c"]), ("DELETE", 200, ["a"])],
)
def test_post_sets_put_adds_and_delete_removes(call, sandbox, method, status, left):
    ticket = sandbox.add_ticket(tags=["a", "b"])

    answer = call(method, f"/api/v2/tickets/{ticket}/tags.json", {"tags": ["b", "c"]})

    assert (answer.status_code, answer.json) == (status, {"tags": left})


def test_they_refuse_a_closed_ticket(call, sandbox):
    ticket = sandbox.add_ticket(status="closed")

    answer = call.put(f"/tickets/{ticket}/tags", {"tags": ["vip"]})

    assert answer.status_code == 422
    assert sandbox.tags_of(ticket) == set()


def test_the_safe_form_meets_a_conflict(call, sandbox):
    ticket = sandbox.add_ticket()
    body = {"tags": ["vip"], "updated_stamp": "2019-09-12T21:45:16Z", "safe_update": "true"}

    answer = call.put(f"/tickets/{ticket}/tags", body)

    assert answer.status_code == 409


def test_the_most_popular_tags_come_first(call, sandbox):
    for _ in range(400):
        sandbox.add_ticket(tags=["top"])

    tags = call.get("/tags").json["tags"]

    assert tags[0] == {"name": "top", "count": 400}
    counts = [tag["count"] for tag in tags]
    assert counts == sorted(counts, reverse=True)


def test_tags_are_paged_by_cursor(call):
    seen, query, more = [], {"page[size]": 7}, True
    while more:
        page = call.get("/tags", **query).json
        seen += [tag["name"] for tag in page["tags"]]
        query["page[after]"], more = page["meta"]["after_cursor"], page["meta"]["has_more"]

    assert len(seen) == len(set(seen)) == call.get("/tags/count").json["count"]["value"]


def test_a_tag_that_nobody_has_any_more_is_not_listed(call, sandbox):
    ticket = sandbox.add_ticket(tags=["once"])
    sandbox.set_ticket(ticket, remove_tags=["once"])

    assert "once" not in {tag["name"] for tag in call.get("/tags").json["tags"]}


def test_completing_a_tag_needs_two_letters_and_gives_fifteen(call, sandbox):
    sandbox.add_ticket(tags=[f"zz{number}" for number in range(30)])

    assert len(call.get("/autocomplete/tags", name="ZZ").json["tags"]) == 15
    assert call.get("/autocomplete/tags", name="z").status_code == 400


def test_a_tag_is_found_by_any_of_its_words(call, sandbox):
    sandbox.add_ticket(tags=["set_by_this_trigger"])

    assert call.get("/autocomplete/tags", name="trig").json["tags"] == ["set_by_this_trigger"]
    assert call.get("/autocomplete/tags", name="rigger").json["tags"] == []
