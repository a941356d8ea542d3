"""What programs do to jobs."""

import pytest

from app.models import Role
from tests.api.test_problems import problem
from tests.fixtures.running_jobs import permit
from tests.jobs.shape import put

OTHER = "0" * 64


@pytest.fixture
def plan(program, tags_order):
    """Three tickets of a longer selection, planned."""
    return program.post("/jobs", tags_order()).json


def path_of(job, verb=""):
    return f"/jobs/{job['job_id']}{'/' + verb if verb else ''}"


def test_a_plan_is_started_by_its_digest_alone(sandbox, program, plan):
    none = problem(program.post(path_of(plan, "apply"), {}), 422)
    other = problem(program.post(path_of(plan, "apply"), {"plan_digest": OTHER}), 409)

    assert none["errors"] == [{"field": "plan_digest", "detail": "This is missing."}]
    assert other["errors"][0]["field"] == "plan_digest"
    assert other["plan"] == {name: plan[name] for name in ("status", "plan_digest", "counts")}
    assert sandbox.summary()["deliveries"] == 0


def test_a_plan_that_changed_since_is_not_started(program, make_job):
    job = make_job([1])
    put(job, status="planned", plan_digest="a" * 64, planned_count=1, total_items=1)
    put(job, plan_digest="b" * 64)

    told = problem(program.post(f"/jobs/{job.job_id}/apply", {"plan_digest": "a" * 64}), 409)

    assert told["plan"]["plan_digest"] == "b" * 64


def test_a_plan_is_started_once(sandbox, program, plan):
    asked = {"plan_digest": plan["plan_digest"]}

    first = program.post(path_of(plan, "apply"), asked)
    again = program.post(path_of(plan, "apply"), asked)
    other = program.post(path_of(plan, "apply"), {"plan_digest": OTHER})

    assert (first.status_code, again.status_code) == (200, 200)
    assert again.json == first.json
    assert first.json["status"] == "completed"
    problem(other, 409)
    assert sandbox.summary(tag="vip")["with_tag"] == 3


def test_what_has_to_be_agreed_to_is_named(program, tags_order):
    plan = program.post("/jobs", tags_order(limit=2)).json
    asked = {"plan_digest": plan["plan_digest"]}

    told = problem(program.post(path_of(plan, "apply"), asked), 422)
    done = program.post(path_of(plan, "apply"), asked | {"agreed_to_part": True})

    words = (
        "The plan has only the first 2 tickets of the selection. "
        'Send "agreed_to_part": true to say that this is what you want.'
    )
    assert plan["needs"] == [{"field": "agreed_to_part", "words": words}]
    assert told["errors"] == [{"field": "agreed_to_part", "detail": words}]
    assert told["detail"] == words
    assert done.json["status"] == "completed"


def test_the_number_of_tickets_is_said_where_harm_may_be_done(program_of, tags_order):
    admin = program_of("admin@giga.test", Role.ADMIN)
    plan = admin.post("/jobs", tags_order(operation="set_tags")).json
    asked = {"plan_digest": plan["plan_digest"]}

    wrong = problem(admin.post(path_of(plan, "apply"), asked | {"typed_count": 4}), 422)
    done = admin.post(path_of(plan, "apply"), asked | {"typed_count": 3})

    assert wrong["errors"][0]["field"] == "typed_count"
    assert 'This plan changes 3 tickets. Send "typed_count": 3 to say' in wrong["detail"]
    assert done.json["counts"]["changed"] == 3


@pytest.fixture
def paused(sandbox, program, tags_order):
    """A job of 30 tickets that has paused after its first."""
    tickets = [sandbox.add_ticket() for _ in range(30)]
    plan = program.post("/jobs", tags_order(selection={"ticket_ids": tickets})).json
    asked = {"plan_digest": plan["plan_digest"], "canary": True}
    return program.post(path_of(plan, "apply"), asked).json


@pytest.mark.parametrize("verb", ["continue", "resume"])
def test_the_first_tickets_can_be_looked_at_before_the_rest(program, paused, verb):
    done = program.post(path_of(paused, verb)).json

    assert (paused["status"], paused["counts"]["changed"]) == ("paused", 25)
    assert (done["status"], done["counts"]["changed"]) == ("completed", 30)


def test_a_paused_job_is_paused_again_without_harm_and_cancelled(program, paused):
    again = program.post(path_of(paused, "pause")).json
    cancelled = program.post(path_of(paused, "cancel")).json

    assert again["status"] == "paused"
    assert (cancelled["status"], cancelled["counts"]["not_reached"]) == ("cancelled", 5)
    finishing = program.post(path_of(paused, "finish")).json
    assert (finishing["relation"], finishing["counts"]["planned"]) == ("finish", 5)


@pytest.mark.parametrize("status", ["pending", "planning"])
def test_a_plan_that_is_still_being_made_is_not_started(program, make_job, status):
    job = make_job([1])
    put(job, status=status)

    answer = program.post(f"/jobs/{job.job_id}/apply", {"plan_digest": OTHER})

    assert "still being made" in problem(answer, 409)["detail"]


def test_a_plan_that_was_given_up_is_not_started(program, plan):
    program.post(path_of(plan, "cancel"))

    answer = program.post(path_of(plan, "apply"), {"plan_digest": plan["plan_digest"]})

    assert "cannot be started any more" in problem(answer, 409)["detail"]


def test_a_plan_that_needs_no_approval_says_so(admins_program, plan):
    asked = {"plan_digest": plan["plan_digest"]}

    answer = admins_program.post(path_of(plan, "approve"), asked)

    assert "needs no approval" in problem(answer, 409)["detail"]
    problem(admins_program.post(path_of(plan, "approve"), {}), 422)


def test_a_plan_starts_once_a_second_person_has_approved_it(in_app, program, admins_program, plan):
    permit("user", "tag-manager", approval_above=0)
    asked = {"plan_digest": plan["plan_digest"]}

    waiting = program.post(path_of(plan, "apply"), asked).json
    by_oneself = program.post(path_of(plan, "approve"), asked)
    of_another_plan = admins_program.post(path_of(plan, "approve"), {"plan_digest": OTHER})
    approved = admins_program.post(path_of(plan, "approve"), asked).json

    assert (waiting["status"], waiting["needs"][0]["field"]) == ("planned", "approval")
    assert "Only an admin" in problem(by_oneself, 403)["detail"]
    assert problem(of_another_plan, 409)["plan"]["plan_digest"] == plan["plan_digest"]
    assert (approved["status"], approved["needs"]) == ("completed", [])


def test_what_a_program_would_start_at_once_waits_for_what_it_needs(in_app, program, tags_order):
    permit("user", "tag-manager", approval_above=0)

    made = program.post("/jobs", tags_order(dry_run=False)).json

    assert made["status"] == "planned"
    assert [one["field"] for one in made["needs"]] == ["approval"]


@pytest.mark.parametrize(
    ("verb", "words"),
    [
        ("pause", "nothing to pause"),
        ("resume", "Only a paused or failed job"),
        ("continue", "does not wait to be continued"),
        ("force", "nothing to force"),
        ("retry", "no failed ticket that can be tried again"),
        ("finish", "This job reached all its tickets."),
        ("undo", "There is nothing to undo"),
        ("verify", "There is nothing to verify"),
    ],
)
def test_what_does_not_fit_the_job_is_refused_with_the_reason(program, plan, verb, words):
    answer = program.post(path_of(plan, verb))

    assert words in problem(answer, 409)["detail"]
