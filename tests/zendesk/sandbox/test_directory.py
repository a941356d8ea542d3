"""People, groups and organizations, fields and settings."""

AGENT = "agent@sandbox.test"


def test_people_are_shown_by_number(call):
    staff = call.get("/users/9001").json["user"]
    customer = call.get("/users/100001.json").json["user"]

    assert (staff["email"], staff["role"]) == ("admin@sandbox.test", "admin")
    assert (customer["role"], customer["email"]) == ("end-user", "customer.1@customers.example")
    assert call.get("/users/5").status_code == 404


def test_everybody_whom_a_ticket_names_is_there(call):
    for number in range(1, 60):
        ticket = call.get(f"/tickets/{number}").json["ticket"]
        named = [ticket["requester_id"], ticket["assignee_id"]]
        ids = ",".join(str(person) for person in set(named) if person)
        users = call.get("/users/show_many", ids=ids).json["users"]
        assert len(users) == len(ids.split(","))
        if ticket["organization_id"]:
            assert call.get(f"/organizations/{ticket['organization_id']}").status_code == 200


def test_show_many_leaves_out_the_missing_and_refuses_too_many(call):
    users = call.get("/users/show_many", ids="100002,4,9001").json["users"]
    organizations = call.get("/organizations/show_many", ids="6001,1").json["organizations"]
    refused = call.get("/users/show_many", ids=",".join(map(str, range(101))))

    assert [user["id"] for user in users] == [9001, 100_002]
    assert [one["id"] for one in organizations] == [6001]
    assert refused.status_code == 400


def test_people_are_searched_by_part_of_the_name_or_by_address(call):
    by_name = call.get("/users/search", query="SANDBOX").json["users"]
    by_address = call.get("/users/search", query="customer.3@customers.example").json["users"]

    assert {user["id"] for user in by_name} == {9001, 9002}
    assert [user["id"] for user in by_address] == [100_003]


def test_groups(call):
    groups = call.get("/groups").json["groups"]

    assert {group["name"] for group in groups} >= {"Billing", "Technical"}
    assert call.get("/groups/assignable").json["groups"] == groups
    assert call.get("/groups/501").json["group"]["name"] == "Billing"
    assert call.get("/groups/1").status_code == 404


def test_ticket_fields_have_zendesks_type_names_and_their_options(call):
    fields = {field["title"]: field for field in call.get("/ticket_fields").json["ticket_fields"]}

    types = {field["type"] for field in fields.values()}
    assert types >= {"subject", "tickettype", "assignee", "text", "tagger", "checkbox"}
    assert types >= {"multiselect", "integer", "date", "custom_status"}
    options = {option["value"] for option in fields["Product"]["custom_field_options"]}
    assert "kettle_k2" in options
    assert fields["Resolution"]["required"]
    shown = call.get(f"/ticket_fields/{fields['Product']['id']}").json["ticket_field"]
    assert shown == fields["Product"]


def test_generated_tickets_have_the_tags_of_their_options(call):
    for number in range(1, 60):
        ticket = call.get(f"/tickets/{number}").json["ticket"]
        values = {field["id"]: field["value"] for field in ticket["custom_fields"]}
        assert {values[360_002], values[360_004]} - {None} <= set(ticket["tags"])


def test_every_status_has_custom_ones(call):
    statuses = call.get("/custom_statuses").json["custom_statuses"]
    hold = call.get("/custom_statuses", status_categories="hold").json["custom_statuses"]

    assert {one["status_category"] for one in statuses if one["default"]} == {
        *("new", "open", "pending", "hold", "solved", "closed")
    }
    assert [one["agent_label"] for one in hold] == ["Hold", "Waiting for parts"]


def test_forms_and_brands_are_listed(call):
    assert call.get("/ticket_forms").json["count"] == 2
    assert call.get("/brands").json["count"] == 2
    assert call.get("/ticket_forms/8002").json["ticket_form"]["id"] == 8002
    assert call.get("/brands/1").status_code == 404


def test_only_an_admin_changes_the_accounts_settings(call):
    seen = call.get("/account/settings", user=AGENT)
    refused = call.put("/account/settings", {"settings": {}}, user=AGENT)

    assert seen.json["settings"]["active_features"]["user_tagging"]
    assert refused.status_code == 403
    assert refused.json["error"]["title"] == "Forbidden"


def test_everybody_has_the_keys_that_zendesk_always_sends(call):
    always = {
        *("alias", "shared", "shared_agent", "signature", "details", "notes", "role_type"),
        *("custom_role_id", "ticket_restriction", "only_private_comments", "user_fields"),
        *("external_id", "photo", "last_login_at", "report_csv", "shared_phone_number"),
    }

    admin, customer = (call.get(f"/users/{number}").json["user"] for number in (9001, 100_001))

    assert always <= admin.keys()
    assert admin.keys() == customer.keys()
    assert (admin["role_type"], customer["role_type"]) == (4, None)


def test_fields_of_the_system_tell_their_choices(call):
    fields = {field["type"]: field for field in call.get("/ticket_fields").json["ticket_fields"]}

    priorities = [option["value"] for option in fields["priority"]["system_field_options"]]
    assert priorities == ["low", "normal", "high", "urgent"]
    assert len(fields["custom_status"]["custom_statuses"]) == 10
    assert "system_field_options" not in fields["tagger"]
    assert all(field["raw_title_in_portal"] for field in fields.values())


def test_organizations_are_listed_counted_and_found_by_the_beginning_of_the_name(call):
    found = call.get("/organizations", **{"page[size]": 3}).json
    first = found["organizations"][0]

    begun = call.get("/organizations/autocomplete", name=first["name"][:5]).json["organizations"]

    assert len(found["organizations"]) == 3
    assert found["meta"]["has_more"]
    assert call.get("/organizations/count").json["count"]["value"] == 40
    assert first in begun
    assert call.get("/organizations/search", name=first["name"]).json["organizations"] == [first]
    assert call.get("/organizations/autocomplete", name="").status_code == 400


def test_who_is_in_a_group_is_told_from_both_sides(call):
    users = {user["id"] for user in call.get("/groups/501/users").json["users"]}
    members = call.get("/groups/501/memberships").json["group_memberships"]
    groups = {group["id"] for group in call.get("/users/9001/groups").json["groups"]}

    assert {one["user_id"] for one in members} == users
    assert 9001 in users
    assert {one["group_id"] for one in members} == {501}
    assert 501 in groups
    assert {"url", "created_at", "updated_at", "default"} <= members[0].keys()
    assert call.get("/users/100001/group_memberships").json["group_memberships"] == []
    assert call.get("/groups/1/users").status_code == 404


def test_tickets_are_listed_by_whom_they_belong_to(call, sandbox):
    ticket = call.get("/tickets/1").json["ticket"]
    sandbox.set_ticket(1, assignee_id=9002, organization_id=6003, follower_ids=[9001])

    for path in (
        f"/users/{ticket['requester_id']}/tickets/requested",
        "/users/9002/tickets/assigned",
        "/organizations/6003/tickets",
    ):
        assert 1 in {one["id"] for one in call.get(path).json["tickets"]}, path
    people = call.get("/tickets/1/collaborators").json["users"]
    assert [person["id"] for person in people] == [9001]
    assert call.get("/users/5/tickets/assigned").status_code == 404


def test_people_and_groups_and_views_are_counted(call):
    counts = {
        name: call.get(f"/{name}/count").json["count"]["value"]
        for name in ("users", "groups", "views", "ticket_fields")
    }

    assert counts["users"] == 113
    for name in ("groups", "views", "ticket_fields"):
        assert counts[name] == call.get(f"/{name}").json["count"]


def test_people_are_searched_by_role(call):
    found = call.get("/search", query="type:user role:admin").json

    assert [(one["id"], one["result_type"]) for one in found["results"]] == [(9001, "user")]
