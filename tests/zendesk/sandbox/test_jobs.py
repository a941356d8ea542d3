"""update_many and Zendesk's own background jobs."""

import pytest

from app.zendesk.sandbox.clock import SECOND


def test_a_job_is_queued_first_and_has_no_results(call, make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.01))

    status = call.tag_many([1, 2], "vip").json["job_status"]

    assert status["status"] == "queued"
    assert (status["total"], status["progress"], status["results"]) == (2, None, None)


def test_a_job_at_work_has_changed_only_its_first_tickets(make_sandbox, caller_of):
    sandbox = make_sandbox(speed=0.001, job_rate=1.0, job_start_delay=0.0)
    call, tickets = caller_of(sandbox), [sandbox.add_ticket() for _ in range(3)]
    name = call.tag_many(tickets, "vip").json["job_status"]["id"]

    sandbox.jobs.advance(sandbox.clock.now() + 3 * SECOND // 2)

    status = call.get(f"/job_statuses/{name}").json["job_status"]
    assert (status["status"], status["progress"], status["results"]) == ("working", 1, None)
    assert [sandbox.tags_of(ticket) for ticket in tickets] == [{"vip"}, set(), set()]


def test_a_completed_job_has_a_result_for_each_ticket(call, sandbox):
    status = call.job_of(call.tag_many([2, 1], "new-tag"))

    updated = {"action": "update", "status": "Updated", "success": True}
    assert status["status"] == "completed"
    assert status["results"] == [updated | {"id": 2}, updated | {"id": 1}]
    assert "new-tag" in sandbox.tags_of(1) & sandbox.tags_of(2)


def test_the_batch_form_gives_each_ticket_its_own_change(call, sandbox):
    first, second = sandbox.add_ticket(), sandbox.add_ticket(tags=["a", "b"])
    tickets = [{"id": first, "status": "solved"}, {"id": second, "tags": ["c"]}]

    call.job_of(call.put("/tickets/update_many.json", {"tickets": tickets}))

    assert sandbox.ticket(first)["status"] == "solved"
    assert sandbox.tags_of(second) == {"c"}


def test_more_than_a_hundred_tickets_are_refused(call):
    answer = call.tag_many(range(1, 102), "vip")

    assert (answer.status_code, answer.json["error"]) == (400, "TooManyValues")


def test_a_closed_ticket_fails_alone(call, sandbox):
    closed, opened = sandbox.add_ticket(status="closed"), sandbox.add_ticket()
    body = {"ticket": {"priority": "high"}}

    status = call.job_of(call.put("/tickets/update_many", body, ids=f"{closed},{opened}"))

    assert status["status"] == "completed"
    assert status["results"][0] == {
        "id": closed,
        "action": "update",
        "success": False,
        "error": "TicketUpdateFailed",
        "details": "Status: closed prevents ticket update",
    }
    assert sandbox.ticket(opened)["priority"] == "high"


def test_only_the_ids_form_tags_closed_tickets(call, sandbox):
    ids_form, batch_form = (sandbox.add_ticket(status="closed") for _ in range(2))

    call.job_of(call.tag_many([ids_form], "vip"))
    tickets = [{"id": batch_form, "additional_tags": ["vip"]}]
    call.job_of(call.put("/tickets/update_many", {"tickets": tickets}))

    assert sandbox.tags_of(ids_form) == {"vip"}
    assert sandbox.tags_of(batch_form) == set()


def test_a_deleted_ticket_is_a_failed_item(call, sandbox):
    ticket = sandbox.add_ticket()
    sandbox.delete_ticket(ticket)

    status = call.job_of(call.tag_many([ticket, 1], "vip"))

    assert [item["success"] for item in status["results"]] == [False, True]


def test_an_outdated_stamp_in_the_batch_form_is_a_conflict(call, sandbox):
    ticket = sandbox.add_ticket()
    stamp = sandbox.ticket(ticket)["updated_at"]
    sandbox.set_ticket(ticket, priority="high")
    item = {"id": ticket, "subject": "x", "safe_update": True, "updated_stamp": stamp}

    status = call.job_of(call.put("/tickets/update_many", {"tickets": [item, {"id": 1}]}))

    assert status["results"][0]["error"] == "UpdateConflict"


def test_a_stamp_without_safe_update_is_an_error(call):
    item = {"id": 1, "subject": "x", "updated_stamp": "2026-11-01T00:00:00Z"}

    answer = call.put("/tickets/update_many", {"tickets": [item]})

    assert answer.status_code == 400


@pytest.mark.parametrize(
    "item",
    ["no object", {}, {"id": "x"}, {"id": 10**30}, {"id": 1, "tags": 5}, {"id": 1, "fields": {}}],
)
def test_what_is_no_update_is_refused_before_it_is_queued(call, sandbox, item):
    answer = call.put("/tickets/update_many", {"tickets": [item]})

    assert answer.status_code == 400
    assert sandbox.jobs.live == 0


def test_a_batch_of_more_than_a_hundred_is_refused(call):
    answer = call.put("/tickets/update_many", {"tickets": [{"id": 1}] * 101})

    assert (answer.status_code, answer.json["error"]) == (400, "TooManyValues")


def test_a_ticket_changed_after_its_job_was_queued_is_a_conflict(call, sandbox):
    ticket = sandbox.add_ticket()
    sandbox.change_settings(speed=0.001)
    answer = call.tag_many([ticket, 1], "vip")

    sandbox.set_ticket(ticket, priority="high")
    sandbox.change_settings(speed=1000)

    assert call.job_of(answer)["results"][0]["error"] == "UpdateConflict"


def test_a_thirty_first_job_is_one_too_many(make_sandbox, caller_of):
    call = caller_of(make_sandbox(speed=0.001))
    names = [call.tag_many([1], "vip").json["job_status"]["id"] for _ in range(30)]

    answer = call.tag_many([2], "vip")

    assert (answer.status_code, answer.json["error"]) == (429, "TooManyJobs")
    assert answer.json["current_job_ids"] == names


def test_jobs_beyond_those_at_once_wait_for_their_turn(call, sandbox):
    sandbox.change_settings(jobs_at_once=1, safe_bulk_updates=False)
    first, second = call.tag_many(range(1, 51), "one"), call.tag_many([1], "two")

    call.job_of(second)

    name = first.json["job_status"]["id"]
    assert call.get(f"/job_statuses/{name}").json["job_status"]["status"] == "completed"


def test_a_ticket_can_be_made_to_fail(call, sandbox):
    sandbox.fail_ticket(1, error="DatabaseConflict", details="Database collision", times=1)

    once, again = (call.job_of(call.tag_many([1, 2], tag)) for tag in ("a", "b"))

    assert once["results"][0]["error"] == "DatabaseConflict"
    assert again["results"][0]["success"]


def test_a_job_of_which_every_ticket_fails_has_failed(call, sandbox):
    sandbox.fail_ticket(1)

    status = call.job_of(call.tag_many([1], "vip"))

    assert status["status"] == "failed"


def test_results_are_kept_for_one_day(call, sandbox):
    answer = call.tag_many([1], "vip")
    call.job_of(answer)
    sandbox.change_settings(job_retention=0)

    gone = call.get(f"/job_statuses/{answer.json['job_status']['id']}")

    assert gone.status_code == 404


def test_many_jobs_are_asked_about_at_once(call):
    names = [call.tag_many([ticket], "vip").json["job_status"]["id"] for ticket in (1, 2)]

    answer = call.get("/job_statuses/show_many", ids=",".join([*names, "V3-unknown"]))

    assert [status["id"] for status in answer.json["job_statuses"]] == names


def test_the_list_of_jobs_has_them_all(call):
    names = [call.tag_many([ticket], "vip").json["job_status"]["id"] for ticket in (1, 2)]

    answer = call.get("/job_statuses", **{"page[size]": 10})

    assert [status["id"] for status in answer.json["job_statuses"]] == names


def test_the_list_of_jobs_is_read_page_by_page(call):
    names = [call.tag_many([ticket], "vip").json["job_status"]["id"] for ticket in (1, 2, 3)]
    seen, more, query = [], True, {"page[size]": 2}

    while more:
        answer = call.get("/job_statuses", **query).json
        seen += [status["id"] for status in answer["job_statuses"]]
        more, query["page[after]"] = answer["meta"]["has_more"], answer["meta"]["after_cursor"]

    assert seen == names
