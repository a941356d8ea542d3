"""Zendesk jobs that misbehave, and tickets that change while their job waits."""

import pytest

from app.zendesk.sandbox.clock import SECOND

FOUR = (1, 2, 3, 4)


@pytest.fixture
def sandbox(make_sandbox):
    """Its clock all but stands still, so that only the tests let time go by."""
    return make_sandbox(closed_share=0.0, speed=0.001)


@pytest.fixture
def queue(call):
    """Queue a job of four tickets that a fault befalls; its name."""

    def queue(kind, **more):
        call.sandbox.change_settings(faults=[{"kind": kind, **more}])
        return call.tag_many(FOUR, "struck").json["job_status"]["id"]

    return queue


@pytest.fixture
def after(call):
    """The job's answer so many virtual seconds later, at a clock that stands still then."""

    def after(seconds, name):
        clock = call.sandbox.clock
        later = clock.now() + seconds * SECOND
        clock.now = lambda: later
        return call.get(f"/job_statuses/{name}")

    return after


def tagged(sandbox):
    return [ticket for ticket in FOUR if "struck" in sandbox.tags_of(ticket)]


def test_a_job_stalls_for_ever(call, queue, after):
    status = after(80_000, queue("job_stalls")).json["job_status"]

    assert (status["status"], status["progress"], status["results"]) == ("working", 2, None)
    assert call.sandbox.jobs.live == 1


def test_a_job_stalls_for_a_while(queue, after, sandbox):
    name = queue("job_stalls", seconds=600)

    working, over = (after(seconds, name).json["job_status"] for seconds in (500, 200))

    assert (working["status"], working["progress"]) == ("working", 2)
    assert over["status"] == "completed"
    assert tagged(sandbox) == [1, 2, 3, 4]


def test_a_job_is_queued_long(queue, after, sandbox):
    name = queue("job_queued_long", seconds=600)

    queued, over = (after(seconds, name).json["job_status"] for seconds in (500, 200))

    assert (queued["status"], over["status"]) == ("queued", "completed")


def test_a_job_fails_halfway(queue, after, sandbox):
    status = after(60, queue("job_fails_halfway")).json["job_status"]

    assert (status["status"], status["progress"], status["total"]) == ("failed", 2, 4)
    assert status["message"].startswith("Failed at ")
    assert [result["id"] for result in status["results"]] == tagged(sandbox) == [1, 2]


def test_a_job_is_killed(queue, after, sandbox):
    status = after(60, queue("job_killed", share=0.75)).json["job_status"]

    assert (status["status"], status["results"]) == ("killed", None)
    assert tagged(sandbox) == [1, 2, 3]


@pytest.mark.parametrize(("share", "left"), [(None, []), (0.5, [1, 3])])
def test_a_job_loses_results_of_what_it_did(queue, after, sandbox, share, left):
    status = after(60, queue("job_loses_results", share=share)).json["job_status"]

    assert status["status"] == "completed"
    assert [result["id"] for result in status["results"]] == left
    assert tagged(sandbox) == [1, 2, 3, 4]


def test_a_job_is_forgotten_everywhere_although_it_runs(call, queue, after, sandbox):
    name = queue("job_forgotten", seconds=30)
    known = after(10, name).status_code

    forgotten = after(30, name).status_code

    assert (known, forgotten) == (200, 404)
    assert call.get("/job_statuses/show_many", ids=name).json["job_statuses"] == []
    assert call.get("/job_statuses").json["job_statuses"] == []
    assert tagged(sandbox) == [1, 2, 3, 4]


def test_a_job_is_not_found_for_a_moment(call, queue, after):
    name = queue("job_404_for_a_moment", seconds=5)
    early = after(2, name).status_code
    listed = call.get("/job_statuses").json["job_statuses"]

    late = after(5, name).status_code

    assert (early, late) == (404, 200)
    assert [status["id"] for status in listed] == [name]


def test_every_new_job_can_be_not_found_for_a_moment(call, after):
    call.sandbox.change_settings(job_status_delay=5.0)
    answer = call.tag_many(FOUR, "struck")

    name = answer.json["job_status"]["id"]

    assert [after(seconds, name).status_code for seconds in (2, 5)] == [404, 200]


def test_a_fault_befalls_only_the_jobs_that_its_route_queues(queue, after):
    name = queue("job_killed", route="DELETE /tickets/destroy_many")

    assert after(60, name).json["job_status"]["status"] == "completed"


def test_what_befell_a_job_outlives_a_restart(make_sandbox, caller_of, tmp_path):
    path = str(tmp_path / "sandbox.db")
    before = make_sandbox(path, faults=[{"kind": "job_killed"}])
    name = caller_of(before).tag_many(FOUR, "struck").json["job_status"]["id"]
    before.close()

    call = caller_of(make_sandbox(path))

    later = call.sandbox.clock.now() + 60 * SECOND
    call.sandbox.clock.now = lambda: later
    assert call.get(f"/job_statuses/{name}").json["job_status"]["status"] == "killed"


def test_a_ticket_that_somebody_edits_meanwhile_is_a_conflict(call, sandbox):
    sandbox.change_settings(meddling=1.0, speed=1000)

    results = call.job_of(call.tag_many(FOUR, "struck"))["results"]

    assert [result["error"] for result in results] == ["UpdateConflict"] * 4
    assert [entry["via"] for entry in sandbox.truth(1)] == ["outside", "update_many"]


def test_only_some_tickets_are_edited_meanwhile(call, sandbox):
    sandbox.change_settings(meddling=0.5, speed=1000)

    results = call.job_of(call.tag_many(range(1, 60), "struck"))["results"]

    assert 15 < [result["success"] for result in results].count(False) < 45


def test_nobody_edits_a_closed_ticket_meanwhile(call, sandbox):
    closed = sandbox.add_ticket(status="closed")
    sandbox.change_settings(meddling=1.0, speed=1000)

    results = call.job_of(call.tag_many([closed], "struck"))["results"]

    assert results[0]["success"]
