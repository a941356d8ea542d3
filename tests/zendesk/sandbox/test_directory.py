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

    assert always <= admin.keys() and admin.keys() == customer.keys()
    assert (admin["role_type"], customer["role_type"]) == (4, None)


def test_fields_of_the_system_tell_their_choices(call):
    fields = {field["type"]: field for field in call.get("/ticket_fields").json["ticket_fields"]}

    priorities = [option["value"] for option in fields["priority"]["system_field_options"]]
    assert priorities == ["low", "normal", "high", "urgent"]
    assert len(fields["custom_status"]["custom_statuses"]) == 10
    assert "system_field_options" not in fields["tagger"]
    assert all(field["raw_title_in_portal"] for field in fields.values())
