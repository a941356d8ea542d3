"""Every page of the app, found from the app itself, as somebody who may not see it."""

import pytest

from app.models import Role
from tests.fixtures.visitor import Visitor

PUBLIC = {"static", "auth.login"}


def addresses(app, job_id="00000000-0000-0000-0000-000000000000"):
    """(endpoint, method, address) of everything that the app answers."""
    for rule in app.url_map.iter_rules():
        address = rule.rule.replace("<uuid:job_id>", job_id)
        address = address.replace("<path:filename>", "app.css").replace("<int:macro_id>", "1")
        address = address.replace("<name>", "index")
        assert "<" not in address, f"say what stands for the argument of {rule.rule}"
        for method in rule.methods & {"GET", "POST"}:
            yield rule.endpoint, method, address


@pytest.fixture
def no_csrf(app):
    """Forms without tokens, so that what answers is the rule on who may, not the one on forms."""
    app.config["WTF_CSRF_ENABLED"] = False


def test_nobody_sees_anything_but_the_sign_in(app, visitor, no_csrf):
    answers = {
        (endpoint, method): visitor.open(address, method)
        for endpoint, method, address in addresses(app)
    }

    for (endpoint, method), answer in answers.items():
        if endpoint not in PUBLIC:
            assert answer.status_code == 302, (endpoint, method)
            assert answer.location.startswith("/login"), (endpoint, method)
    assert len(answers) > 10


def test_another_persons_job_does_not_exist_for_a_user(app, sign_in, make_job, no_csrf):
    job_id = make_job([1]).job_id
    other = sign_in("other@giga.test")

    answers = {
        (endpoint, method): other.open(address, method).status_code
        for endpoint, method, address in addresses(app, job_id)
        if job_id in address
    }

    assert set(answers.values()) == {404}
    assert len(answers) >= 8


def test_an_admin_sees_everybodys_jobs(sign_in, make_job):
    job_id = make_job([1]).job_id

    admin = sign_in("admin@giga.test", Role.ADMIN)

    assert admin.get(f"/jobs/{job_id}").status_code == 200
    assert job_id in admin.get("/jobs").text


def test_a_user_does_not_see_other_peoples_jobs_in_the_list(sign_in, make_job):
    job_id = make_job([1]).job_id

    assert job_id not in sign_in("other@giga.test").get("/jobs").text


def test_every_changing_form_wants_its_token(app, agent, make_job):
    job_id = make_job([1]).job_id

    answers = {
        endpoint: agent.open(address, "POST").status_code
        for endpoint, method, address in addresses(app, job_id)
        if method == "POST" and endpoint not in PUBLIC
    }

    assert set(answers.values()) == {400}
    assert "jobs.cancel" in answers


def test_a_fragment_for_somebody_signed_out_sends_the_whole_page_to_the_sign_in(app):
    address = "/jobs/00000000-0000-0000-0000-000000000000/progress"

    answer = Visitor(app).open(address, headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/login")


def test_whoever_signs_in_again_comes_back_to_the_page_that_they_watched(app):
    page = "https://elsewhere.test/jobs?status=running"

    answer = Visitor(app).open("/now", headers={"HX-Request": "true", "HX-Current-URL": page})

    assert answer.headers["HX-Redirect"] == "/login?next=/jobs?status%3Drunning"


@pytest.mark.parametrize("path", ["/nowhere", "/jobs/no-such-job", "/tools/none"])
def test_what_is_not_there_is_said_in_words(agent, path):
    answer = agent.get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_trouble_of_ours_shows_a_page_without_details(app, agent, monkeypatch):
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    monkeypatch.setitem(app.view_functions, "dashboard.index", lambda: 1 / 0)

    answer = agent.get("/")

    assert answer.status_code == 500
    assert "What was saved before is safe" in answer.text
    assert "ZeroDivisionError" not in answer.text


WRITING = ("apply", "resume", "continue", "retry", "finish", "rerun", "undo")


@pytest.mark.parametrize("verb", WRITING)
def test_who_may_not_use_a_tool_any_more_cannot_let_its_jobs_write(
    sign_in, make_job, no_csrf, verb
):
    job_id = make_job([1], tool_slug="apply-macro-to-view").job_id
    owner = sign_in("agent@giga.test")

    answer = owner.open(f"/jobs/{job_id}/{verb}", "POST")

    assert answer.status_code == 403


@pytest.mark.parametrize("verb", ["pause", "cancel", "delete", "verify"])
def test_who_may_not_use_a_tool_any_more_can_still_stop_its_jobs(sign_in, make_job, no_csrf, verb):
    job_id = make_job([1], tool_slug="apply-macro-to-view").job_id
    owner = sign_in("agent@giga.test")

    answer = owner.open(f"/jobs/{job_id}/{verb}", "POST")

    assert answer.status_code == 302
