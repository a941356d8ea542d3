"""`flask jobs`: what a person sees, what a program reads, and with what each command exits."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import select

from app.cli.jobs import terminal, watching
from app.cli.jobs.group import Exit
from app.database import now
from app.extensions import db
from app.models import AuditEvent, Job, JobStatus, Role
from app.services import accounts, jobs
from app.services.engine.status import transition
from tests.fixtures.running_jobs import begin, permit
from tests.jobs.test_status import STATUS_KEYS

AGENT, ADMIN, OTHER = "agent@giga.test", "admin@giga.test", "other@giga.test"
ADD_VIP = ["run", "--operation", "add_tags", "--tag", "vip"]
HOSTILE = "a\x1b]0;pwned\x07b\x1b[31mred\x9b2J\u202e\nnew\u2066 line \u2028"


@pytest.fixture
def cli(in_app, make_user):
    """Runs a command for an agent, or for somebody else."""
    make_user(AGENT)

    def run(*words, by=AGENT, typed=None):
        db.session.rollback()
        who = ["--as", by] if by else []
        runner = in_app.test_cli_runner()
        return runner.invoke(args=["jobs", *who, *map(str, words)], input=typed)

    return run


@pytest.fixture
def tickets(sandbox):
    return [sandbox.add_ticket(tags=["x"]) for _ in range(3)]


def listed(ids):
    return ",".join(map(str, ids))


def the_job():
    db.session.rollback()
    return db.session.scalars(select(Job).order_by(Job.id.desc())).first()


def test_a_plan_is_shown_agreed_to_and_done(cli, sandbox, tickets):
    told = cli(*ADD_VIP, "--tag", "refund", "--tickets", listed(tickets), typed="y\n")

    assert told.exit_code == Exit.WELL, told.output
    assert "Planned: 3 to change." in told.stdout
    assert "Add vip, refund to 3 tickets?" in told.stderr
    assert "Completed: 3 changed." in told.stdout
    assert sandbox.tags_of(tickets[0]) == {"x", "vip", "refund"}


@pytest.mark.parametrize("typed", ["n\n", ""])
def test_without_a_yes_nothing_is_started_and_the_plan_waits(cli, sandbox, tickets, typed):
    told = cli(*ADD_VIP, "--tickets", listed(tickets), typed=typed)

    assert told.exit_code == Exit.WAITS
    assert f"flask jobs start {the_job().job_id[:8]}" in told.stdout
    assert sandbox.tags_of(tickets[0]) == {"x"}


def test_a_dry_run_ends_with_the_plan_which_can_be_started_later(cli, sandbox, tickets):
    planned = cli(*ADD_VIP, "--tickets", listed(tickets), "--dry-run", "--json")
    plan = json.loads(planned.stdout)

    blind = cli("start", plan["job_id"], "--yes")
    other = cli("start", plan["job_id"], "--yes", "--digest", "0" * 64)
    before = sandbox.tags_of(tickets[0])
    done = cli("start", plan["job_id"][:8], "--yes", "--digest", plan["plan_digest"])

    assert (planned.exit_code, plan["status"]) == (Exit.WELL, "planned")
    assert (blind.exit_code, other.exit_code, done.exit_code) == (2, 1, 0)
    assert before == {"x"}
    assert sandbox.tags_of(tickets[0]) == {"x", "vip"}


def test_standard_output_has_the_status_alone_for_programs(cli, tickets):
    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes", "--json")

    status = json.loads(told.stdout)
    assert set(status) == STATUS_KEYS
    assert (status["status"], status["counts"]["changed"]) == ("completed", 3)
    assert "Completed: 3 changed." in told.stderr


def test_what_the_api_takes_is_taken_from_a_file_and_from_a_pipe(cli, tickets, tmp_path):
    order = {"tool": "tag-manager", "operation": "add_tags", "tags": ["vip"]}
    order |= {"selection": {"ticket_ids": tickets}, "dry_run": False}
    (tmp_path / "order.json").write_text(json.dumps(order))

    by_file = cli("run", "--order", tmp_path / "order.json", "--yes")
    by_pipe = cli("run", "--order", "-", "--yes", typed=json.dumps(order | {"tags": ["b"]}))
    only_plan = order | {"tags": ["c"], "dry_run": True}
    only_planned = cli("run", "--order", "-", typed=json.dumps(only_plan))

    assert (by_file.exit_code, by_pipe.exit_code, only_planned.exit_code) == (0, 0, 0)
    assert "Completed: 3 changed." in by_pipe.stdout
    assert the_job().state is JobStatus.PLANNED


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--tickets", "1", "--view", "2"], 2, "in one way"),
        ([], 2, "Say which tickets"),
        (["--tickets", "1,zwei"], 1, "“zwei” is no ticket number."),
        (["--tickets", ""], 1, "--tickets: Name at least one."),
        (["--tickets", "1", "--limit", "0"], 1, "--limit: Use a number from 1."),
        (["--tickets", "1", "--tag", "a b"], 1, "--tag: A tag has no spaces"),
        (["--search", "type:user"], 1, "--search: Leave out “type:”."),
        (["--tickets", "1", "--operation", "burn"], 1, "--operation: Use"),
        (["--tickets", "1", "--dry-run", "--yes"], 2, "nothing to agree to"),
        (["--tickets", "1", "--no-wait", "--count", "3"], 2, "leave out --no-wait"),
        (["--tickets", "1", "--macro", "5"], 1, "There is no such field."),
    ],
)
def test_a_mistake_is_named_by_what_was_typed_and_nothing_is_made(cli, words, code, said):
    told = cli(*ADD_VIP, *words)

    assert (told.exit_code, told.stdout) == (code, "")
    assert said in " ".join(told.stderr.split())
    assert the_job() is None


def test_no_tag_at_all_is_no_order_to_take_all_away(cli, make_user, tickets):
    make_user(ADMIN, Role.ADMIN)
    words = ["run", "--operation", "set_tags", "--tickets", listed(tickets), "--dry-run"]

    missing, meant = cli(*words, by=ADMIN), cli(*words, "--no-tags", by=ADMIN)

    assert (missing.exit_code, "--tag: This is missing." in missing.stderr) == (1, True)
    assert meant.exit_code == 0


def test_tickets_are_read_from_a_csv_file(cli, sandbox, tickets, tmp_path):
    file = tmp_path / "ids.csv"
    file.write_text("Name;Ticket ID\n" + "".join(f"x;{one}\n" for one in tickets))

    told = cli(*ADD_VIP, "--file", file, "--yes")

    assert told.exit_code == 0, told.output
    assert [sandbox.tags_of(one) for one in tickets] == [{"x", "vip"}] * 3


def test_a_person_has_their_own_rights_and_no_more(cli, tickets):
    macro = cli("run", "--macro", 5, "--tickets", listed(tickets))
    wiping = cli("run", "--operation", "set_tags", "--tag", "a", "--tickets", listed(tickets))

    assert (macro.exit_code, wiping.exit_code) == (1, 1)
    assert "You may not use" in macro.stderr
    assert "Only an admin may have this done" in wiping.stderr
    assert the_job() is None


@pytest.mark.parametrize(
    "command", ["watch", "pause", "resume", "cancel", "undo", "export", "start"]
)
def test_the_job_of_somebody_else_does_not_exist(cli, plan_job, make_user, tickets, command):
    job = plan_job(tickets)
    make_user(OTHER)

    told = cli(command, job.job_id, by=OTHER)

    assert (told.exit_code, told.stdout) == (1, "")
    assert "There is no job" in told.stderr
    assert the_job().state is JobStatus.PLANNED


def test_who_acts_is_the_only_admin_or_has_to_be_said(cli, make_user, monkeypatch):
    nobody = cli("list", by=None)
    make_user(ADMIN, Role.ADMIN)
    the_admin = cli("list", by=None)
    make_user("second@giga.test", Role.ADMIN)
    several = cli("list", by=None)
    monkeypatch.setenv("GIGA_AS", AGENT)
    by_environment = cli("list", by=None)

    assert [one.exit_code for one in (nobody, the_admin, several, by_environment)] == [1, 0, 1, 0]
    assert "There is no admin" in nobody.stderr
    assert "--as EMAIL" in several.stderr


def test_who_was_switched_off_does_nothing(cli):
    accounts.by_email(AGENT).enabled = False
    db.session.commit()

    told = cli("list")

    assert (told.exit_code, "deactivated" in told.stderr) == (1, True)


def test_the_audit_log_has_the_person_and_where_it_was(cli, tickets):
    cli(*ADD_VIP, "--tickets", listed(tickets), "--yes")

    db.session.rollback()
    noted = db.session.scalars(select(AuditEvent).where(AuditEvent.action.like("job.%")))
    told = {(one.action, one.actor, one.address) for one in noted}
    assert told == {("job.create", AGENT, "command line"), ("job.apply", AGENT, "command line")}


def test_great_harm_wants_its_count(cli, make_user, sandbox, tickets):
    make_user(ADMIN, Role.ADMIN)
    words = ["run", "--operation", "set_tags", "--tag", "a", "--tickets", listed(tickets)]

    without = cli(*words, "--yes", by=ADMIN)
    wrong = cli(*words, "--yes", "--count", 2, by=ADMIN)
    untouched = sandbox.tags_of(tickets[0])
    right = cli(*words, "--yes", "--count", 3, by=ADMIN)
    typed = cli(*words[:4], "b", *words[5:], by=ADMIN, typed="3\ny\n")

    assert [one.exit_code for one in (without, wrong, right, typed)] == [5, 5, 0, 0]
    assert "Agree with --count N." in without.stdout
    assert untouched == {"x"}
    assert sandbox.tags_of(tickets[0]) == {"b"}


def test_a_part_of_the_selection_is_agreed_to(cli, tickets):
    words = [*ADD_VIP, "--tickets", listed(tickets), "--limit", 2, "--yes"]

    without, agreed = cli(*words), cli(*words, "--only-first")

    assert (without.exit_code, agreed.exit_code) == (5, 0)
    assert "only the first 2 tickets" in without.stdout


def test_a_plan_that_needs_an_approval_says_so_and_waits(cli, sandbox, tickets):
    permit(Role.USER, "tag-manager", approval_above=2)

    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes")

    assert told.exit_code == Exit.WAITS
    assert "It changes more than 2 tickets, and an admin has to approve that" in told.stdout
    assert "An admin was asked for an approval." in told.stdout
    assert sandbox.tags_of(tickets[0]) == {"x"}


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


def test_hostile_titles_do_not_reach_the_terminal(cli, plan_job, tickets):
    job = plan_job(tickets, title=f"Add vip to {HOSTILE}")
    jobs.cancel(job)
    job.error = HOSTILE
    db.session.commit()

    told = [cli("list"), cli("list", "--json"), cli("watch", job.job_id)]

    output = "".join(one.output for one in told)
    assert "Add vip to abred new line" in told[0].stdout
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\u2066", "\u2028"} & set(output)
    assert len(told[0].stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (HOSTILE, "abred new line "),
        ("\x1b[", ""),
        ("\x1bcreset\x7f\x00", "creset"),
        ("\x9d0;title\x9cx", "x"),
        ("née 👩\u200d🚒 日本", "née 👩\u200d🚒 日本"),
        ("\ud800", ""),
    ],
)
def test_what_would_steer_a_terminal_is_taken_out(text, shown):
    assert terminal.plain(text) == shown


@pytest.mark.parametrize("kind", ["csv", "json", "ndjson"])
def test_a_ledger_is_exported_to_a_file_or_a_pipe(cli, run_job, tickets, tmp_path, kind):
    job = run_job(tickets=[*tickets, 999_999])
    file = tmp_path / "ledger"

    whole = cli("export", job.job_id, "--format", kind)
    to_file = cli("export", job.job_id, "--format", kind, "--outcome", "skipped", "--output", file)

    assert (whole.exit_code, to_file.exit_code, to_file.stdout) == (0, 0, "")
    assert all(str(one) in whole.stdout for one in (*tickets, 999_999))
    assert ("changed" in whole.stdout, "changed" in file.read_text()) == (True, False)
    assert "999999" in file.read_text()


def test_a_file_that_cannot_be_written_is_said(cli, run_job, tickets, tmp_path):
    told = cli("export", run_job(tickets=tickets).job_id, "--output", tmp_path / "no" / "such")

    assert (told.exit_code, "cannot be written" in told.stderr) == (1, True)


def test_to_stop_watching_does_not_stop_the_job(cli, plan_job, tickets, monkeypatch):
    job = plan_job(tickets)
    begin(job)

    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(watching.time, "sleep", interrupt)
    told = cli("watch", job.job_id)

    assert told.exit_code == Exit.STOPPED
    assert f"It goes on: flask jobs watch {job.job_id[:8]}" in told.stderr
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


def test_without_a_worker_a_job_that_was_left_to_it_says_so(cli, tickets):
    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes", "--no-wait")

    assert told.exit_code == Exit.WELL
    assert "No worker is running." in told.stdout
    assert (the_job().state, the_job().dry_run) == (JobStatus.PENDING, False)


@pytest.mark.long
def test_a_reader_that_goes_away_is_no_trouble(in_app, database_url, redis_url, run_job, tickets):
    """In a process of its own: what Python says of a broken pipe it says at its end."""
    job = run_job(tickets=tickets)
    environment = os.environ | {
        "FLASK_APP": "app",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": "not secret, but not the default either",
        "GIGA_AS": AGENT,
    }
    read, write = os.pipe()
    os.close(read)

    cut = subprocess.run(
        [sys.executable, "-m", "flask", "jobs", "export", job.job_id],
        env=environment,
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(write)

    assert (cut.returncode, cut.stderr) == (Exit.UNREAD, "")


@pytest.mark.long
def test_a_program_reads_nothing_but_the_status(in_app, database_url, redis_url, run_job, tickets):
    """In a process of its own: logs and warnings are beside it."""
    job = run_job(tickets=tickets)
    environment = os.environ | {"DATABASE_URL": database_url, "REDIS_URL": redis_url}
    command = [sys.executable, "-m", "flask", "--app", "app", "jobs", "--as", AGENT]

    told = subprocess.run(
        [*command, "watch", job.job_id[:8], "--json"],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert told.returncode == Exit.WELL, told.stderr
    assert json.loads(told.stdout)["job_id"] == job.job_id
