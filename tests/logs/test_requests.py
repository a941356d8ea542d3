"""The id of a request, and the line that tells of it."""

import re
from types import SimpleNamespace

import pytest
from celery.signals import before_task_publish, task_postrun, task_prerun
from structlog.contextvars import bound_contextvars

from app.logs import request_id

MADE = re.compile(r"[0-9a-f]{32}")


def of_requests(lines):
    return [line for line in lines if line["event"] == "request"]


def test_a_request_is_one_line_with_the_rule_and_the_persons_number(agent, lines, make_job):
    job_id = make_job([1]).job_id
    lines()

    answer = agent.get(f"/jobs/{job_id}?outcome=failed")

    (line,) = of_requests(lines())
    assert (line["method"], line["route"], line["status"]) == ("GET", "/jobs/<uuid:job_id>", 200)
    assert line["user_id"] == 1
    assert line["request_id"] == answer.headers["X-Request-ID"]
    assert line["duration"] >= 0
    assert "giga.test" not in str(line)
    assert job_id not in str(line)


def test_an_address_that_is_not_there_is_not_told(visitor, lines):
    visitor.get("/nowhere/Zq9-a-token")

    (line,) = of_requests(lines())
    assert (line["route"], line["status"]) == (None, 404)
    assert "Zq9" not in str(line)


def test_static_files_have_no_line(visitor, lines):
    visitor.get("/static/app.css")

    assert of_requests(lines()) == []


def test_an_id_that_a_proxy_has_given_is_kept(visitor, lines):
    answer = visitor.get("/login", headers={"X-Request-ID": "proxy-17-AB"})

    assert answer.headers["X-Request-ID"] == "proxy-17-AB"
    assert of_requests(lines())[0]["request_id"] == "proxy-17-AB"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<b>", "é"])
def test_an_id_that_is_not_well_formed_is_replaced(visitor, given):
    answer = visitor.get("/login", headers={"X-Request-ID": given})

    assert MADE.fullmatch(answer.headers["X-Request-ID"])


def test_two_requests_have_two_ids(visitor):
    ids = {visitor.get("/login").headers["X-Request-ID"] for _ in range(2)}

    assert len(ids) == 2


def test_the_page_for_trouble_of_ours_shows_the_number_that_is_in_the_log(
    app, agent, lines, monkeypatch
):
    app.config |= {"PROPAGATE_EXCEPTIONS": False, "TESTING": False}
    monkeypatch.setitem(app.view_functions, "dashboard.index", lambda: 1 / 0)
    lines()

    answer = agent.get("/")

    number = answer.headers["X-Request-ID"]
    assert f">{number}</span>" in answer.text
    told = [line for line in lines() if "exception" in line]
    assert [line["request_id"] for line in told] == [number]
    assert "ZeroDivisionError" in told[0]["exception"]


def test_a_page_that_is_only_missing_shows_no_number(agent):
    answer = agent.get("/nowhere")

    assert answer.headers["X-Request-ID"] not in answer.text


def test_a_task_works_under_the_id_of_the_request_that_sent_it(app):
    headers = {}
    with bound_contextvars(request_id="from-the-web"):
        before_task_publish.send(sender="x", headers=headers)

    task_prerun.send(
        sender="x", task_id="t", task=SimpleNamespace(request=SimpleNamespace(**headers))
    )
    within = request_id()
    task_postrun.send(sender="x", task_id="t")

    assert within == "from-the-web"
    assert request_id() == ""


def test_a_task_that_nobody_asked_for_has_an_id_of_its_own(app):
    task_prerun.send(sender="x", task_id="t", task=SimpleNamespace(request=SimpleNamespace()))
    within = request_id()
    task_postrun.send(sender="x", task_id="t")

    assert MADE.fullmatch(within)
