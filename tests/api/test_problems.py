"""Errors, as programs get them."""

import json

import pytest

from app.access import for_programs
from app.extensions import db
from app.models import Job, Role

ORDER = {
    "tool": "tag-manager",
    "operation": "add_tags",
    "tags": ["vip"],
    "selection": {"ticket_ids": [1]},
}


def problem(answer, status):
    """What an error says, which has the shape of all errors."""
    assert answer.status_code == status, answer.text
    assert answer.mimetype == "application/problem+json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert {"type", "title", "status", "detail", "errors"} <= set(answer.json)
    assert answer.json["status"] == status
    return answer.json


def without(order, name):
    return {key: value for key, value in order.items() if key != name}


@pytest.mark.parametrize(
    ("sent", "field", "words"),
    [
        ({}, "tool", "This is missing."),
        ([], "", "Use an object"),
        (ORDER | {"tool": "none"}, "tool", "Use one of 'apply-macro-to-view', 'tag-manager'."),
        (ORDER | {"operation": "explode"}, "operation", "Use one of"),
        (without(ORDER, "operation"), "operation", "This is missing."),
        (without(ORDER, "tags"), "tags", "This is missing."),
        (ORDER | {"tags": []}, "tags", "Name at least one."),
        (ORDER | {"tags": ["a", "b c"]}, "tags.1", "A tag has no spaces"),
        (ORDER | {"tags": ["<b>"]}, "tags.0", "which Zendesk does not keep in tags"),
        (ORDER | {"more": 1}, "more", "There is no such field."),
        (ORDER | {"limit": "7"}, "limit", "Use a whole number, without quotes."),
        (ORDER | {"limit": 0}, "limit", "Use a number from 1."),
        (ORDER | {"limit": 50_001}, "limit", "Use a number up to 50,000."),
        (ORDER | {"dry_run": 1}, "dry_run", "Use true or false, without quotes."),
        (ORDER | {"reason": "x" * 501}, "reason", "At most 500 characters."),
        (ORDER | {"reason": "\0"}, "reason", "This has a character that cannot be here."),
        (without(ORDER, "selection"), "selection", "This is missing."),
        (ORDER | {"selection": {}}, "selection", "Say which tickets"),
        (ORDER | {"selection": {"view_id": 9}}, "selection.view_id", "There is no active view 9"),
        (ORDER | {"selection": {"view_ids": [9]}}, "selection.view_ids", "There is no active view"),
        (ORDER | {"selection": {"view_id": 0}}, "selection.view_id", "Use a number from 1."),
        (ORDER | {"selection": {"ticket_ids": []}}, "selection.ticket_ids", "Name at least one."),
        (
            ORDER | {"selection": {"ticket_ids": [1, "2"]}},
            "selection.ticket_ids.1",
            "Use a whole number, without quotes.",
        ),
        (ORDER | {"selection": {"view_id": 1, "search": "x"}}, "selection.search", "no such field"),
        (ORDER | {"selection": {"search": " "}}, "selection.search", "Type what to search for."),
        (ORDER | {"selection": {"search": "type:user"}}, "selection.search", "Leave out “type:”."),
        (
            ORDER | {"selection": {"job_id": "7", "outcomes": ["failed"]}},
            "selection.job_id",
            "Use the id of a job.",
        ),
        (
            ORDER | {"operation": "rename_tag", "old_tag": "a", "new_tag": "A"},
            "tags",
            "There is no such field.",
        ),
    ],
)
def test_a_mistake_in_an_order_is_named_with_its_field(app, program, sent, field, words):
    told = problem(program.post("/jobs", sent), 422)

    assert told["errors"][0]["field"] == field
    assert words in told["errors"][0]["detail"]
    assert words in told["detail"]
    with app.app_context():
        assert db.session.query(Job).count() == 0


def test_a_tag_is_not_renamed_to_itself(program):
    order = without(ORDER, "tags") | {"operation": "rename_tag", "old_tag": "vip", "new_tag": "VIP"}

    told = problem(program.post("/jobs", order), 422)

    assert told["errors"][0]["field"] == "new_tag"


def test_nothing_that_was_sent_comes_back(program):
    hostile = "giga_<script>alert(1)</script>"

    answers = [
        program.post("/jobs", ORDER | {"operation": hostile}),
        program.post("/jobs", ORDER | {"selection": hostile}),
        program.post("/jobs", ORDER | {"limit": hostile}),
        program.get("/jobs", query_string={"status": hostile, "cursor": hostile}),
        program.post("/jobs", data=hostile, content_type="application/json"),
        program.get(f"/{hostile}"),
    ]

    assert [one.status_code for one in answers] == [422, 422, 422, 422, 400, 404]
    assert not [one.text for one in answers if "alert" in one.text]


@pytest.mark.parametrize(
    "raw", [b"{", b"", b"nothing", b'{"tool": "\xff"}', b'{"a": ' * 10_000, b'{"a": NaN']
)
def test_what_is_no_json_is_refused(program, raw):
    problem(program.post("/jobs", data=raw, content_type="application/json"), 400)


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", None])
def test_another_type_than_json_is_refused(program, kind):
    problem(program.post("/jobs", data=json.dumps(ORDER), content_type=kind), 415)


def test_what_is_too_large_is_refused(app, program):
    app.config["MAX_CONTENT_LENGTH"] = 100

    problem(program.post("/jobs", ORDER | {"reason": "x" * 200}), 413)


def test_nothing_is_taken_where_nothing_is_asked_for(program, make_job):
    job_id = make_job([1]).job_id

    problem(program.post(f"/jobs/{job_id}/cancel", {"plan_digest": "x"}), 422)
    problem(program.get("/views", query_string={"x": 1}), 422)


@pytest.mark.parametrize("path", ["/nothing", "/jobs/7", "/jobs/7/tickets"])
def test_an_address_that_is_not_there_is_a_problem_too(program, path):
    problem(program.get(path), 404)


def test_what_no_text_may_have_is_a_problem_too(program):
    for path in ("/jobs", "/nothing"):
        problem(program.get(f"{path}?tool=%00"), 400)


def test_a_wrong_method_is_a_problem_too(program):
    answer = program.call("PUT", "/jobs")

    problem(answer, 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))


def test_pages_for_people_have_their_own_errors(agent):
    assert agent.get("/nothing").mimetype == "text/html"


def test_trouble_of_ours_is_told_without_details(app, program, monkeypatch):
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    monkeypatch.setitem(app.view_functions, "api.list_views", for_programs(lambda: 1 / 0))

    told = problem(program.get("/views"), 500)

    assert "running jobs go on" in told["detail"]
    assert "ZeroDivision" not in str(told)


def test_a_tool_for_admins_is_refused_with_its_field(program, program_of):
    order = {"tool": "apply-macro-to-view", "macro_id": 1, "selection": {"ticket_ids": [1]}}

    told = problem(program.post("/jobs", order), 403)

    assert told["errors"][0]["field"] == "tool"
    admin = program_of("admin@giga.test", Role.ADMIN)
    assert admin.post("/jobs", order).status_code == 201


def test_an_operation_for_admins_is_refused_with_its_field(program):
    told = problem(program.post("/jobs", ORDER | {"operation": "set_tags"}), 403)

    assert told["errors"][0]["field"] == "operation"


def test_without_a_connection_lists_of_zendesk_say_so(app, program):
    app.config["ZENDESK_SUBDOMAIN"] = ""

    for path in ("/views", "/macros"):
        answer = program.get(path)
        assert "not connected to a Zendesk account" in problem(answer, 503)["detail"]
        assert answer.headers["Retry-After"]
