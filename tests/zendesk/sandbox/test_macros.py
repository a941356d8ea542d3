"""Macros: which there are, who sees them, and what can be done with them."""

AGENT = "agent@sandbox.test"


def titles(answer):
    return [macro["title"] for macro in answer.json["macros"]]


def all_macros(call, path="/macros", **query):
    found, more = [], True
    query |= {"page[size]": 100}
    while more:
        answer = call.get(path, **query).json
        found += answer["macros"]
        more, query["page[after]"] = answer["meta"]["has_more"], answer["meta"]["after_cursor"]
    return found


def test_there_are_some_hundreds_and_every_action_kind_is_among_them(call):
    macros = all_macros(call)

    kinds = {action["field"].rstrip("0123456789") for m in macros for action in m["actions"]}
    assert len(macros) > 250
    assert kinds >= {
        *("status", "type", "priority", "group_id", "assignee_id", "subject", "share_ticket"),
        *("set_tags", "current_tags", "remove_tags", "custom_fields_", "custom_status_id"),
        *("ticket_form_id", "brand_id", "comment_value", "comment_value_html", "follower", "cc"),
        *("comment_mode_is_public", "set_skills", "add_skills", "remove_skills"),
        *("side_conversation", "side_conversation_slack", "side_conversation_ticket"),
    }


def test_pages_by_cursor_are_in_order_of_titles_and_without_gaps(call):
    macros = all_macros(call)

    order = [(macro["title"], macro["id"]) for macro in macros]
    assert order == sorted(order)
    assert len(set(order)) == call.get("/macros").json["count"]


def test_pages_backwards_by_usage_reach_every_macro_once(call):
    macros = all_macros(call, sort_by="usage_7d", sort_order="desc", include="usage_7d")

    usages = [macro["usage_7d"] for macro in macros]
    assert usages == sorted(usages, reverse=True)
    assert len({macro["id"] for macro in macros}) == len(macros) == len(all_macros(call))


def test_active_macros_leave_out_the_old_ones(call):
    everything, active = all_macros(call), all_macros(call, "/macros/active")

    left_out = {macro["title"] for macro in everything if not macro["active"]}
    assert left_out
    assert not left_out & {macro["title"] for macro in active}


def test_an_admin_sees_personal_macros_of_all_and_an_agent_only_her_own(call):
    owners = {
        user: {
            macro["restriction"]["id"]
            for macro in call.get("/macros", user=user, access=access).json["macros"]
        }
        for user, access in (("admin@sandbox.test", "agents"), (AGENT, "personal"))
    }

    assert owners[AGENT] == {9002}
    assert len(owners["admin@sandbox.test"]) > 5


def test_only_viewable_leaves_an_admin_what_she_may_use(call):
    macros = all_macros(call, only_viewable="true")

    restrictions = [macro["restriction"] for macro in macros]
    owners = {one["id"] for one in restrictions if one and one["type"] == "User"}
    assert owners == {9001}


def test_shared_macros_belong_to_everybody_or_to_a_group(call):
    kinds = {
        macro["restriction"] and macro["restriction"]["type"]
        for macro in all_macros(call, access="shared")
    }

    assert kinds == {None, "Group"}


def test_somebody_elses_personal_macro_is_not_found(call, sandbox):
    macro = sandbox.add_macro("Ada's", [("status", "open")], owner_id=9001)

    assert call.get(f"/macros/{macro}", user=AGENT).status_code == 404
    assert call.get(f"/macros/{macro}/apply", user=AGENT).status_code == 404
    assert call.get(f"/macros/{macro}").status_code == 200


def test_an_agent_may_not_list_every_agents_personal_macros(call):
    answer = call.get("/macros", user=AGENT, access="agents")

    assert answer.status_code == 403
    assert answer.json["error"]["title"] == "Forbidden"


def test_a_search_matches_titles_in_any_case(call):
    found = titles(call.get("/macros/search", query="DEPOT strike"))

    assert found
    assert all("depot strike" in title.lower() for title in found)


def test_categories_are_the_segments_before_the_title(call):
    categories = call.get("/macros/categories").json["categories"]

    assert {"Billing", "Billing::EN", "Technical::JA::Drafts"} <= set(categories)
    found = call.get("/macros", category="Chat").json["macros"]
    assert all(macro["title"].startswith("Chat::") for macro in found)
    assert len(found) == 3


def test_a_macro_has_its_actions(call):
    answer = call.get("/macros/360501.json").json["macro"]

    assert answer["title"] == "Close and thank"
    assert answer["actions"][0] == {"field": "status", "value": "solved"}


def test_a_changed_macro_is_kept_over_a_restart(make_sandbox, tmp_path):
    path = str(tmp_path / "sandbox.db")
    before = make_sandbox(path)
    added = before.add_macro("New", [("comment_value", ["channel:web", "Hi"])])
    before.set_macro(360_501, title="Renamed", active=False)
    before.close()

    macros = make_sandbox(path).desk.macros

    assert macros.get(added).actions == (("comment_value", ["channel:web", "Hi"]),)
    assert (macros.get(360_501).title, macros.get(360_501).active) == ("Renamed", False)


def test_a_program_outside_adds_and_changes_macros(call):
    body = {"title": "From outside", "actions": [{"field": "status", "value": "open"}]}
    macro = call("POST", "/_sandbox/macros", body).json["macro"]["id"]

    call("POST", "/_sandbox/macros", {"id": macro, "title": "Again"})

    changed = call.get(f"/macros/{macro}").json["macro"]
    assert (changed["title"], changed["actions"]) == ("Again", body["actions"])


def test_every_macro_of_the_library_can_be_applied(call):
    answers = [call.get(f"/tickets/1/macros/{macro['id']}/apply") for macro in all_macros(call)]

    assert {answer.status_code for answer in answers} == {200}


def test_attachments_come_apart_from_applying(call, sandbox):
    macro = sandbox.add_macro("With papers", [("status", "open")], attachments=2)

    files = call.get(f"/macros/{macro}/attachments").json["macro_attachments"]

    assert [file["filename"] for file in files] == ["guide-1.pdf", "guide-2.pdf"]


def test_definitions_and_actions_tell_what_a_macro_can_do(call):
    definitions = call.get("/macros/definitions").json["definitions"]["actions"]
    actions = call.get("/macros/actions").json["actions"]

    assert "priority" in {one["subject"] for one in definitions}
    assert "priority" in {one["value"] for one in actions}
