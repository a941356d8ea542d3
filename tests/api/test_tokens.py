"""Who may call: whoever sends a valid token, and as far as it reaches."""

from datetime import timedelta

import pytest
import time_machine

from app.database import now
from app.extensions import db
from app.models import Role, Scope
from app.services import accounts
from tests.api.conftest import Program
from tests.fixtures.running_jobs import permit
from tests.test_access import addresses

NO_JOB = "00000000-0000-0000-0000-000000000000"


def of_api(app, job_id=NO_JOB):
    return [
        (method, address.removeprefix("/api/v1"))
        for endpoint, method, address in addresses(app, job_id)
        if endpoint.startswith("api.") and endpoint != "api.openapi"
    ]


@pytest.mark.parametrize("token", ["", "giga_" + "x" * 40])
def test_without_a_valid_token_nothing_is_answered(app, token):
    stranger = Program(app, token)

    answers = [stranger.call(*one) for one in of_api(app)]

    assert {one.status_code for one in answers} == {401}
    assert all(one.headers["WWW-Authenticate"].startswith("Bearer ") for one in answers)
    assert {one.mimetype for one in answers} == {"application/problem+json"}
    assert len(answers) > 15


def test_a_session_lets_no_program_in(app, agent):
    """Else a page of another site could make a browser ask for something here."""
    answers = [agent.open(f"/api/v1{path}", method) for method, path in of_api(app)]

    assert {one.status_code for one in answers} == {401}


def test_a_token_that_may_only_read_changes_nothing(app, program_of):
    reader = program_of(scope=Scope.READ)

    answers = {one: reader.call(*one) for one in of_api(app)}

    for (method, path), answer in answers.items():
        if method == "POST":
            assert answer.status_code == 403, path
            assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
        else:
            assert answer.status_code not in (401, 403), path


def test_another_persons_job_does_not_exist(app, program_of, make_job):
    job_id = make_job([1]).job_id
    other = program_of("other@giga.test")
    bodies = {"apply": {"plan_digest": "0" * 64}, "approve": {"plan_digest": "0" * 64}}

    answers = {
        other.call(method, path, json=bodies.get(path.rpartition("/")[2])).status_code
        for method, path in of_api(app, job_id)
        if job_id in path
    }

    assert answers == {404}
    assert other.get("/jobs").json["jobs"] == []


def test_an_admin_sees_everybodys_jobs(program_of, make_job):
    job_id = make_job([1]).job_id

    listed = program_of("admin@giga.test", Role.ADMIN).get("/jobs").json

    assert [one["job_id"] for one in listed["jobs"]] == [job_id]


def test_a_role_that_is_taken_away_is_gone_at_once(in_app, program_of, make_job):
    job_id = make_job([1]).job_id
    program = program_of("admin@giga.test", Role.ADMIN)
    assert program.get(f"/jobs/{job_id}").status_code == 200

    db.session.rollback()  # what this session read before does not have the account yet
    accounts.by_email("admin@giga.test").role = Role.USER
    db.session.commit()

    assert program.get(f"/jobs/{job_id}").status_code == 404


def test_a_deactivated_persons_token_is_turned_away(in_app, program):
    accounts.by_email("agent@giga.test").enabled = False
    db.session.commit()

    assert program.get("/jobs").status_code == 401


def test_an_old_token_is_turned_away(program):
    with time_machine.travel(now() + timedelta(days=8)):
        assert program.get("/jobs").status_code == 401


def test_no_cookie_is_set(program, tags_order):
    answers = [program.get("/jobs"), program.post("/jobs", tags_order()), program.get("/nothing")]

    assert not [one for one in answers if "Set-Cookie" in one.headers]


@pytest.mark.parametrize("verb", ["apply", "resume", "continue", "retry", "rerun", "undo"])
def test_who_may_not_use_a_tool_any_more_cannot_let_its_jobs_write(program, make_job, verb):
    job_id = make_job([1]).job_id
    permit("user", "tag-manager", may_use=False)
    body = {"plan_digest": "0" * 64} if verb == "apply" else None

    assert program.post(f"/jobs/{job_id}/{verb}", body).status_code == 403


@pytest.mark.parametrize("verb", ["cancel", "verify"])
def test_who_may_not_use_a_tool_any_more_can_still_stop_its_jobs(program, make_job, verb):
    job_id = make_job([1]).job_id
    permit("user", "tag-manager", may_use=False)

    assert program.post(f"/jobs/{job_id}/{verb}").status_code != 403


def test_what_a_program_did_names_its_token_and_what_the_person_did_does_not(
    app, program, agent, make_job, audited
):
    jobs = [make_job([1]).job_id, make_job([2]).job_id]

    program.post(f"/jobs/{jobs[0]}/cancel")
    agent.submit(f"/jobs/{jobs[1]}", f"/jobs/{jobs[1]}/cancel")

    names = {job_id: detail.get("access_token") for _, job_id, detail in audited("job.cancel")}
    assert names == {jobs[0]: "Tests", jobs[1]: None}
    assert "giga_" not in str(audited("job.cancel"))


def test_the_token_of_whoever_approves_is_not_named_for_whoever_asked(
    in_app, program, admins_program, tags_order, audited
):
    permit("user", "tag-manager", approval_above=0)
    plan = program.post("/jobs", tags_order()).json
    asked = {"plan_digest": plan["plan_digest"]}
    program.post(f"/jobs/{plan['job_id']}/apply", asked)

    admins_program.post(f"/jobs/{plan['job_id']}/approve", asked)

    [(actor, _, started)], [(_, _, approved)] = audited("job.apply"), audited("job.approve")
    assert (actor, started["approved_by"]) == ("agent@giga.test", "admin@giga.test")
    assert "access_token" not in started
    assert approved["access_token"] == "Tests"


def test_the_token_is_told_on_the_page_of_the_audit_log(program, admin, make_job):
    program.post(f"/jobs/{make_job([1]).job_id}/cancel")

    page = admin.get("/admin/audit-log?action=job.cancel").text

    assert "access token: <bdi>Tests</bdi>" in page
