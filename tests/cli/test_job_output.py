"""What `flask jobs` prints, to a terminal, a file and a program."""

import json
import os
import subprocess
import sys

import pytest

from app.cli.jobs import terminal
from app.cli.jobs.group import Exit
from app.extensions import db
from app.services import jobs
from tests.cli.conftest import ADD_VIP, AGENT, listed
from tests.jobs.test_status import STATUS_KEYS

HOSTILE = "a\x1b]0;pwned\x07b\x1b[31mred\x9b2J\u202e\nnew\u2066 line \u2028"


def test_standard_output_has_the_status_alone_for_programs(cli, tickets):
    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes", "--json")

    status = json.loads(told.stdout)
    assert set(status) == STATUS_KEYS
    assert (status["status"], status["counts"]["changed"]) == ("completed", 3)
    assert "Completed: 3 changed." in told.stderr


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
