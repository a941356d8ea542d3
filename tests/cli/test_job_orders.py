"""`flask jobs run` and `start`: from an order to its end, and what has to be agreed to."""

import json

import pytest

from app.cli.jobs.group import Exit
from app.models import JobStatus, Role
from tests.cli.conftest import ADD_VIP, ADMIN, listed, the_job
from tests.fixtures.running_jobs import permit


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


def test_programs_are_told_the_option_by_which_they_agree(cli, tickets):
    words = [*ADD_VIP, "--tickets", listed(tickets), "--limit", 2, "--yes", "--json"]

    (need,) = json.loads(cli(*words).stdout)["needs"]

    assert need["words"].endswith("the selection. Agree with --only-first.")


def test_a_plan_that_needs_an_approval_says_so_and_waits(cli, sandbox, tickets):
    permit(Role.USER, "tag-manager", approval_above=2)

    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes")

    assert told.exit_code == Exit.WAITS
    assert "It changes more than 2 tickets, and an admin has to approve that" in told.stdout
    assert "An admin was asked for an approval." in told.stdout
    assert sandbox.tags_of(tickets[0]) == {"x"}


def test_without_a_worker_a_job_that_was_left_to_it_says_so(cli, tickets):
    told = cli(*ADD_VIP, "--tickets", listed(tickets), "--yes", "--no-wait")

    assert told.exit_code == Exit.WELL
    assert "No worker is running." in told.stdout
    assert (the_job().state, the_job().dry_run) == (JobStatus.PENDING, False)
