"""`flask jobs` with jobs that are there: watch, pause, resume, cancel, undo and list them."""

import json

import pytest

from app.cli.jobs import watching
from app.cli.jobs.group import Exit
from app.database import now
from app.extensions import db
from app.models import Job, JobStatus
from app.services import presence
from app.services.engine.status import transition
from tests.cli.conftest import OTHER, the_job
from tests.fixtures.running_jobs import begin


def test_tickets_that_failed_show_in_the_exit_code(cli, run_job, tickets):
    job = run_job(tickets=tickets)
    job.changed_count, job.failed_count = 2, 1
    db.session.commit()

    told = cli("watch", job.job_id)

    assert told.exit_code == Exit.PARTLY
    assert "2 changed, 1 failed" in told.stdout


def test_a_cancelled_job_shows_in_the_exit_code(cli, plan_job, tickets):
    job = plan_job(tickets)

    cancelled, watched = cli("cancel", job.job_id), cli("watch", job.job_id)
    again = cli("cancel", job.job_id)

    assert [one.exit_code for one in (cancelled, watched, again)] == [0, 4, 1]
    assert "It is too late to cancel" in again.stderr


def test_a_job_is_paused_and_resumed(cli, plan_job, tickets):
    job = plan_job(tickets)
    early = cli("pause", job.job_id)
    begin(job)
    transition(job.id, JobStatus.RUNNING, started_at=now())
    db.session.commit()

    paused, watched = cli("pause", job.job_id), cli("watch", job.job_id)
    resumed = cli("resume", job.job_id, "--json")

    assert [one.exit_code for one in (early, paused, watched, resumed)] == [1, 0, 5, 0]
    assert "Paused: 3 to change." in watched.stdout
    assert json.loads(resumed.stdout)["status"] in {"running", "completed"}


def test_a_job_is_undone(cli, sandbox, run_job, tickets):
    job = run_job(tickets=tickets)

    told = cli("undo", job.job_id[:10], "--yes", "--json")

    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["parent_id"] == job.job_id
    assert sandbox.tags_of(tickets[0]) == {"x"}


def test_what_cannot_be_undone_is_refused_in_words(cli, plan_job, tickets):
    told = cli("undo", plan_job(tickets).job_id)

    assert (told.exit_code, "nothing to undo" in told.stderr) == (1, True)


def test_a_job_is_named_by_an_unmistakable_beginning(cli, make_job):
    first, second = make_job([1]), make_job([1])
    first.job_id, second.job_id = (f"12345678-0000-4000-8000-{n:012}" for n in (1, 2))
    db.session.commit()

    answers = {name: cli("cancel", name) for name in ("1234567", "12345678", "%", first.job_id)}

    assert [one.exit_code for one in answers.values()] == [1, 1, 1, 0]
    assert "Give more of the id" in answers["12345678"].stderr
    assert "8 characters or more" in answers["1234567"].stderr


def test_jobs_are_listed_newest_first_and_as_filters_say(cli, make_job, plan_job, tickets):
    first, second = plan_job(tickets), make_job([1])
    make_job([1], email=OTHER)

    everything, planned = cli("list"), cli("list", "--status", "planned", "--json")
    one = cli("list", "--limit", 1, "--mine")
    unknown = cli("list", "--tool", "hammer")

    ids = [line.split()[0] for line in everything.stdout.splitlines()]
    assert ids == [second.job_id[:8], first.job_id[:8]]
    assert [json.loads(line)["job_id"] for line in planned.stdout.splitlines()] == [first.job_id]
    assert len(one.stdout.splitlines()) == 1
    assert (unknown.exit_code, "tag-manager" in unknown.stderr) == (1, True)


@pytest.mark.parametrize(
    ("has_worker", "words"),
    [(True, "It goes on: flask jobs watch"), (False, "To go on with it here: flask jobs resume")],
)
def test_to_stop_watching_does_not_stop_the_job(
    cli, plan_job, tickets, monkeypatch, has_worker, words
):
    job = plan_job(tickets)
    begin(job)
    if has_worker:
        presence.worker_is_here()

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.time, "sleep", interrupt)
    told = cli("watch", job.job_id)

    assert told.exit_code == Exit.STOPPED
    assert f"{words} {job.job_id[:8]}" in told.stderr
    assert the_job().state is JobStatus.PENDING


def test_a_watcher_holds_no_transaction_between_two_looks(cli, plan_job, tickets, monkeypatch):
    job = plan_job(tickets)
    begin(job)
    held = []

    def cancel_meanwhile(_seconds):
        held.append(db.session.registry().in_transaction())
        db.session.execute(Job.__table__.update().values(status="cancelled"))
        db.session.commit()

    monkeypatch.setattr(watching.time, "sleep", cancel_meanwhile)
    told = cli("watch", job.job_id)

    assert (told.exit_code, held) == (Exit.FAILED, [False])
