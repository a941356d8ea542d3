"""What monitoring is told, and who is told."""

import os
import subprocess
import sys
from collections import Counter
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app import metrics
from app.database import now, writing
from app.extensions import db, redis
from app.models import Job, JobStatus, Outcome
from app.services import settings
from app.services.engine import ledger
from app.services.engine.lease import Lease
from deploy.ports import any_free

TOKEN = "not-the-real-one-but-long"


@pytest.fixture
def numbers(visitor):
    """Everything at /metrics: by name and labels."""

    def read(**headers):
        text = visitor.get("/metrics", headers=headers).text
        return {
            (sample.name, *sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    return read


def of(numbers, name, **labels):
    return numbers.get((name, *sorted(labels.items())), 0.0)


@pytest.fixture
def grown(numbers):
    """By how much a number grows meanwhile: what other tests have counted stays out of it."""
    before = numbers()
    return lambda name, **labels: of(numbers(), name, **labels) - of(before, name, **labels)


def test_requests_are_counted_by_rule_and_not_by_path(agent, visitor, make_job, grown):
    job_id = make_job([1]).job_id

    agent.get(f"/jobs/{job_id}")
    for word in ("a", "b", "c"):
        visitor.get(f"/nowhere/{word}")

    counted = {"method": "GET", "route": "/jobs/<uuid:job_id>"}
    assert grown("giga_http_requests_total", **counted, status="2xx") == 1
    assert grown("giga_http_request_duration_seconds_count", **counted) == 1
    assert grown("giga_http_requests_total", method="GET", route="none", status="4xx") == 3


def test_an_odd_method_makes_no_label_of_its_own(visitor, numbers):
    visitor.open("/login", "BREW")

    assert of(numbers(), "giga_http_requests_total", method="other", route="none", status="4xx")


def test_tickets_are_counted_once_by_what_became_of_them(sandbox, run_job, grown):
    tickets = [sandbox.add_ticket(tags=["refund"]), sandbox.add_ticket(), sandbox.add_ticket()]

    run_job("add_tags", tickets=tickets, tags=["refund"])

    assert grown("giga_tickets_total", outcome="changed") == 2
    assert grown("giga_tickets_total", outcome="unchanged") == 1
    assert grown("giga_tickets_total", outcome="planned") == 0
    assert grown("giga_slice_duration_seconds_count", tool="tag-manager") >= 1
    assert grown("giga_zendesk_calls_total", endpoint="PUT tickets/update_many", status="2xx") == 1


def test_what_was_rolled_back_is_not_counted(make_job, grown):
    job = make_job([1])
    ledger.move(job, Counter({Outcome.CHANGED: 7}))
    db.session.rollback()
    ledger.move(job, Counter({Outcome.FAILED: 2}))
    db.session.commit()

    assert grown("giga_tickets_total", outcome="changed") == 0
    assert grown("giga_tickets_total", outcome="failed") == 2


def test_a_job_whose_worker_died_counts_as_taken_over(make_job, in_app, grown):
    job = make_job([1])
    Lease.take(job.job_id)
    db.session.query(Job).update({"lease_expires_at": now() - timedelta(seconds=1)})
    db.session.commit()
    before = grown("giga_lease_takeovers_total", tool="tag-manager")

    assert Lease.take(job.job_id)

    assert (before, grown("giga_lease_takeovers_total", tool="tag-manager")) == (0, 1)


def test_jobs_are_told_by_state_also_those_of_which_there_are_none(make_job, numbers):
    make_job([1])

    told = numbers()

    states = {state: of(told, "giga_jobs", state=str(state)) for state in JobStatus}
    assert states.pop(JobStatus.PENDING) == 1
    assert set(states.values()) == {0}
    assert of(told, "giga_jobs_due") == 1
    assert 0 <= of(told, "giga_queue_oldest_due_seconds") < 60


def test_the_budget_and_the_queues_are_told(sandbox, run_job, numbers):
    run_job("add_tags", tickets=[sandbox.add_ticket()], tags=["refund"])

    told = numbers()

    assert of(told, "giga_zendesk_limit_calls", limit="account") > 0
    # Not how many: the sandbox's minute may be over by now.
    assert ("giga_zendesk_used_calls", ("by", "us"), ("limit", "account")) in told
    assert of(told, "giga_zendesk_places", which="all") == 10
    assert ("giga_queue_messages", ("queue", "zendesk")) in told
    assert of(told, "giga_up", part="budget") == 1


def test_all_places_are_as_many_as_an_admin_has_chosen(sandbox, in_app, numbers):
    with writing():
        settings.choose("max_in_flight", 7, None)
        db.session.commit()

    assert of(numbers(), "giga_zendesk_places", which="all") == 7


def test_without_redis_the_rest_is_still_told(app, numbers, make_job):
    make_job([1])
    app.config["REDIS_URL"] = f"redis://127.0.0.1:{any_free()}/0"
    redis.init_app(app)

    told = numbers()

    assert of(told, "giga_jobs", state="pending") == 1
    assert ("giga_up", ("part", "queues")) in told
    assert of(told, "giga_up", part="queues") == 0
    assert of(told, "giga_up", part="database") == 1


def _labels(numbers):
    return [label for _, *labels in numbers for label in labels if label[0] != "le"]


def test_no_label_grows_with_what_people_do(app, agent, sandbox, run_job, numbers):
    of_other_apps = set(_labels(numbers()))
    job = run_job("add_tags", tickets=[sandbox.add_ticket()], tags=["refund"])
    agent.get(f"/jobs/{job.job_id}")

    labels = set(_labels(numbers()))

    rules = {rule.rule for rule in app.url_map.iter_rules()}
    assert {value for name, value in labels if name == "route"} - {
        value for _, value in of_other_apps
    } <= rules | {"none"}
    rest = {value for name, value in labels if name not in {"route", "status"}}
    assert not [value for value in rest if any(letter.isdigit() for letter in value)]
    assert len(rest) < 80


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"X-Forwarded-For": "127.0.0.1"}, 404),
        ({"X-Real-IP": "127.0.0.1"}, 404),
        ({"Forwarded": "for=127.0.0.1"}, 404),
    ],
)
def test_without_a_token_only_this_machine_is_told_and_no_proxy(visitor, headers, status):
    assert visitor.get("/metrics", headers=headers).status_code == status


def test_without_a_token_somebody_else_is_not_told(visitor):
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}

    assert visitor.get("/metrics", environ_overrides=elsewhere).status_code == 404


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 404),
        (f"Bearer {TOKEN}", 200),
        (f"Bearer {TOKEN}x", 404),
        (f"Basic {TOKEN}", 404),
        ("Bearer é", 404),
    ],
)
def test_with_a_token_only_who_has_it_is_told(app, visitor, given, status):
    app.config["METRICS_TOKEN"] = TOKEN
    elsewhere = {"REMOTE_ADDR": "192.0.2.7"}
    headers = {"Authorization": given} if given else {}

    answer = visitor.get("/metrics", headers=headers, environ_overrides=elsewhere)

    assert answer.status_code == status


COUNTS = """
from app import metrics
metrics.TICKETS.labels("changed").inc(int(__import__("sys").argv[1]))
print(metrics.page([]).decode())
"""


def test_what_two_processes_count_is_added_up(tmp_path):
    env = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "made-for-it")}

    for number in ("2", "40"):
        said = subprocess.run(
            [sys.executable, "-c", COUNTS, number], env=env, capture_output=True, text=True
        )

    (family,) = text_string_to_metric_families(said.stdout)
    assert [(one.labels, one.value) for one in family.samples] == [({"outcome": "changed"}, 42)]


def test_the_next_child_in_a_workers_place_goes_on_where_the_last_one_ended(monkeypatch):
    monkeypatch.setattr(metrics.current_process(), "index", 3, raising=False)

    assert metrics.process_name() == f"{os.getppid()}-3"
