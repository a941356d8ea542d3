"""Incremental exports of people and organizations."""

AGENT = "agent@sandbox.test"
USERS = "/incremental/users/cursor.json"


def test_by_cursor_everybody_comes_once(call):
    seen, query, ended = [], {"start_time": 0}, False

    while not ended:
        page = call.get(USERS, per_page=50, **query).json
        seen += [user["id"] for user in page["users"]]
        query, ended = {"cursor": page["after_cursor"]}, page["end_of_stream"]

    assert len(seen) == len(set(seen)) == call.get("/users/count").json["count"]["value"]
    assert call.get(USERS, cursor=page["after_cursor"]).json["users"] == []


def test_by_time_a_page_begins_where_the_last_one_ended(call):
    first = call.get("/incremental/users", start_time=0, per_page=50).json
    second = call.get("/incremental/users", start_time=first["end_time"], per_page=50).json

    assert (first["count"], first["end_of_stream"]) == (50, False)
    assert second["users"][0] == first["users"][-1]
    assert second["users"][1]["id"] == first["users"][-1]["id"] + 1


def test_people_who_changed_earlier_are_left_out(call):
    page = call.get("/incremental/users", start_time=1_767_225_600).json

    assert {user["role"] for user in page["users"]} == {"admin", "agent"}


def test_organizations_are_exported_by_time(call):
    page = call.get("/incremental/organizations", start_time=0).json

    assert (page["count"], page["end_of_stream"]) == (40, True)
    assert page["organizations"][0]["name"]


def test_they_are_for_admins(call):
    for path in (USERS, "/incremental/users", "/incremental/organizations"):
        assert call.get(path, start_time=0, user=AGENT).status_code == 403


def test_what_the_help_desk_has_none_of_is_an_empty_list(call):
    for path in ("user_fields", "organization_fields", "satisfaction_ratings", "slas/policies"):
        answer = call.get(f"/{path}").json
        assert answer[path.replace("slas/", "sla_")] == []
        assert answer["count"] == 0
